"""The language server and the command line of WPC."""

from importlib.metadata import version

__version__ = version("wpc-lsp")

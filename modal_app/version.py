"""The version of the distribution, which endpoint and clients compare."""

from importlib.metadata import version

VERSION = version("wpc-lsp")

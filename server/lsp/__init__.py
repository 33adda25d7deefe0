"""The language server: `serve_stdio` and `serve_tcp` run it.

Each file holds one LSP method or one concern; `registration` lists every handler.
"""

from server.lsp.stream import serve_stdio, serve_tcp

__all__ = ["serve_stdio", "serve_tcp"]

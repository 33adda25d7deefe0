"""Checking files without an editor: `wpc-lsp --check`."""

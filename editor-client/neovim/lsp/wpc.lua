-- The language server of WPC: |vim.lsp.enable|('wpc') starts it for Python files.
-- Settings of the endpoint go into init_options, all others into settings; see |wpc-settings|.
return {
  cmd = { 'wpc-lsp' },
  filetypes = { 'python' },
  root_markers = { 'wpc.toml', 'pyproject.toml', '.git' },
  settings = { wpc = vim.empty_dict() },
}

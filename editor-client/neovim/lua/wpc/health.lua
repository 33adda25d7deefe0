-- :checkhealth wpc
local M = {}

function M.check()
  vim.health.start('wpc')
  if vim.fn.has('nvim-0.11') == 0 then
    vim.health.error('Neovim 0.11 or newer is needed for vim.lsp.enable().')
    return
  end
  vim.health.ok('Neovim ' .. tostring(vim.version()))

  local config = vim.lsp.config.wpc
  local cmd = config and config.cmd
  local program = type(cmd) == 'table' and cmd[1] or 'wpc-lsp'
  if vim.fn.executable(program) == 0 then
    vim.health.error(program .. ' was not found.', {
      'Install it: pip install . in a clone of the repository',
      "Or say where it is: vim.lsp.config('wpc', { cmd = { '/path/to/wpc-lsp' } })",
    })
    return
  end
  local version = vim.system({ program, '--version' }, { text = true }):wait()
  if version.code ~= 0 then
    vim.health.error(program .. ' does not run: ' .. vim.trim(version.stderr or ''))
    return
  end
  vim.health.ok(vim.trim(version.stdout))

  if not vim.lsp.is_enabled('wpc') then
    vim.health.warn('The server is not enabled.', { "Add to your init.lua: vim.lsp.enable('wpc')" })
  end
  local clients = vim.lsp.get_clients({ name = 'wpc' })
  if #clients == 0 then
    vim.health.info('The server is not running; it starts with the first Python file.')
    return
  end
  local params = { command = 'wpc.showStatus', arguments = {} }
  local answer = clients[1]:request_sync('workspace/executeCommand', params, 20000, 0)
  if answer and answer.result then
    vim.health.ok(answer.result)
  else
    vim.health.warn('The server gave no answer.', { 'See :lua vim.cmd.edit(vim.lsp.log.get_filename())' })
  end
end

return M

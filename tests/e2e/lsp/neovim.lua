-- nvim --headless -u NONE -i NONE -n -l neovim.lua PLUGIN SERVER FILE
local plugin, server, file = arg[1], arg[2], arg[3]

local function check(ok, message)
  if not ok then
    io.stderr:write('FAIL ' .. message .. '\n')
    os.exit(1)
  end
end

local function wait(what, fn)
  check(vim.wait(90000, fn, 20), 'timed out: ' .. what)
  io.stdout:write(what .. '\n')
end

vim.opt.runtimepath:prepend(plugin)
vim.cmd('filetype on')
vim.cmd.runtime('plugin/wpc.lua')
vim.lsp.config('wpc', { cmd = { server } })
vim.lsp.enable('wpc')

vim.cmd.edit(file)
local buf = vim.api.nvim_get_current_buf()
local function text_of(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
end
local function text()
  return text_of(buf)
end

local wrong = text()

wait('attached', function()
  return #vim.lsp.get_clients({ bufnr = buf, name = 'wpc' }) == 1
end)

local said
vim.notify = function(message)
  said = message
end
vim.cmd('WpcCheck')
wait('says that no problem is known', function()
  return said == 'No problem is known for this file; choose one.'
end)
check(vim.tbl_contains(vim.fn.getcompletion('WpcProblem count', 'cmdline'), 'count_between'), 'completion')
vim.ui.select = function(problems, options, choose)
  for _, problem in ipairs(problems) do
    if problem.id == 'count_between' then
      check(options.format_item(problem):match('%(count_between%)$'), 'how a problem is listed')
      choose(problem)
    end
  end
end
vim.cmd('WpcProblem')
wait('problem chosen', function()
  return text() == '# wpc: problem=count_between\n' .. wrong
end)

wait('diagnostic', function()
  return #vim.diagnostic.get(buf) == 1
end)
local diagnostic = vim.diagnostic.get(buf)[1]
check(diagnostic.source == 'wpc' and diagnostic.code:match('^WPC%d+$'), vim.inspect(diagnostic))

vim.api.nvim_win_set_cursor(0, { diagnostic.lnum + 1, diagnostic.col })
local before = text()
vim.cmd('let &undolevels = &undolevels') -- a script is one undo block, unless it says otherwise
vim.lsp.buf.code_action({
  apply = true,
  filter = function(action)
    return action.isPreferred
  end,
})
wait('fix applied', function()
  return text() ~= before
end)
wait('diagnostic gone', function()
  return #vim.diagnostic.get(buf) == 0
end)
vim.cmd.undo()
wait('undone', function()
  return text() == before and #vim.diagnostic.get(buf) == 1
end)

vim.cmd('WpcCompare')
wait('fix shown beside the program', function()
  return vim.api.nvim_get_current_buf() ~= buf
end)
local fixed = text_of(0)
check(vim.wo.diff and fixed ~= before, 'the diff')
vim.cmd.close()
check(not vim.wo.diff and text() == before, 'the diff has ended')

vim.lsp.buf.code_action({ context = { diagnostics = {}, only = { 'source.fixAll.wpc' } }, apply = true })
wait('fixed at once', function()
  return text() == fixed
end)
vim.cmd.undo()
wait('undone again', function()
  return text() == before and #vim.diagnostic.get(buf) == 1
end)

local entry = vim.fs.find('endpoint.json', { path = vim.env.XDG_RUNTIME_DIR, type = 'file' })[1]
local function endpoint()
  local ok, content = pcall(vim.fn.readblob, entry)
  return ok and content ~= '' and vim.json.decode(content).pid or nil
end
local killed = endpoint()
vim.uv.kill(killed, 'sigkill')
vim.cmd('WpcCheck')
wait('another endpoint was started', function()
  local pid = endpoint()
  return pid and pid ~= killed
end)
wait('checked by it', function()
  return said:match('^count_between: %d+ of %d+ tests pass') and #vim.diagnostic.get(buf) == 1
end)

vim.cmd('WpcFailingTest')
wait('failing test shown', function()
  return vim.api.nvim_buf_get_name(0):match('failing%-test%.md$') ~= nil
end)
vim.cmd.buffer(buf)
vim.cmd('WpcStatement')
wait('statement shown', function()
  return vim.api.nvim_buf_get_name(0):match('count_between%.md$') ~= nil
end)

vim.cmd('checkhealth wpc')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check(health:find('the endpoint is ready', 1, true), health)

vim.cmd.helptags(plugin .. '/doc')
for _, command in ipairs({ 'WpcCheck', 'WpcProblem', 'WpcStatement', 'WpcFailingTest', 'WpcCompare' }) do
  check(pcall(vim.cmd.help, ':' .. command), 'no help for :' .. command)
end
vim.fs.rm(plugin .. '/doc/tags')

for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop()
end
wait('server stopped', function()
  return #vim.lsp.get_clients() == 0
end)
os.exit(0)

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
local wrong = table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
local function text()
  return table.concat(vim.api.nvim_buf_get_lines(buf, 0, -1, false), '\n')
end

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

vim.cmd('WpcStatement')
wait('statement shown', function()
  return vim.api.nvim_buf_get_name(0):match('count_between%.md$') ~= nil
end)

vim.cmd('checkhealth wpc')
local health = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
check(health:find('the endpoint is ready', 1, true), health)

for _, client in ipairs(vim.lsp.get_clients()) do
  client:stop()
end
wait('server stopped', function()
  return #vim.lsp.get_clients() == 0
end)
os.exit(0)

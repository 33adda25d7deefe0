-- nvim --headless -S neovim_user.lua FILE -- KEY CHOICE: somebody who waits for the underlined
-- part, goes there, presses the key, and chooses from the menu. Prints the program.
local key, choice = unpack(vim.list_slice(vim.v.argv, #vim.v.argv - 1))

local function wait(what, fn)
  if not vim.wait(90000, fn, 20) then
    io.stderr:write('gave up waiting for ' .. what .. '\n')
    vim.cmd.cquit()
  end
end

-- A menu blocks everything but a timer.
local menu = assert(vim.uv.new_timer())
menu:start(0, 50, function()
  if vim.api.nvim_get_mode().mode == 'c' then
    menu:stop()
    vim.api.nvim_input(choice .. '<CR>')
  end
end)

vim.schedule(function()
  wait('a diagnostic', function()
    return #vim.diagnostic.get(0) == 1
  end)
  local found = vim.diagnostic.get(0)[1]
  vim.api.nvim_win_set_cursor(0, { found.lnum + 1, found.col })
  local tick = vim.b.changedtick
  vim.api.nvim_feedkeys(key, 'mx', false)
  wait('the fix', function()
    return vim.b.changedtick > tick
  end)
  local lines = vim.api.nvim_buf_get_lines(0, 0, -1, false)
  io.stdout:write(table.concat(lines, '\n') .. '\n')
  vim.cmd('qall!')
end)

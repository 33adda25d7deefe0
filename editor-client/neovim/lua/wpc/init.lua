-- What the user commands do. Each asks the language server that is attached to the buffer.
local M = {}

---@param bufnr integer
---@return vim.lsp.Client?
local function attached(bufnr)
  local client = vim.lsp.get_clients({ bufnr = bufnr, name = 'wpc' })[1]
  if not client then
    vim.notify("WPC is not attached to this buffer; see :checkhealth wpc", vim.log.levels.WARN)
  end
  return client
end

---@param bufnr integer
---@param command string
---@param arguments any[] what follows the buffer's URI
---@param done? fun(result: any)
local function ask(bufnr, command, arguments, done)
  bufnr = bufnr == 0 and vim.api.nvim_get_current_buf() or bufnr
  local client = attached(bufnr)
  if not client then
    return
  end
  local params = { command = command, arguments = { vim.uri_from_bufnr(bufnr), unpack(arguments) } }
  client:request('workspace/executeCommand', params, function(err, result)
    if err then
      vim.notify('WPC: ' .. err.message, vim.log.levels.ERROR)
    elseif done then
      done(result)
    end
  end, bufnr)
end

---@param bufnr integer
---@param edits lsp.TextEdit[]
---@param encoding string
local function open_diff(bufnr, edits, encoding)
  local fixed = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(fixed, 0, -1, false, vim.api.nvim_buf_get_lines(bufnr, 0, -1, false))
  vim.lsp.util.apply_text_edits(edits, fixed, encoding)
  vim.bo[fixed].bufhidden = 'wipe'
  vim.bo[fixed].modifiable = false
  vim.bo[fixed].syntax = 'python' -- not its filetype, with which servers would attach
  local program = vim.fn.bufwinid(bufnr)
  local window = vim.api.nvim_open_win(fixed, true, { split = 'right', win = program })
  for _, side in ipairs({ program, window }) do
    vim.api.nvim_win_call(side, vim.cmd.diffthis)
  end
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = fixed,
    callback = function()
      vim.api.nvim_win_call(program, vim.cmd.diffoff)
    end,
  })
end

--- Check the buffer now.
function M.check()
  ask(0, 'wpc.check', {}, function(summary)
    vim.notify(summary)
  end)
end

--- Say which problem the buffer solves: the one that is named, or one of a list.
---@param id? string
function M.choose_problem(id)
  local bufnr = vim.api.nvim_get_current_buf()
  if id and id ~= '' then
    ask(bufnr, 'wpc.chooseProblem', { id })
    return
  end
  ask(bufnr, 'wpc.listProblems', {}, function(problems)
    vim.ui.select(problems, {
      prompt = 'Which problem does this program solve?',
      format_item = function(problem)
        return ('%s (%s)'):format(problem.title, problem.id)
      end,
    }, function(problem)
      if problem then
        ask(bufnr, 'wpc.chooseProblem', { problem.id })
      end
    end)
  end)
end

--- Complete the id of a problem.
---@param begun string
---@return string[]
function M.complete_problem(begun)
  local client = attached(0)
  if not client then
    return {}
  end
  local params = { command = 'wpc.listProblems', arguments = { vim.uri_from_bufnr(0) } }
  local answer = client:request_sync('workspace/executeCommand', params, 2000, 0)
  local ids = {}
  for _, problem in ipairs(answer and answer.result or {}) do
    if vim.startswith(problem.id, begun) then
      table.insert(ids, problem.id)
    end
  end
  return ids
end

--- Show the statement of the problem.
function M.show_statement()
  ask(0, 'wpc.showStatement', {})
end

--- Show the first test that the program fails.
function M.show_failing_test()
  ask(0, 'wpc.showFailingTest', {})
end

--- Show the best fix beside the program, as a diff.
function M.compare_fix()
  local bufnr = vim.api.nvim_get_current_buf()
  local client = attached(bufnr)
  if not client then
    return
  end
  local last = vim.api.nvim_buf_line_count(bufnr)
  local params = {
    textDocument = { uri = vim.uri_from_bufnr(bufnr) },
    range = { start = { line = 0, character = 0 }, ['end'] = { line = last, character = 0 } },
    context = { diagnostics = {}, only = { 'quickfix' } },
  }
  local function show(err, action)
    local edit = action and action.edit
    if err or not edit then
      vim.notify('WPC: ' .. (err and err.message or 'there is no fix to compare with'), vim.log.levels.WARN)
      return
    end
    local edits = edit.changes and edit.changes[params.textDocument.uri] or edit.documentChanges[1].edits
    open_diff(bufnr, edits, client.offset_encoding)
  end
  client:request('textDocument/codeAction', params, function(err, actions)
    -- Best first. Fixes come without their edit; to ignore the finding is no fix, and comes with it.
    local fix = vim.iter(actions or {}):find(function(action)
      return action.data ~= nil
    end)
    if err or not fix then
      show(err)
    else
      client:request('codeAction/resolve', fix, show, bufnr)
    end
  end, bufnr)
end

return M

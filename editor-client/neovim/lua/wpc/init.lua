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

return M

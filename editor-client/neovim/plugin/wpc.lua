local function command(name, run, options)
  vim.api.nvim_create_user_command(name, run, options)
end

command('WpcCheck', function()
  require('wpc').check()
end, { desc = 'Check this program now' })

command('WpcProblem', function(given)
  require('wpc').choose_problem(given.args)
end, {
  desc = 'Say which problem this program solves',
  nargs = '?',
  complete = function(begun)
    return require('wpc').complete_problem(begun)
  end,
})

command('WpcStatement', function()
  require('wpc').show_statement()
end, { desc = "Show the problem's statement" })

command('WpcCompare', function()
  require('wpc').compare_fix()
end, { desc = 'Compare this program with its fix' })

command('WpcFailingTest', function()
  require('wpc').show_failing_test()
end, { desc = 'Show the first test that this program fails' })

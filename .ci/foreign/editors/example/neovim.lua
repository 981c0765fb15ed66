-- A user of conformance/editors/neovim. What the steps are is said in examples_test.go.

local function shows(step, want)
  local got
  local passed = vim.wait(30000, function()
    got = vim.api.nvim_buf_get_lines(0, 0, -1, true)
    return vim.deep_equal(got, want)
  end, 1)
  io.stdout:write(passed and 'ok - ' or 'not ok - ', step, passed and '' or ': ' .. vim.json.encode(got), '\n')
  if not passed then
    vim.cmd('cquit')
  end
end

vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'Say hello', 'größer 🦫', 'the end' })
vim.cmd('1CodexAsk')
shows('partial', { 'Say hello', 'You said: "Say', 'größer 🦫', 'the end' })
vim.cmd('CodexCancel')
vim.cmd('3,4CodexAsk')
shows('answer', { 'Say hello', 'You said: "Say', 'größer 🦫', 'the end', 'You said: "größer 🦫', 'the end"' })
vim.cmd('qall!')

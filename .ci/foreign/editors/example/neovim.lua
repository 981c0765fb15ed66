-- A user of conformance/editors/neovim. examples_test.go documents the steps.

local told = ''
vim.notify = function(text)
  told = told .. text .. '\n'
end

local function step(name, condition, got)
  local passed = vim.wait(30000, condition, 1)
  io.stdout:write(passed and 'ok - ' or 'not ok - ', name, passed and '' or ': ' .. vim.fn.json_encode(got()), '\n')
  io.stdout:flush()
  if not passed then
    vim.cmd('cquit')
  end
end

local function lines()
  return vim.api.nvim_buf_get_lines(0, 0, -1, true)
end

local function shows(name, ...)
  local want = { ... }
  step(name, function()
    return vim.deep_equal(lines(), want)
  end, lines)
end

local function tells(name, ...)
  local wants = { ... }
  step(name, function()
    for _, want in ipairs(wants) do
      if not told:find(want, 1, true) then
        return false
      end
    end
    return true
  end, function()
    return told
  end)
  told = ''
end

local folder = vim.fn.fnamemodify(vim.fn.exepath('codex-rpc'), ':h')

vim.api.nvim_buf_set_lines(0, 0, -1, true, { 'Say hello', 'größer 🦫', 'the end' })
vim.g.codex_command = { 'no-such-program' }
vim.cmd('1CodexAsk')
tells('missing', 'no-such-program was not found')
vim.g.codex_command = { 'codex-rpc', '--log-level', 'debug' }
vim.g.codex_log = folder .. '/log'
vim.cmd('1CodexAsk')
shows('partial', 'Say hello', 'You said: "Say', 'größer 🦫', 'the end')
vim.cmd('CodexCancel')
tells('cancelled', 'stopped')
vim.g.codex_model = 'mock:pace=50ms,stall=7'
-- Like the main loop while an answer streams: each change is a separate undo step.
local breaks = vim.fn.timer_start(5, function()
  vim.cmd('let &g:undolevels = &g:undolevels')
end, { ['repeat'] = -1 })
vim.cmd('1CodexAsk')
shows('partial again', 'Say hello', 'You said: "Say', 'You said: "Say', 'größer 🦫', 'the end')
vim.fn.system('kill -9 ' .. vim.fn.readfile(folder .. '/pid')[1])
vim.fn.timer_stop(breaks)
tells('died', 'ended with exit code 137, in the middle of an answer')
vim.cmd('undo')
shows('undone', 'Say hello', 'You said: "Say', 'größer 🦫', 'the end')
vim.g.codex_model = nil
vim.cmd('3,4CodexAsk')
shows('answer', 'Say hello', 'You said: "Say', 'größer 🦫', 'the end', 'You said: "größer 🦫', 'the end"')
vim.cmd('CodexSignIn!')
tells('signed in', 'enter the code MOCK-', 'signed in as mock@example.test')
vim.cmd('1CodexDraw ' .. folder .. '/picture.png')
tells('picture', 'saved ' .. folder .. '/picture.png')
vim.cmd('qall!')

-- Ask the ChatGPT Codex backend from Neovim (0.7 and later), through codex-rpc.
--
-- Install: put codex-rpc on the PATH, copy this file to
-- ~/.config/nvim/plugin/codex.lua, start Neovim, and sign in with :CodexSignIn.
--
-- :CodexAsk        asks with the current line or the selected lines, and streams the
--                  answer below them; one undo removes it
-- :CodexCancel     stops all pending answers
-- :CodexDraw FILE  draws the description in the lines, and saves the picture
-- :CodexSignIn     signs in with the browser; :CodexSignIn! with a code
--
-- Settings, for init.lua, with their defaults:
--
--   vim.g.codex_command = { 'codex-rpc' }   -- the program and its arguments
--   vim.g.codex_model = nil                 -- the program's default
--   vim.g.codex_log = nil                   -- a file for the program's log
--   vim.keymap.set({ 'n', 'x' }, '<leader>a', ':CodexAsk<CR>')
--
-- Without an account: CODEX_RPC_MOCK=1 nvim

local namespace = vim.api.nvim_create_namespace('codex')
local job -- the program, while it runs
local calls = {} -- by id: the functions for events, and for the error or the result
local last_id = 0
local partial = '' -- the beginning of a line of output

local function inform(text, level)
  vim.notify('codex-rpc: ' .. text, level or vim.log.levels.INFO)
end

local function fail(text)
  inform(text, vim.log.levels.ERROR)
end

local function dispatch(message)
  local call = calls[message.method == 'stream.event' and message.params.id or message.id]
  if not call then
    return
  elseif message.method then
    call.on_event(message.params.event)
  else
    calls[message.id] = nil
    call.on_done(message.error, message.result)
  end
end

-- The last chunk does not end with a newline yet.
local function on_stdout(_, pieces)
  pieces[1] = partial .. pieces[1]
  partial = table.remove(pieces)
  for _, line in ipairs(pieces) do
    dispatch(vim.fn.json_decode(line))
  end
end

local function on_stderr(_, pieces)
  local file = vim.g.codex_log and io.open(vim.fn.expand(vim.g.codex_log), 'a')
  if file then
    file:write(table.concat(pieces, '\n'))
    file:close()
  end
end

local function on_exit(_, code)
  local lost = calls
  job, calls, partial = nil, {}, ''
  if next(lost) or code ~= 0 then
    fail('the program ended with exit code ' .. code .. (next(lost) and ', in the middle of an answer' or ''))
  end
end

local function start()
  local command = vim.g.codex_command or { 'codex-rpc' }
  if vim.fn.executable(command[1]) == 0 then
    fail(command[1] .. ' was not found; put it on the PATH, or set vim.g.codex_command')
    return false
  end
  job = vim.fn.jobstart(command, { on_stdout = on_stdout, on_stderr = on_stderr, on_exit = on_exit })
  return true
end

local function send(message)
  message.jsonrpc = '2.0'
  vim.fn.chansend(job, vim.fn.json_encode(message) .. '\n')
end

-- Starts the program if it is not running. Returns the id of the call, or nil on failure.
local function request(method, params, on_event, on_done)
  if not job and not start() then
    return nil
  end
  last_id = last_id + 1
  calls[last_id] = { on_event = on_event, on_done = on_done }
  send({ id = last_id, method = method, params = params })
  return last_id
end

local function report(err)
  if err.code == -32800 then
    inform('stopped')
  else
    fail(err.message .. (err.code == 401 and ' (:CodexSignIn signs in)' or ''))
  end
end

-- Text written right after the previous one is undone together with it.
local function insert(ask, text)
  if not vim.api.nvim_buf_is_loaded(ask.buffer) then
    return
  end
  vim.api.nvim_buf_call(ask.buffer, function()
    if ask.tick == vim.b.changedtick then
      vim.cmd('silent! undojoin')
    end
    local row, column = unpack(vim.api.nvim_buf_get_extmark_by_id(0, namespace, ask.mark, {}))
    vim.api.nvim_buf_set_text(0, row, column, row, column, vim.split(text, '\n', { plain = true }))
    ask.tick = vim.b.changedtick
  end)
end

local function text_of(range)
  return table.concat(vim.api.nvim_buf_get_lines(0, range.line1 - 1, range.line2, true), '\n')
end

local function ask(range)
  local new = { buffer = vim.api.nvim_get_current_buf() }
  local params = { input = text_of(range), model = vim.g.codex_model, stream = true }
  local id = request('responses.create', params, function(event)
    if event.type == 'response.output_text.delta' then
      insert(new, event.delta)
    end
  end, function(err)
    if err then
      report(err)
    end
  end)
  if id then
    vim.cmd('let &g:undolevels = &g:undolevels') -- starts a new undo step
    vim.api.nvim_buf_set_lines(0, range.line2, range.line2, true, { '' })
    new.mark = vim.api.nvim_buf_set_extmark(0, namespace, range.line2, 0, {})
    new.tick = vim.b.changedtick
  end
end

local function cancel()
  for id in pairs(calls) do
    send({ method = '$/cancelRequest', params = { id = id } })
  end
end

local function sign_in(command)
  request('authenticate', { method = command.bang and 'device_code' or 'browser', force = true }, function(event)
    if event.type == 'auth.device_code' then
      inform('enter the code ' .. event.user_code .. ' at ' .. event.verification_url)
    elseif event.type == 'auth.url' then
      inform('continue in the browser at ' .. event.url)
    end
  end, function(err, account)
    if err then
      report(err)
    else
      inform('signed in as ' .. account.email)
    end
  end)
end

-- vim.base64 is new in Neovim 0.10.
local alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
local function decode(text)
  return (text:gsub('[^=][^=][^=]?[^=]?', function(group)
    local bits = 0
    for i = 1, 4 do
      bits = bits * 64 + ((alphabet:find(group:sub(i, i), 1, true) or 1) - 1) * (i <= #group and 1 or 0)
    end
    local bytes = string.char(math.floor(bits / 65536), math.floor(bits / 256) % 256, bits % 256)
    return bytes:sub(1, #group - 1)
  end):gsub('=', ''))
end

local function draw(command)
  local name = vim.fn.fnamemodify(command.args, ':p')
  request('images.generate', { prompt = text_of(command) }, function() end, function(err, images)
    if err then
      return report(err)
    end
    local file, problem = io.open(name, 'wb')
    if not file then
      return fail(problem)
    end
    file:write(decode(images.data[1].b64_json))
    file:close()
    inform('saved ' .. name)
  end)
end

-- The program exits at the end of its input.
local function stop()
  cancel()
  if job then
    local leaving = job
    vim.fn.chanclose(leaving, 'stdin')
    vim.fn.jobwait({ leaving }, 5000)
  end
end

vim.api.nvim_create_user_command('CodexAsk', ask, { range = true })
vim.api.nvim_create_user_command('CodexCancel', cancel, {})
vim.api.nvim_create_user_command('CodexDraw', draw, { range = true, nargs = 1, complete = 'file' })
vim.api.nvim_create_user_command('CodexSignIn', sign_in, { bang = true })
vim.api.nvim_create_autocmd('VimLeavePre', { callback = stop })

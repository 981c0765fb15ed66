-- Neovim's vim.lsp.rpc as a client. editors_test.go documents the steps.

local command = { 'codex-rpc', '--mock' }
local client, ended
local calls = {} -- by id: how many events have come, the last of them, the text, and the answer
local faults = {} -- what the client or this script found wrong outside of a step

local dispatchers = {
  notification = function(method, params)
    local call = calls[params.id]
    if method ~= 'stream.event' or not call then
      table.insert(faults, 'notification ' .. vim.inspect({ method, params }))
    elseif call.answer or call.replied or params.seq ~= call.events then
      table.insert(faults, 'out of order: ' .. vim.inspect(params))
    else
      call.events = call.events + 1
      call.last = params.event.type
      call.text = call.text .. (params.event.type == 'response.output_text.delta' and params.event.delta or '')
    end
  end,
  on_error = function(code, err)
    table.insert(faults, 'client error ' .. code .. ': ' .. vim.inspect(err))
  end,
  on_exit = function(code, signal)
    ended = code .. '/' .. signal
  end,
}

local function start()
  if vim.fn.has('nvim-0.10') == 1 then
    return vim.lsp.rpc.start(command, dispatchers)
  end
  return vim.lsp.rpc.start(command[1], vim.list_slice(command, 2), dispatchers)
end

local function await(what, condition)
  assert(vim.wait(30000, condition, 1), 'no ' .. what)
end

local function send(method, params)
  local call = { events = 0, text = '' }
  local sent
  sent, call.id = client.request(method, params, function(err, result)
    call.answer = { err = err, result = result }
  end, function()
    call.replied = true
  end)
  assert(sent, method .. ' is not sent')
  calls[call.id] = call
  return call
end

local function ask(method, params)
  local call = send(method, params)
  await('answer to ' .. method, function()
    return call.answer
  end)
  return call.answer.err, call.answer.result, call
end

local function succeed(method, params)
  local err, result, call = ask(method, params)
  assert(not err, tostring(err))
  return result, call
end

local function equal(got, want)
  assert(vim.deep_equal(got, want), vim.inspect(got) .. ' is not ' .. vim.inspect(want))
end

local steps = {
  {
    'initialize',
    function()
      client = assert(start())
      local result = succeed('initialize', { processId = vim.fn.getpid(), capabilities = vim.empty_dict() })
      equal(result.serverInfo.name, 'codex-rpc')
      client.notify('initialized', vim.empty_dict())
    end,
  },
  {
    'call',
    function()
      equal(succeed('models.list').object, 'list')
    end,
  },
  {
    'stream',
    function()
      local result, call = succeed('responses.create', { input = 'Say hello', stream = true })
      equal(call.last, 'response.completed')
      equal(call.text, 'You said: "Say hello"')
      equal(result.output_text, call.text)
      return call.events .. ' events'
    end,
  },
  {
    -- -32800 is the only error that the client does not pass to the callback.
    'cancel',
    function()
      local held = vim.env.CODEX_RPC_HOLD
      local call = send('responses.create', { input = 'x', stream = true, model = held or 'mock:stall=1' })
      await('event', function()
        return call.events > 0
      end)
      if held then
        io.stdout:write('# held\n')
        io.stdout:flush()
        await('end', function() end)
      end
      client.notify('$/cancelRequest', { id = call.id })
      await('answer to what was cancelled', function()
        return call.replied
      end)
      succeed('models.list')
      equal(call.answer, nil)
    end,
  },
  {
    'error',
    function()
      local err = ask('responses.create', { input = 'x', temprature = 1 })
      equal(err.code, -32602)
      equal(err.data.errors[1].path, '/temprature')
    end,
  },
  {
    'close',
    function()
      succeed('shutdown')
      client.notify('exit')
      await('end of the host', function()
        return ended
      end)
      equal(ended, '0/0')
      equal(faults, {})
    end,
  },
}

local version = vim.version()
io.stdout:write(('# Neovim %d.%d.%d, vim.lsp.rpc\n'):format(version.major, version.minor, version.patch))
for _, step in ipairs(steps) do
  local passed, more = xpcall(step[2], debug.traceback)
  if not passed then
    io.stdout:write('not ok - ', step[1], ': ', (more:gsub('\n', ' | ')), '\n')
    vim.cmd('cquit')
  end
  io.stdout:write('ok - ', step[1], more and ' ' .. more or '', '\n')
end
vim.cmd('qall!')

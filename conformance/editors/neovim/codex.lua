-- Ask the ChatGPT Codex backend from Neovim (0.7 and later), through codex-rpc.
--
-- Install: put codex-rpc on the PATH, sign in with `codex-rpc login`, copy this
-- file to ~/.config/nvim/plugin/codex.lua, and add to init.lua, if you like:
--
--   vim.keymap.set({ 'n', 'x' }, '<leader>a', ':CodexAsk<CR>')
--
-- :CodexAsk     asks with the current line, or the lines selected; the answer
--               streams in below them
-- :CodexCancel  stops all answers under way
--
-- Without an account: CODEX_RPC_MOCK=1 nvim

local namespace = vim.api.nvim_create_namespace('codex')
local client
local asks = {} -- by request id: the buffer, and the extmark where its answer goes on

local dispatchers = {
  notification = function(_, params)
    local ask = asks[params.id]
    if ask and params.event.type == 'response.output_text.delta' and vim.api.nvim_buf_is_loaded(ask.buffer) then
      local row, column = unpack(vim.api.nvim_buf_get_extmark_by_id(ask.buffer, namespace, ask.mark, {}))
      local lines = vim.split(params.event.delta, '\n', { plain = true })
      vim.api.nvim_buf_set_text(ask.buffer, row, column, row, column, lines)
    end
  end,
  on_exit = function(code)
    client, asks = nil, {}
    if code ~= 0 then
      vim.schedule(function()
        vim.notify('codex-rpc ended with exit code ' .. code, vim.log.levels.ERROR)
      end)
    end
  end,
}

local function start()
  local command = vim.g.codex_command or { 'codex-rpc' }
  if vim.fn.has('nvim-0.10') == 1 then
    return vim.lsp.rpc.start(command, dispatchers)
  end
  return vim.lsp.rpc.start(command[1], vim.list_slice(command, 2), dispatchers)
end

local function ask(range)
  client = client or assert(start())
  local buffer = vim.api.nvim_get_current_buf()
  local lines = vim.api.nvim_buf_get_lines(buffer, range.line1 - 1, range.line2, true)
  local params = { input = table.concat(lines, '\n'), stream = true }
  local sent, id
  sent, id = client.request('responses.create', params, function(err)
    asks[id] = nil
    if err then
      vim.notify(err.message, vim.log.levels.ERROR)
    end
  end)
  assert(sent, 'codex-rpc does not run')
  vim.api.nvim_buf_set_lines(buffer, range.line2, range.line2, true, { '' })
  asks[id] = { buffer = buffer, mark = vim.api.nvim_buf_set_extmark(buffer, namespace, range.line2, 0, {}) }
end

-- What has come stays. vim.lsp.rpc keeps the errors to itself.
local function cancel()
  for id in pairs(asks) do
    client.notify('$/cancelRequest', { id = id })
  end
  asks = {}
end

local function stop()
  local leaving = client
  if leaving then
    leaving.request('shutdown', nil, function()
      leaving.notify('exit')
    end)
    vim.wait(5000, function()
      return not client
    end, 10)
  end
end

vim.api.nvim_create_user_command('CodexAsk', ask, { range = true })
vim.api.nvim_create_user_command('CodexCancel', cancel, {})
vim.api.nvim_create_autocmd('VimLeavePre', { callback = stop })

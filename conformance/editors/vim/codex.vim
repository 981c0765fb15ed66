vim9script
# Ask the ChatGPT Codex backend from Vim 9, through codex-rpc.
#
# Install: put codex-rpc on the PATH, sign in with `codex-rpc login`, copy this
# file to ~/.vim/plugin/codex.vim, and add to ~/.vimrc, if you like:
#
#   nnoremap <Leader>a :CodexAsk<CR>
#   xnoremap <Leader>a :CodexAsk<CR>
#
# :CodexAsk     asks with the current line, or the lines selected; the answer
#               streams in below them
# :CodexCancel  stops all answers under way
#
# Without an account: CODEX_RPC_MOCK=1 vim

var host: job
var asks: dict<number> = {} # by request id: the buffer of its answer

# The last line of an answer bears a property, which moves with the line, and
# is lost when the line is set.
prop_type_add('codex', {})

def Mark(buffer: number, id: number, line: number)
  prop_remove({type: 'codex', id: id, both: true, all: true, bufnr: buffer})
  prop_add(line, 1, {type: 'codex', id: id, bufnr: buffer})
enddef

def Append(buffer: number, id: number, text: string)
  var line = prop_find({type: 'codex', id: id, both: true, bufnr: buffer, lnum: 1, col: 1})->get('lnum')
  if line > 0 # else it was deleted
    var lines = split(text, "\n", true)
    setbufline(buffer, line, getbufline(buffer, line)[0] .. lines[0])
    appendbufline(buffer, line, lines[1 :])
    Mark(buffer, id, line + len(lines) - 1)
  endif
enddef

def Notified(_: channel, message: dict<any>)
  var id = message.params.id
  if has_key(asks, id) && bufloaded(asks[id]) && message.params.event.type == 'response.output_text.delta'
    Append(asks[id], id, message.params.event.delta)
  endif
enddef

def Answered(_: channel, message: dict<any>)
  if has_key(asks, message.id)
    remove(asks, message.id)
    if has_key(message, 'error')
      echomsg 'codex-rpc: ' .. message.error.message
    endif
  endif
enddef

def Ask(first: number, last: number)
  if job_status(host) != 'run'
    var command = get(g:, 'codex_command', ['codex-rpc'])
    host = job_start(command, {in_mode: 'lsp', out_mode: 'lsp', err_io: 'null', out_cb: Notified})
  endif
  var params = {input: join(getline(first, last), "\n"), stream: true}
  var id = ch_sendexpr(host, {method: 'responses.create', params: params}, {callback: Answered}).id
  append(last, '')
  Mark(bufnr(), id, last + 1)
  asks[id] = bufnr()
enddef

# What has come stays.
def Cancel()
  for id in keys(asks)
    ch_sendexpr(host, {method: '$/cancelRequest', params: {id: str2nr(id)}})
  endfor
  asks = {}
enddef

# Vim terminates what is not done in five seconds.
def Stop()
  if job_status(host) == 'run'
    ch_evalexpr(host, {method: 'shutdown'}, {timeout: 5000})
    ch_sendexpr(host, {method: 'exit'})
    var begun = reltime()
    while job_status(host) == 'run' && reltimefloat(reltime(begun)) < 5
      sleep 10m
    endwhile
  endif
enddef

command -range CodexAsk Ask(<line1>, <line2>)
command CodexCancel Cancel()
autocmd VimLeavePre * Stop()

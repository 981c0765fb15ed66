vim9script
# Ask the ChatGPT Codex backend from Vim 9, through codex-rpc.
#
# Install: put codex-rpc on the PATH, copy this file to ~/.vim/plugin/codex.vim,
# start Vim, and sign in with :CodexSignIn.
#
# :CodexAsk        asks with the current line or the selected lines, and streams the
#                  answer below them; one undo removes it
# :CodexCancel     stops all pending answers
# :CodexDraw FILE  draws the description in the lines, and saves the picture
# :CodexSignIn     signs in with the browser; :CodexSignIn! with a code
#
# Settings, for ~/.vimrc:
#
#   let g:codex_command = ['codex-rpc']     " the program and its arguments
#   let g:codex_model = 'gpt-5.5'           " else the program's default
#   let g:codex_log = '~/codex-rpc.log'     " a file for the program's log
#   nnoremap <Leader>a :CodexAsk<CR>
#   xnoremap <Leader>a :CodexAsk<CR>
#
# Without an account: CODEX_RPC_MOCK=1 vim

var host: job
var calls: dict<dict<any>> = {} # by id: what takes events, and what takes the answer

# The last line of an answer has a text property, which moves with the line and is
# lost when the line is set.
prop_type_add('codex', {})

def Mark(buffer: number, id: number, line: number)
  prop_remove({type: 'codex', id: id, both: true, all: true, bufnr: buffer})
  prop_add(line, 1, {type: 'codex', id: id, bufnr: buffer})
enddef

def Inform(text: string)
  echomsg 'codex-rpc: ' .. text
enddef

def Fail(text: string)
  echohl ErrorMsg
  Inform(text)
  echohl None
enddef

# Text written right after the previous one is undone together with it.
def Append(ask: dict<any>, id: number, text: string)
  var line = prop_find({type: 'codex', id: id, both: true, bufnr: ask.buffer, lnum: 1, col: 1})->get('lnum')
  if line == 0 # it was deleted
    return
  endif
  var lines = split(text, "\n", true)
  if ask.tick == getbufvar(ask.buffer, 'changedtick')
    silent! undojoin
  endif
  setbufline(ask.buffer, line, getbufline(ask.buffer, line)[0] .. lines[0])
  if len(lines) > 1
    silent! undojoin
    appendbufline(ask.buffer, line, lines[1 :])
  endif
  Mark(ask.buffer, id, line + len(lines) - 1)
  ask.tick = getbufvar(ask.buffer, 'changedtick')
enddef

def Notified(_: channel, message: dict<any>)
  var waiting = get(calls, message.params.id, {})
  if !empty(waiting)
    waiting.OnEvent(message.params.event)
  endif
enddef

def Answered(_: channel, message: dict<any>)
  if !has_key(calls, message.id)
    return
  endif
  var waiting = remove(calls, message.id)
  if !has_key(message, 'error')
    waiting.OnResult(message.result)
  elseif message.error.code == -32800
    Inform('stopped')
  else
    Fail(message.error.message .. (message.error.code == 401 ? ' (:CodexSignIn signs in)' : ''))
  endif
enddef

def Exited(_: job, code: number)
  if code != 0 || !empty(calls)
    Fail($'the program ended with exit code {code}' .. (empty(calls) ? '' : ', in the middle of an answer'))
  endif
  calls = {}
enddef

def Start(): bool
  if job_status(host) == 'run'
    return true
  endif
  var command = get(g:, 'codex_command', ['codex-rpc'])
  if !executable(command[0])
    Fail($'{command[0]} was not found; put it on the PATH, or set g:codex_command')
    return false
  endif
  var options: dict<any> = {in_mode: 'lsp', out_mode: 'lsp', err_io: 'null', out_cb: Notified, exit_cb: Exited}
  if has_key(g:, 'codex_log')
    extend(options, {err_io: 'file', err_name: expand(g:codex_log)})
  endif
  host = job_start(command, options)
  return true
enddef

def Request(method: string, params: dict<any>, OnEvent: func, OnResult: func): number
  var id = ch_sendexpr(host, {method: method, params: params}, {callback: Answered}).id
  calls[id] = {OnEvent: OnEvent, OnResult: OnResult}
  return id
enddef

def Ask(first: number, last: number)
  if !Start()
    return
  endif
  var params: dict<any> = {input: join(getline(first, last), "\n"), stream: true}
  if has_key(g:, 'codex_model')
    params.model = g:codex_model
  endif
  var ask: dict<any> = {buffer: bufnr()}
  &g:undolevels = &g:undolevels # begins another step to undo
  append(last, '')
  var id = 0
  id = Request('responses.create', params, (event) => {
    if event.type == 'response.output_text.delta' && bufloaded(ask.buffer)
      Append(ask, id, event.delta)
    endif
  }, (_) => 0)
  Mark(ask.buffer, id, last + 1)
  ask.tick = b:changedtick
enddef

# The text received so far stays.
def Cancel()
  for id in keys(calls)
    ch_sendexpr(host, {method: '$/cancelRequest', params: {id: str2nr(id)}})
  endfor
enddef

def SignIn(method: string)
  if Start()
    Request('authenticate', {method: method, force: true}, (event) => {
      if event.type == 'auth.device_code'
        Inform($'enter the code {event.user_code} at {event.verification_url}')
      elseif event.type == 'auth.url'
        Inform($'continue in the browser at {event.url}')
      endif
    }, (account) => Inform($'signed in as {account.email}'))
  endif
enddef

# Later releases have base64_decode().
def Decode(text: string): blob
  var values: dict<number> = {}
  for [i, c] in items('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/')
    values[c] = i
  endfor
  var bytes: list<number> = []
  var bits = 0
  var held = 0
  for c in trim(text, '=')
    bits = bits * 64 + values[c]
    held += 6
    if held >= 8
      held -= 8
      add(bytes, and(bits >> held, 255))
      bits = and(bits, (1 << held) - 1)
    endif
  endfor
  return list2blob(bytes)
enddef

def Draw(first: number, last: number, file: string)
  var name = fnamemodify(file, ':p')
  if Start()
    Request('images.generate', {prompt: join(getline(first, last), "\n")}, (_) => 0, (images) => {
      writefile(Decode(images.data[0].b64_json), name)
      Inform($'saved {name}')
    })
  endif
enddef

# The program exits at the end of its input. Vim terminates it after five seconds.
def Stop()
  Cancel()
  if job_status(host) == 'run'
    ch_close_in(host)
    var begun = reltime()
    while job_status(host) == 'run' && reltimefloat(reltime(begun)) < 5
      sleep 10m
    endwhile
  endif
enddef

command -range CodexAsk Ask(<line1>, <line2>)
command CodexCancel Cancel()
command -range -nargs=1 -complete=file CodexDraw Draw(<line1>, <line2>, <q-args>)
command -bang CodexSignIn SignIn(<bang>false ? 'device_code' : 'browser')
autocmd VimLeavePre * Stop()

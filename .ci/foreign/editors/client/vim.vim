" Vim's channels as a client, in the mode that g:mode names: lsp, or nl with
" JSON by hand and no handshake. What the steps are is said in editors_test.go.
vim9script

var job: job
var ended = -1
var faults: list<any> = []      # failures outside the steps
var requests: dict<dict<any>> = {} # by id: how many events have come, the last of them, the text, and the answer

def Notified(_: channel, message: dict<any>)
  var request = get(requests, get(message.params, 'id', ''), {})
  if message.method != 'stream.event' || empty(request) || has_key(request, 'answer') || message.params.seq != request.events
    add(faults, message)
    return
  endif
  var event = message.params.event
  request.events += 1
  request.last = event.type
  if event.type == 'response.output_text.delta'
    request.text ..= event.delta
  endif
enddef

def Line(ch: channel, line: string)
  var message = json_decode(line)
  if has_key(message, 'method')
    Notified(ch, message)
  elseif has_key(requests, message.id) && !has_key(requests[message.id], 'answer')
    requests[message.id].answer = message
  else
    add(faults, message)
  endif
enddef

def Start()
  job = job_start(['codex-rpc', '--mock'], {
    in_mode: g:mode, out_mode: g:mode, err_mode: 'nl',
    out_cb: g:mode == 'lsp' ? Notified : Line,
    err_cb: (_, line) => add(faults, line),
    exit_cb: (_, code) => {
      ended = code
    }})
enddef

def Await(what: string, Condition: func(): bool)
  var begun = reltime()
  while !Condition()
    if reltimefloat(reltime(begun)) > 30
      throw 'no ' .. what
    endif
    sleep 1m
  endwhile
enddef

def Notify(method: string, params: dict<any>)
  if g:mode == 'lsp'
    ch_sendexpr(job, {method: method, params: params})
  else
    ch_sendraw(job, json_encode({jsonrpc: '2.0', method: method, params: params}) .. "\n")
  endif
enddef

def Send(method: string, params: dict<any>): dict<any>
  var request: dict<any> = {events: 0, text: '', last: ''}
  if g:mode == 'lsp'
    request.id = ch_sendexpr(job, {method: method, params: params}, {callback: (_, answer) => {
      request.answer = answer
    }}).id
  else
    request.id = len(requests) + 1
    ch_sendraw(job, json_encode({jsonrpc: '2.0', id: request.id, method: method, params: params}) .. "\n")
  endif
  requests[request.id] = request
  return request
enddef

def Answer(request: dict<any>): dict<any>
  Await('answer', () => has_key(request, 'answer'))
  return request.answer
enddef

def Check(got: any, want: any)
  if got != want
    throw string(got) .. ' is not ' .. string(want)
  endif
enddef

def Initialize(): string
  var answer = Answer(Send('initialize', {processId: getpid(), capabilities: {}}))
  Check(answer.result.serverInfo.name, 'codex-rpc')
  Notify('initialized', {})
  return ''
enddef

def Call(): string
  Check(Answer(Send('models.list', {})).result.object, 'list')
  return ''
enddef

def Stream(): string
  var request = Send('responses.create', {input: 'Say hello', stream: true})
  Answer(request)
  Check(request.last, 'response.completed')
  Check(request.text, 'You said: "Say hello"')
  Check(request.answer.result.output_text, request.text)
  return $' {request.events} events'
enddef

def Cancel(): string
  var request = Send('responses.create', {input: 'x', stream: true, model: $CODEX_RPC_HOLD ?? 'mock:stall=1'})
  Await('event', () => request.events > 0)
  if exists('$CODEX_RPC_HOLD')
    Tell('# held')
    Await('end', () => false)
  endif
  Notify('$/cancelRequest', {id: request.id})
  Check(Answer(request).error.code, -32800)
  return ''
enddef

def Error(): string
  var err = Answer(Send('responses.create', {input: 'x', temprature: 1})).error
  Check(err.code, -32602)
  Check(err.data.errors[0].path, '/temprature')
  return ''
enddef

def Close(): string
  if g:mode == 'lsp'
    Check(Answer(Send('shutdown', {})).result, null)
    Notify('exit', {})
  else
    ch_close_in(job)
  endif
  Await('end of the host', () => ended >= 0)
  Check(ended, 0)
  Check(faults, [])
  return ''
enddef

# Debian's packages omit patches: the version is that of the last patch before the
# first gap.
def Version(): string
  var version = printf('%d.%d.', v:version / 100, v:version % 100)
  var patch = 0
  while has($'patch-{version}{patch + 1}')
    patch += 1
  endwhile
  return version .. patch
enddef

def Tell(line: string)
  writefile([line], '/dev/stdout', 'a')
enddef

def Run()
  Tell($'# Vim {Version()}, channel in {g:mode} mode')
  Start()
  var steps = [[Call, 'call'], [Stream, 'stream'], [Cancel, 'cancel'], [Error, 'error'], [Close, 'close']]
  if g:mode == 'lsp'
    insert(steps, [Initialize, 'initialize'])
  endif
  for [Step, name] in steps
    try
      Tell($'ok - {name}{Step()}')
    catch
      Tell($'not ok - {name}: {v:exception} at {v:throwpoint}')
      cquit
    endtry
  endfor
  qall!
enddef

Run()

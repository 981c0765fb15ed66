" A user of conformance/editors/vim. What the steps are is said in examples_test.go.
vim9script

var folder = fnamemodify(exepath('codex-rpc'), ':h')

def Step(step: string, Passed: func(): bool, Got: func(): any)
  var begun = reltime()
  while !Passed() && reltimefloat(reltime(begun)) < 30
    sleep 1m
  endwhile
  var passed = Passed()
  writefile([passed ? $'ok - {step}' : $'not ok - {step}: {json_encode(Got())}'], '/dev/stdout', 'a')
  if !passed
    cquit
  endif
enddef

def Shows(step: string, want: list<string>)
  Step(step, () => getline(1, '$') == want, () => getline(1, '$'))
enddef

def Tells(step: string, wants: list<string>)
  Step(step, () => {
    var told = execute('messages')
    return wants->copy()->filter((_, want) => stridx(told, want) < 0)->empty()
  }, () => execute('messages'))
  messages clear
enddef

setline(1, ['Say hello', 'größer 🦫', 'the end'])
g:codex_command = ['no-such-program']
:1CodexAsk
Tells('missing', ['no-such-program was not found'])
g:codex_command = ['codex-rpc', '--log-level', 'debug']
g:codex_log = folder .. '/log'
:1CodexAsk
Shows('partial', ['Say hello', 'You said: "Say', 'größer 🦫', 'the end'])
CodexCancel
Tells('cancelled', ['stopped'])
g:codex_model = 'mock:pace=50ms,stall=7'
# Like the main loop while an answer streams: each change is a separate undo step.
var breaks = timer_start(5, (_) => {
  &g:undolevels = &g:undolevels
}, {repeat: -1})
:1CodexAsk
Shows('partial again', ['Say hello', 'You said: "Say', 'You said: "Say', 'größer 🦫', 'the end'])
system('kill -9 ' .. readfile(folder .. '/pid')[0])
timer_stop(breaks)
Tells('died', ['ended with exit code 137, in the middle of an answer'])
undo
Shows('undone', ['Say hello', 'You said: "Say', 'größer 🦫', 'the end'])
unlet g:codex_model
:3,4CodexAsk
Shows('answer', ['Say hello', 'You said: "Say', 'größer 🦫', 'the end', 'You said: "größer 🦫', 'the end"'])
CodexSignIn!
Tells('signed in', ['enter the code MOCK-', 'signed in as mock@example.test'])
exe $':1CodexDraw {folder}/picture.png'
Tells('picture', [$'saved {folder}/picture.png'])
qall!

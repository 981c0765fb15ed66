" A user of conformance/editors/vim. What the steps are is said in examples_test.go.
vim9script

def Shows(step: string, want: list<string>)
  var begun = reltime()
  while getline(1, '$') != want && reltimefloat(reltime(begun)) < 30
    sleep 1m
  endwhile
  if getline(1, '$') != want
    writefile([$'not ok - {step}: {json_encode(getline(1, "$"))}'], '/dev/stdout', 'a')
    cquit
  endif
  writefile([$'ok - {step}'], '/dev/stdout', 'a')
enddef

setline(1, ['Say hello', 'größer 🦫', 'the end'])
:1CodexAsk
Shows('partial', ['Say hello', 'You said: "Say', 'größer 🦫', 'the end'])
CodexCancel
:3,4CodexAsk
Shows('answer', ['Say hello', 'You said: "Say', 'größer 🦫', 'the end', 'You said: "größer 🦫', 'the end"'])
qall!

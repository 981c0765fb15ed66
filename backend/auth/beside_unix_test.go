//go:build unix

package auth

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// ledger is an issuer that counts used refresh tokens. A second use of one ends the sign-in, as at the real issuer.
type ledger struct {
	mu     sync.Mutex
	serial int
	live   string // the valid refresh token
	access string // the access token issued with it
	reused []string
	bodies map[string]int // by refresh_reason
	dead   map[string]bool
}

func (l *ledger) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var body map[string]string
	_ = json.NewDecoder(r.Body).Decode(&body)
	time.Sleep(time.Duration(rand.Int64N(int64(8 * time.Millisecond))))
	l.mu.Lock()
	defer l.mu.Unlock()
	name := r.UserAgent()
	if l.dead[name] {
		return // it was killed before its request took effect
	}
	l.bodies[body["refresh_reason"]]++
	if body["refresh_token"] != l.live {
		l.reused = append(l.reused, name+" spent "+body["refresh_token"])
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":{"code":"refresh_token_reused"}}`)
		return
	}
	l.rotate()
	json.NewEncoder(w).Encode(map[string]string{
		"id_token": idToken("acct-1", "id"), "access_token": l.access, "refresh_token": l.live,
	})
}

func (l *ledger) rotate() {
	l.serial++
	l.live = fmt.Sprintf("refresh-%d", l.serial)
	l.access = accessToken(time.Now().Add(time.Hour), fmt.Sprintf("access-%d", l.serial))
}

// resident is a process that refreshes on request.
type resident struct {
	role, name string
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Reader
}

func (r *resident) start(t *testing.T, home, issuer string) {
	t.Helper()
	r.cmd = spawn(t, home, issuer, "")
	r.cmd.Env = append(r.cmd.Env, childRole+"="+r.role, childName+"="+r.name)
	r.cmd.Stderr = os.Stderr
	in, err := r.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := r.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := r.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	r.in, r.out = in, bufio.NewReaderSize(out, 1<<16)
}

func (r *resident) end() {
	r.cmd.Process.Kill()
	r.cmd.Wait()
}

// ask reports a rejected access token to the resident, and returns its new one. It fails if the resident was killed
// meanwhile.
func (r *resident) ask(rejected string) (string, error) {
	if _, err := fmt.Fprintln(r.in, rejected); err != nil {
		return "", err
	}
	line, err := r.out.ReadString('\n')
	return strings.TrimSuffix(line, "\n"), err
}

// Two processes of ours and two that simulate the official CLI refresh at once, 200 times, and one of them is killed in
// every third round. In each round one refresh token is used, all live processes continue with the new one, and the file
// has it.
//
// Any program that is killed between the issuer's answer and its rename loses the new token. Only during that time the
// kill waits.
func TestBesideTheOfficialClient(t *testing.T) {
	const rounds = 200
	issuer := &ledger{bodies: map[string]int{}, dead: map[string]bool{}}
	issuer.rotate()
	server := httptest.NewServer(issuer)
	t.Cleanup(server.Close)
	home := t.TempDir()
	path := filepath.Join(home, fileName)
	writeFile(t, path, authJSON(issuer.access, issuer.live, "acct-1"))
	residents := []*resident{{role: "ours"}, {role: "official"}, {role: "ours"}, {role: "official"}}
	for i, r := range residents {
		r.name = fmt.Sprintf("%s-%d", r.role, i)
		r.start(t, home, server.URL)
	}
	t.Cleanup(func() {
		for _, r := range residents {
			r.end()
		}
	})
	onDisk := func() credentials {
		text, _ := os.ReadFile(path)
		c, _ := parseCredentials(text)
		return c
	}
	random := rand.New(rand.NewPCG(11, 7))
	killed, started := 0, time.Now()
	for round := range rounds {
		issuer.mu.Lock()
		rejected, spent := issuer.access, issuer.serial
		issuer.mu.Unlock()
		answers := make([]string, len(residents))
		var all sync.WaitGroup
		for i, r := range residents {
			late := time.Duration(random.Int64N(int64(4 * time.Millisecond)))
			all.Go(func() {
				time.Sleep(late)
				answer, err := r.ask(rejected)
				if err != nil {
					answer = "" // killed
				}
				answers[i] = answer
			})
		}
		victim := -1
		if round%3 == 0 {
			victim = random.IntN(len(residents))
			time.Sleep(time.Duration(random.Int64N(int64(25 * time.Millisecond))))
			for done := false; !done; {
				issuer.mu.Lock()
				if onDisk().refresh == issuer.live {
					issuer.dead[residents[victim].name] = true
					residents[victim].end()
					done = true
				}
				issuer.mu.Unlock()
			}
			killed++
		}
		all.Wait()
		issuer.mu.Lock()
		live, access, serial, reused := issuer.live, issuer.access, issuer.serial, issuer.reused
		issuer.mu.Unlock()
		if len(reused) > 0 || serial != spent+1 {
			t.Fatalf("round %d: %d tokens were spent; used before: %q; %q", round, serial-spent, reused, answers)
		}
		for i, answer := range answers {
			if answer != access && i != victim {
				t.Fatalf("round %d: %s goes on with %q", round, residents[i].name, answer)
			}
		}
		if c := onDisk(); c.refresh != live || c.access != access {
			t.Fatalf("round %d: the file has %q, and the issuer gave %q", round, c.refresh, live)
		}
		if victim >= 0 {
			r := residents[victim]
			r.name = fmt.Sprintf("%s-%d-%d", r.role, victim, round)
			r.start(t, home, server.URL)
		}
	}
	if n := issuer.bodies["unauthorized_recovery"]; n != rounds || len(issuer.bodies) != 1 {
		t.Errorf("reasons of the refreshes: %v", issuer.bodies)
	}
	took := time.Since(started).Round(time.Second)
	t.Attr("table", "locks-and-files")
	t.Attr("tried", "two processes of ours and two that play the official client refresh at once, one of them killed in every third round")
	t.Attr("came", fmt.Sprintf("%d rounds, %d kills, %d refreshes in %v; no token spent twice, none lost", rounds, killed, issuer.serial-1, took))
}

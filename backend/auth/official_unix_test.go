//go:build unix

package auth

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
)

// official simulates the official CLI: it locks, reads, refreshes and writes in the same way, and shares no code with this
// package. It loses members of auth.json that the CLI does not know.
type official struct {
	home, issuer, name string
	random             *rand.Rand
}

type officialTokens struct {
	ID      string  `json:"id_token"`
	Access  string  `json:"access_token"`
	Refresh string  `json:"refresh_token"`
	Account *string `json:"account_id"`
}

type officialAuth struct {
	Mode        string         `json:"auth_mode,omitempty"`
	APIKey      *string        `json:"OPENAI_API_KEY"`
	Tokens      officialTokens `json:"tokens"`
	LastRefresh string         `json:"last_refresh,omitempty"`
}

func (o *official) read() (a officialAuth, err error) {
	text, err := os.ReadFile(filepath.Join(o.home, "auth.json"))
	if err == nil {
		err = json.Unmarshal(text, &a)
	}
	return a, err
}

func (o *official) pause(most time.Duration) {
	time.Sleep(time.Duration(o.random.Int64N(int64(most) + 1)))
}

// recover handles a 401 for the access token: it uses the token in the file if that is another one, otherwise it refreshes.
func (o *official) recover(rejected string) (string, error) {
	if a, err := o.read(); err != nil || a.Tokens.Access != rejected {
		return a.Tokens.Access, err
	}
	outer, err := os.OpenFile(filepath.Join(o.home, "auth.lock"), os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return "", err
	}
	defer outer.Close()
	for {
		if err = syscall.Flock(int(outer.Fd()), syscall.LOCK_EX); err != syscall.EINTR {
			break
		}
	}
	if err != nil {
		return "", err
	}
	o.pause(3 * time.Millisecond)
	a, err := o.read()
	if err != nil || a.Tokens.Access != rejected {
		return a.Tokens.Access, err
	}
	got, err := o.spend(a.Tokens.Refresh)
	if err != nil {
		return "", err
	}
	o.pause(3 * time.Millisecond)
	return got.Access, o.commit(got)
}

func (o *official) spend(refresh string) (got officialTokens, err error) {
	body, err := json.Marshal(map[string]string{
		"client_id": clientID, "grant_type": "refresh_token", "refresh_reason": "unauthorized_recovery", "refresh_token": refresh,
	})
	if err != nil {
		return got, err
	}
	req, err := http.NewRequest(http.MethodPost, o.issuer+"/oauth/token", bytes.NewReader(body))
	if err != nil {
		return got, err
	}
	req.Header.Set("User-Agent", o.name)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return got, err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return got, fmt.Errorf("status %d", res.StatusCode)
	}
	return got, json.NewDecoder(res.Body).Decode(&got)
}

// officialPatience is the time after which the CLI stops waiting for the commit lock and loses its new tokens.
const officialPatience = 5 * time.Second

func (o *official) commit(got officialTokens) error {
	lock, err := os.OpenFile(filepath.Join(o.home, "auth.json.lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	defer lock.Close()
	for start := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if err == nil {
			break
		}
		if time.Since(start) > officialPatience {
			return fmt.Errorf("the commit is given up: %w", err)
		}
	}
	a, err := o.read()
	if err != nil {
		return err
	}
	o.pause(3 * time.Millisecond)
	a.Tokens.ID = cmp.Or(got.ID, a.Tokens.ID)
	a.Tokens.Access = cmp.Or(got.Access, a.Tokens.Access)
	a.Tokens.Refresh = cmp.Or(got.Refresh, a.Tokens.Refresh)
	a.LastRefresh = time.Now().UTC().Format(time.RFC3339Nano)
	text, err := json.MarshalIndent(a, "", "  ")
	if err != nil {
		return err
	}
	temporary, err := os.CreateTemp(o.home, ".auth-*")
	if err != nil {
		return err
	}
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), filepath.Join(o.home, "auth.json"))
}

func init() { beResident = serveRole }

// serveRole is the main function of a process that shares a home with others: it reads rejected access tokens and writes
// the new ones. The role is "ours" or "official".
func serveRole() int {
	role, name, home, issuer := os.Getenv(childRole), os.Getenv(childName), os.Getenv(childHome), os.Getenv(childIssuer)
	random := rand.New(rand.NewPCG(uint64(os.Getpid()), 0))
	recover := (&official{home, issuer, name, random}).recover
	if role == "ours" {
		s, err := Open(Options{Home: home, Issuer: issuer, UserAgent: name})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		s.keeper.(*file).fault = func(string) error {
			time.Sleep(time.Duration(random.Int64N(int64(time.Millisecond))))
			return nil
		}
		recover = func(rejected string) (string, error) {
			token, err := s.Refresh(context.Background(), backend.Token{Access: rejected})
			return token.Access, err
		}
	}
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		access, err := recover(lines.Text())
		if err != nil {
			access = "error: " + strings.ReplaceAll(err.Error(), "\n", " ")
		}
		fmt.Println(access)
	}
	return 0
}

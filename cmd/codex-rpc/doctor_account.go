package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/codex-rpc/codex-rpc/backend"
	"github.com/codex-rpc/codex-rpc/backend/auth"
	"github.com/codex-rpc/codex-rpc/backend/localfile"
	"github.com/codex-rpc/codex-rpc/methods"
	"github.com/codex-rpc/codex-rpc/rpc"
	"github.com/codex-rpc/codex-rpc/rpc/rawjson"
)

// withoutRefresh are credentials that doctor does not refresh: if the backend
// rejects the token, that is the result.
type withoutRefresh struct{ backend.Credentials }

func (withoutRefresh) Refresh(_ context.Context, rejected backend.Token) (backend.Token, error) {
	return rejected, nil
}

// refreshMargin is longer than the time before expiry at which calls refresh a
// token.
const refreshMargin = 6 * time.Minute

// checkAccount checks that the backend accepts the sign-in, the use of the
// limits, and the models available to this client version.
func checkAccount(ctx context.Context, c *config, h *host) []check {
	account, err := usable(ctx, h.store)
	if err != nil {
		return nil // checkCredentials reports it
	}
	if !account.ExpiresAt.IsZero() && time.Until(account.ExpiresAt) < refreshMargin {
		return []check{{"account", passed, "not checked: the access token is expiring, and the next call refreshes it", ""}}
	}
	usage, err := h.server.Invoke(ctx, "codex.usage", rawjson.Value{}, nil)
	if err != nil {
		return []check{refusedAccount(err)}
	}
	checks := []check{{"account", passed, "the backend accepts the sign-in", ""}, checkLimits(usage, time.Now())}
	if route, err := h.client.Route(ctx); err == nil && route != (backend.Route{}) {
		checks = append(checks, checkRoute(route, h.endpoints[0].url))
	}
	models, err := h.server.Invoke(ctx, "models.list", rawjson.Value{}, nil)
	if err != nil {
		return append(checks, check{"models", warning, "cannot list the models: " + err.Error(), "Try again later."})
	}
	return append(checks, checkModels(models, c.clientVersion, c.defaults.Model))
}

// checkRoute reports where model requests of a workspace are sent.
func checkRoute(route backend.Route, base string) check {
	found := "model requests are sent to " + cmp.Or(route.Origin, base) + ", as set by the workspace"
	if route.Override != "" {
		found += ", with the routing override " + route.Override
	}
	return check{"workspace", passed, found, ""}
}

// refusedAccount reports an error of the first call.
func refusedAccount(err error) check {
	code, found := 0, explain(err).Error()
	if e, ok := errors.AsType[*rpc.Error](err); ok {
		code = e.Code
	}
	switch {
	case code == 401:
		return check{"account", failing, "the backend refuses the sign-in (401): " + found, "Run `codex-rpc login`."}
	case code == 403:
		return check{"account", failing, "the backend refuses the account or this network (403): " + found, "Check the workspace of the sign-in, and whether a proxy or VPN blocks the request."}
	}
	return check{"account", warning, "unknown: " + found, "Fix the failed checks above, or try again later."}
}

// checkLimits reports the use of the account's limits.
func checkLimits(usage rawjson.Value, now time.Time) check {
	var u methods.Usage
	if err := usage.Decode(&u); err != nil {
		return check{"limits", warning, "the backend's response is malformed", "See `codex-rpc call codex.usage`."}
	}
	var used []string
	resets := time.Time{}
	for _, w := range []methods.UsageWindow{u.RateLimit.PrimaryWindow, u.RateLimit.SecondaryWindow} {
		if w.LimitWindowSeconds == 0 {
			continue
		}
		used = append(used, fmt.Sprintf("%g %% of %s", w.UsedPercent, span(w.LimitWindowSeconds)))
		if reset := time.Unix(w.ResetAt, 0); w.UsedPercent >= 100 && reset.After(resets) {
			resets = reset
		}
	}
	found := "none reported"
	if len(used) > 0 {
		found = "used " + strings.Join(used, ", ")
	}
	if !u.RateLimit.LimitReached {
		return check{"limits", passed, found, ""}
	}
	action := "Wait for the reset; `codex-rpc call codex.usage` shows its time."
	if resets.After(now) {
		action = "Wait until " + resets.UTC().Format("2006-01-02 15:04 UTC") + "."
	}
	return check{"limits", failing, "a limit is reached: " + found, action}
}

// span formats the length of a limit's window.
func span(seconds int) string {
	hours := seconds / 3600
	if hours >= 48 && hours%24 == 0 {
		return fmt.Sprintf("%d days", hours/24)
	}
	return fmt.Sprintf("%d hours", hours)
}

// checkModels reports whether the default model is on the list.
func checkModels(list rawjson.Value, clientVersion, model string) check {
	named := model != ""
	if !named {
		model = methods.DefaultModel
	}
	var names []string
	for m := range list.Get("data").Elements() {
		name, _ := m.Get("id").Text()
		names = append(names, name)
	}
	found := fmt.Sprintf("%d for client version %s", len(names), clientVersion)
	switch {
	case slices.Contains(names, model):
		return check{"models", passed, found + ", " + model + " among them", ""}
	case len(names) == 0:
		return check{"models", failing, found, "Update codex-rpc, or raise --client-version."}
	case named:
		return check{"models", warning, found + ", and " + model + " is not among them", "Choose one listed by `codex-rpc call models.list`, update codex-rpc, or raise --client-version."}
	}
	return check{"models", warning, found + ", and the default " + model + " is not among them", "Choose one with --model; until then, calls use the first suitable one."}
}

// storeSetting matches the setting in the official client's config.toml that
// selects where it stores credentials.
const storeSetting = `(?m)^\s*cli_auth_credentials_store\s*=\s*["'](\w+)["']`

// maxSettingsBytes bounds config.toml.
const maxSettingsBytes = 1 << 20

// checkKeyring reports whether the official client stores its credentials in a
// keyring, which this program does not read.
func checkKeyring(home string, signedIn bool) check {
	text, _ := localfile.Read(filepath.Join(home, "config.toml"), maxSettingsBytes) // if there is none, the default is a file
	where := "file"
	if match := regexp.MustCompile(storeSetting).FindSubmatch(text); match != nil {
		where = string(match[1])
	}
	switch {
	case where == "file":
		return check{"keyring", passed, "not used: the official client also keeps its credentials in auth.json", ""}
	case signedIn:
		return check{"keyring", passed, "the official client keeps its credentials in it (" + where + "); auth.json is used here", ""}
	}
	return check{"keyring", warning, "the official client keeps its credentials in it (" + where + "), which is not read here",
		"Run `codex-rpc login`; the official client's credentials are not changed."}
}

// keyringOf is checkKeyring for a store.
func keyringOf(ctx context.Context, c *config, s store) []check {
	home, err := auth.Home(c.home)
	if c.embedded() || err != nil {
		return nil
	}
	_, err = usable(ctx, s)
	return []check{checkKeyring(home, err == nil)}
}

// verdict summarizes the checks in one line.
func verdict(checks []check) string {
	var failed, warned []string
	for _, c := range checks {
		switch c.Status {
		case failing:
			failed = append(failed, c.Name)
		case warning:
			warned = append(warned, c.Name)
		}
	}
	switch {
	case len(failed) > 0:
		return "calls will fail until this is fixed: " + strings.Join(failed, ", ")
	case len(warned) > 0:
		return "calls may work; check " + strings.Join(warned, ", ")
	}
	return "all is well"
}

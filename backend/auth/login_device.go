package auth

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// pollInterval is used if the issuer sends no interval, or one under a second.
const pollInterval = 5 * time.Second

func (s *Store) loginDevice(ctx context.Context, o LoginOptions, report func(Event)) (Account, error) {
	base := s.issuer.base + "/api/accounts/deviceauth"
	res, err := s.issuer.postJSON(ctx, base+"/usercode", map[string]string{"client_id": clientID})
	switch {
	case err != nil:
		return Account{}, err
	case res.status == http.StatusNotFound:
		return Account{}, loginFailed("Device code login is not enabled for this issuer. Use the browser login, or check the issuer's URL.")
	case !res.ok():
		_, detail := res.fault()
		return Account{}, loginFailed(fmt.Sprintf("Device code request failed with status %d: %s.", res.status, detail))
	}
	var given struct {
		ID       string          `json:"device_auth_id"`
		Code     string          `json:"user_code"`
		OldCode  string          `json:"usercode"`
		Interval json.RawMessage `json:"interval"`
	}
	_ = json.Unmarshal(res.body, &given) // members of other types stay empty
	code := oneLine(cmp.Or(given.Code, given.OldCode))
	if given.ID == "" || code == "" {
		return Account{}, loginFailed("Device code request failed: the response has no code.")
	}
	deadline, _ := ctx.Deadline()
	report(DeviceCode{
		UserCode:        code,
		VerificationURL: s.issuer.base + "/codex/device",
		ExpiresAt:       s.now().Add(time.Until(deadline)),
	})
	grant, err := s.awaitGrant(ctx, base+"/token", given.ID, code, interval(given.Interval))
	if err != nil {
		return Account{}, err
	}
	o.RequestAPIKey = false // as the official CLI
	return s.exchange(ctx, grant.Code, grant.Verifier, s.issuer.base+"/deviceauth/callback", o)
}

// interval parses a number of seconds, as a string or a number; the issuer has sent both.
func interval(value json.RawMessage) time.Duration {
	var seconds float64
	if json.Unmarshal([]byte(strings.Trim(string(value), `" `)), &seconds) != nil || seconds < 1 || seconds > loginLimit.Seconds() {
		return pollInterval
	}
	return time.Duration(seconds * float64(time.Second))
}

type deviceGrant struct {
	Code     string `json:"authorization_code"`
	Verifier string `json:"code_verifier"`
}

// slowDown is added to the interval when the issuer requests it (RFC 8628).
const slowDown = 5 * time.Second

// awaitGrant polls until the user has entered the code. It continues after transient failures.
func (s *Store) awaitGrant(ctx context.Context, address, id, code string, every time.Duration) (deviceGrant, error) {
	for {
		res, err := s.issuer.postJSON(ctx, address, map[string]string{"device_auth_id": id, "user_code": code})
		fault, detail := res.fault(id, code)
		switch {
		case errors.Is(err, ErrUnavailable):
			s.log.Warn("auth: polling for the device code failed; retrying", "error", err)
		case err != nil:
			return deviceGrant{}, err
		case res.ok():
			var grant deviceGrant
			_ = json.Unmarshal(res.body, &grant)
			if grant.Code == "" || grant.Verifier == "" {
				return deviceGrant{}, loginFailed("Device auth failed: the response has no authorization code.")
			}
			return grant, nil
		case fault == "slow_down":
			every += slowDown
		case fault == "authorization_pending":
		case fault == "expired_token":
			return deviceGrant{}, loginFailed("The device code has expired. Sign in again for a new one.")
		case fault == "access_denied":
			return deviceGrant{}, loginFailed("The sign-in was denied.")
		case res.status == http.StatusForbidden, res.status == http.StatusNotFound: // this issuer's answers while pending
		case res.status == http.StatusTooManyRequests, res.status >= 500:
			s.log.Warn("auth: polling for the device code failed; retrying", "status", res.status, "error", detail)
		default:
			return deviceGrant{}, loginFailed(fmt.Sprintf("Device auth failed with status %d: %s.", res.status, detail))
		}
		if err := pause(ctx, max(every, res.wait)); err != nil {
			return deviceGrant{}, err
		}
	}
}

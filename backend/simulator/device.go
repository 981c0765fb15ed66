package simulator

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// device is a pending device code sign-in.
type device struct {
	userCode string
	polls    int
	approved bool
}

func (s *Server) deviceCode(c *call, p url.Values) error {
	if p.Get("client_id") == "" {
		return oauthError("invalid_client", "client_id is required.")
	}
	s.deviceCodes++
	n := s.deviceCodes
	id, userCode := fmt.Sprintf("deviceauth_mock_%d", n), fmt.Sprintf("MOCK-%05d", n)
	s.devices[id] = &device{userCode: userCode}
	// The real issuer sends the interval as a string too.
	return c.reply(map[string]string{"device_auth_id": id, "user_code": userCode, "interval": "1"})
}

// deviceToken answers a poll, with 403 until the code is approved.
func (s *Server) deviceToken(c *call, p url.Values) error {
	id := p.Get("device_auth_id")
	verifier := hash("verifier "+id) + hash("more "+id)
	sum := sha256.Sum256([]byte(verifier))
	challenge := base64.RawURLEncoding.EncodeToString(sum[:])
	code := "ac_" + hash(id)

	d := s.devices[id]
	if d == nil || d.userCode != p.Get("user_code") {
		return oauthError("invalid_grant", "device_auth_id and user_code do not match.")
	}
	d.polls++
	if after := c.scenario.DevicePolls; after >= 0 && d.polls > after {
		d.approved = true
	}
	if !d.approved {
		return known("deviceauth_authorization_pending")
	}
	delete(s.devices, id) // a code is valid for one sign-in
	s.codes[code] = authorization{challenge, c.origin() + "/deviceauth/callback", accountID}
	return c.reply(map[string]string{"authorization_code": code, "code_challenge": challenge, "code_verifier": verifier})
}

// devicePage is the page on which the user enters the code.
func (s *Server) devicePage(c *call) error {
	return c.page(`<h1>Sign in a device</h1>
<form method="post"><label>Code <input name="user_code" value="%s"></label> <button>Approve</button></form>`,
		c.URL.Query().Get("user_code"))
}

// approveDevice is the form of that page.
func (s *Server) approveDevice(c *call, p url.Values) error {
	entered := strings.ToUpper(strings.TrimSpace(p.Get("user_code")))
	for _, d := range s.devices {
		if d.userCode == entered {
			d.approved = true
			return c.page(`<h1>Approved</h1><p>Return to the program that showed the code.</p>`)
		}
	}
	return refuse(http.StatusBadRequest, "No sign-in is pending for the code %q", entered)
}

package auth

import (
	"encoding/base64"
	"testing"
)

func TestResidency(t *testing.T) {
	for _, test := range []struct{ claims, user, residency string }{
		{`{}`, "", ""},
		{`{"chatgpt_user_id":"u","user_id":"v","chatgpt_data_residency":"us","chatgpt_compute_residency":"eu"}`, "u", "us"},
		{`{"user_id":"v","chatgpt_compute_residency":"eu"}`, "v", "eu"},
		{`{"chatgpt_data_residency":"no_constraint","chatgpt_compute_residency":"us_cr"}`, "", "us_cr"},
		{`{"chatgpt_data_residency":"NO_CONSTRAINT"}`, "", ""},
		{`{"chatgpt_data_residency":"us\r\nx: y","chatgpt_compute_residency":7}`, "", ""},
	} {
		payload := base64.RawURLEncoding.EncodeToString([]byte(`{"https://api.openai.com/auth":` + test.claims + `}`))
		if got := parseClaims("e30." + payload + ".x"); got.UserID != test.user || got.Residency != test.residency {
			t.Errorf("%s: user %q, residency %q", test.claims, got.UserID, got.Residency)
		}
	}
}

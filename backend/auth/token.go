package auth

import (
	"fmt"
	"io"
	"log/slog"
)

// Token is what a call to the backend carries. Two tokens are equal if they would send the same.
// Printed, logged or marshalled it shows nothing of itself.
type Token struct {
	Access    string // the bearer; never empty
	AccountID string // for ChatGPT-Account-ID; "" if the tokens name no account, and then without that header
	APIKey    string // an OpenAI API key kept beside the sign-in, or ""
	FedRAMP   bool   // the account lives in the FedRAMP environment
	UserID    string // tells the users of an account apart; "" if unknown
	Residency string // the region that requests must be served in, as "us"; "" for any
}

const redacted = "[redacted token]"

// String hides the token.
func (Token) String() string { return redacted }

// Format hides the token from every verb; String and GoString alone would leave %d.
func (Token) Format(f fmt.State, _ rune) { io.WriteString(f, redacted) }

// LogValue hides the token from log/slog.
func (Token) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalJSON hides the token from encoding/json.
func (Token) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

package simulator

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	trigger           = "compaction_trigger"
	compactionFeature = "remote_compaction_v2"
)

// compaction is the only item in the answer to a request with a trigger.
func (c *call) compaction() *item {
	sealed := "gAAAAmock" + c.id("compaction", 0)
	return &item{
		kind: "compaction", id: c.id("cmp", 0), tokens: tokensOf(sealed), open: []any{"sealed", absent{}}, done: []any{"sealed", sealed},
		events: func(sender) {},
	}
}

// triggers returns the indexes of the compaction triggers in the input.
func (r *request) triggers() (at []int) {
	for i, item := range r.Input {
		if item.Type == trigger {
			at = append(at, i)
		}
	}
	return at
}

// hasFeature reports whether the client has enabled a feature of the backend.
func (c *call) hasFeature(name string) bool {
	features := strings.Split(strings.Join(c.Header.Values("x-codex-beta-features"), ","), ",")
	return slices.ContainsFunc(features, func(one string) bool { return strings.TrimSpace(one) == name })
}

// midTurn reports whether a compaction is part of a turn, as the official client
// does when the turn runs out of room. It is then sent with the turn's state.
func (c *call) midTurn() bool {
	var metadata struct{ Compaction struct{ Phase string } }
	_ = json.Unmarshal([]byte(c.Header.Get(turnMetadataHeader)), &metadata)
	return metadata.Compaction.Phase == "mid_turn"
}

// compact is POST /responses/compact, which no longer exists. It kept the user's
// messages and replaced the rest by one opaque item.
func (s *Server) compact(c *call) error {
	if !c.scenario.Lenient {
		return refuse(http.StatusNotFound, "Not Found")
	}
	var r struct {
		Model string             `json:"model"`
		Input *[]json.RawMessage `json:"input"`
	}
	if err := c.decode(&r); err != nil {
		return err
	}
	if r.Model == "" || r.Input == nil {
		return refuse(http.StatusBadRequest, "Model and input are required")
	}
	var kept []json.RawMessage
	for _, raw := range *r.Input {
		var it inputItem
		if json.Unmarshal(raw, &it) == nil && it.Role == "user" {
			kept = append(kept, raw)
		}
	}
	summary := fill("compaction_summary", "id", c.id("cmp", 0), "sealed", "gAAAAmock"+c.id("compaction", 0))
	read, made := tokensOf(c.body), tokensOf(summary)
	return c.reply(fill("compacted", "id", c.id("resp", 0), "now", time.Now().Unix(), "output", append(kept, summary),
		"read", read, "made", made, "total", read+made))
}

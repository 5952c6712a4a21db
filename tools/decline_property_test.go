package tools

import (
	"context"
	"encoding/json"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
)

// recordFunctions are compared by the records that come and go, which scripts of testdata/consent hold.
var recordFunctions = []string{"create_domain_record", "edit_domain_record", "delete_domain_record", "update_domain_records", "apply_zone", "delete_domain", "undo"}

// TestPaddingLosesNoDecline: what a person declined is not agreed to by a model's word because it has further arguments,
// whichever function of the catalogue it is.
func TestPaddingLosesNoDecline(t *testing.T) {
	const seed = generatedSeed + 300
	declined, padded := map[string]bool{}, 0
	f := generatedAccount(t, seed, 0)
	f.server = f.again(Options{Consent: consent.Code, Policy: generous()})
	g := newGenerator(t, f.server, rand.New(rand.NewPCG(seed, 2)))
	for _, c := range g.calls {
		tool := f.server.tools[c.tool]
		if tool.Safety <= vpsapi.Changes || slices.Contains(recordFunctions, c.tool) {
			continue
		}
		var base, schema map[string]any
		if json.Unmarshal([]byte(c.arguments), &base) != nil || json.Unmarshal(tool.Schema(), &schema) != nil {
			t.Fatalf("%s %s", c.tool, c.arguments)
		}
		g.fill(schema, base, 1_000_000) // only what the account names by itself
		say := func(ctx context.Context, arguments map[string]any) answer.Answer {
			raw, err := json.Marshal(arguments)
			if err != nil {
				t.Fatal(err)
			}
			return f.server.Call(ctx, c.tool, raw)
		}
		if a := say(confirm.WithAsker(t.Context(), no{}), base); !strings.Contains(a.Text, "declined") {
			continue // it asks nobody, or cannot be
		}
		declined[c.tool] = true
		for range 6 {
			more := maps.Clone(base)
			g.fill(schema, more, 2)
			maps.Copy(more, base)
			delete(more, "confirm")
			a := say(t.Context(), more)
			if strings.Contains(a.Text, "a person declined the same") {
				padded++
			} else if a.NeedsConsent || !a.IsError {
				t.Errorf("declined: %s %v; with more: %v: %s", c.tool, base, more, a.Text)
			}
		}
	}
	if len(declined) < 25 || padded < 120 {
		t.Errorf("%d functions were declined, %d calls padded: the test tries too little", len(declined), padded)
	}
	t.Log(len(declined), padded)
}

package confirm_test

import (
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// TestAYesIsOfOneService: the code of a plan is worth nothing at another address of the
// API, though the account, the caller and the requests are the same.
func TestAYesIsOfOneService(t *testing.T) {
	claim := func(base string) consent.Claim {
		client, err := vpsapi.NewClient(vpsapi.Config{BaseURL: base, Email: "owner@example.com", APIKey: "key-of-owner"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := plan.New(client, vpsapi.RebootServer, vpsapi.RebootServerIn{ServerID: "1384"})
		if err != nil {
			t.Fatal(err)
		}
		return confirm.ClaimOf(confirm.Caller{Name: "anna", Client: client}, p)
	}
	s := consent.NewSealer(time.Now)
	code := s.Seal(claim("https://api.example.com"))
	if _, _, err := s.Open(code, claim("https://api.example.com")); err != nil {
		t.Error(err)
	}
	if _, _, err := s.Open(code, claim("https://other.example.com")); err == nil {
		t.Error("a code is good at another address")
	}
}

package tools

import (
	"context"
	"encoding/json"
	"regexp"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestGateWordsAreFollowed: on the search surface, a plan's answer names the gate that is to be called, and the call that it words is
// accepted.
func TestGateWordsAreFollowed(t *testing.T) {
	call := func(s *Server, arguments string) string {
		return s.Call(context.Background(), "call_danger", json.RawMessage(`{"function":"reboot_cloud_server","arguments":`+arguments+`}`)).Text
	}
	s, sb := newSandboxServer(t, Options{Surface: SurfaceSearch, Consent: consent.Code})
	first := call(s, `{"server_id":"1384"}`)
	words := regexp.MustCompile(`call call_danger again with function reboot_cloud_server and the same arguments, and within these confirm: "(\w+)"`)
	said := words.FindStringSubmatch(first)
	if said == nil {
		t.Fatalf("the plan says: %s", first)
	}
	if wrong := call(s, `{"server_id":"1384","confirm":"QPC"}`); !strings.Contains(wrong, "Call call_danger again with function reboot_cloud_server without confirm") {
		t.Errorf("a wrong code is told: %s", wrong)
	}
	if done := call(s, `{"server_id":"1384","confirm":"`+said[1]+`"}`); !strings.HasPrefix(done, "Done") || len(sb.Changes()) != 1 {
		t.Errorf("the words are not followed: %s", done)
	}
}

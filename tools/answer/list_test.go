package answer

import (
	"encoding/json"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// TestOnlyReadsSayCallAgain: a purchase of hundreds that answers with a list does not
// say to make it again.
func TestOnlyReadsSayCallAgain(t *testing.T) {
	for _, op := range vpsapi.Operations() {
		info := op.Info()
		if info.Safety == vpsapi.Reads {
			continue
		}
		a := List(info, Page{Items: []json.RawMessage{[]byte(`{"id":1}`)}, Total: 300, next: "1"}, "")
		if strings.Contains(a.Text, "call again") || strings.Contains(string(a.Structured), "next_cursor") {
			t.Errorf("%s: %s", info.Name, a.Text)
		}
	}
}

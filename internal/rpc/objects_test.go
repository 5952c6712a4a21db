package rpc

import (
	"encoding/json"
	"testing"
)

// TestEmptyListsAreObjects: where the protocol has an object, an empty list is one;
// what is a list, or a tool's own, stays as it was sent.
func TestEmptyListsAreObjects(t *testing.T) {
	for sent, want := range map[string]string{
		`[]`:   `{}`,
		` [ ]`: `{}`,
		`{"capabilities":[],"clientInfo":{"name":"t"}}`:                                         `{"capabilities":{},"clientInfo":{"name":"t"}}`,
		`{"capabilities":{"elicitation":[],"roots":{"listChanged":true}}}`:                      `{"capabilities":{"elicitation":{},"roots":{"listChanged":true}}}`,
		`{"_meta":[],"name":"x"}`:                                                               `{"_meta":{},"name":"x"}`,
		`{"_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":[]}}}`:           `{"_meta":{"io.modelcontextprotocol/clientCapabilities":{"elicitation":{}}}}`,
		`{"_meta":{"progressToken":18446744073709551616,"x":[]}}`:                               `{"_meta":{"progressToken":18446744073709551616,"x":{}}}`,
		`{"name":"x","arguments":[]}`:                                                           `{"arguments":{},"name":"x"}`,
		`{"name":"x","arguments":{"fields":[],"filter":["a=b"]},"_meta":{"k":["a",[]]}}`:        `{"_meta":{"k":["a",[]]},"arguments":{"fields":[],"filter":["a=b"]},"name":"x"}`,
		`{"context":{"arguments":[]},"argument":{"name":"n","value":"v"}}`:                      `{"argument":{"name":"n","value":"v"},"context":{"arguments":{}}}`,
		`{"name":"x","arguments":{"text":"[]"}}`:                                                `{"arguments":{"text":"[]"},"name":"x"}`,
		`{"name":"no list",  "arguments":{}}`:                                                   `{"name":"no list",  "arguments":{}}`,
		`{"notifications":[]}`:                                                                  `{"notifications":{}}`,
		`{"notifications":{"resourceSubscriptions":[]},"task":[]}`:                              `{"notifications":{"resourceSubscriptions":[]},"task":{}}`,
		`{"inputResponses":{"a":{"action":"accept","content":[]},"b":{"content":{"many":[]}}}}`: `{"inputResponses":{"a":{"action":"accept","content":{}},"b":{"content":{"many":[]}}}}`,
		`["a"]`: `["a"]`,
	} {
		if got := string(withObjects(json.RawMessage(sent))); got != want {
			t.Errorf("%s: %s, want %s", sent, got, want)
		}
	}
}

// TestNotificationsHaveObjects: a notification goes on with its objects too.
func TestNotificationsHaveObjects(t *testing.T) {
	m, refused := parse([]byte(`{"jsonrpc":"2.0","method":"notifications/initialized","params":[]}`))
	if refused != nil {
		t.Fatal(refused)
	}
	if got, want := string(m.notification()), `{"jsonrpc":"2.0","method":"notifications/initialized","params":{}}`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

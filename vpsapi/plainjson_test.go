package vpsapi_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// TestPlainJSON: what is written for people is the same JSON without escapes for web pages.
func TestPlainJSON(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":"x\u0026y \u003cb\u003E"}`: `{"a":"x&y <b>"}`,
		`{"a":"\\u0026"}`:                `{"a":"\\u0026"}`,
		`{"a":"\\\u0026"}`:               `{"a":"\\&"}`,
		`{"a":"\u0022\u0000"}`:           `{"a":"\u0022\u0000"}`,
		`{"a":"\u00`:                     `{"a":"\u00`,
	} {
		got := string(vpsapi.PlainJSON([]byte(in)))
		if got != want {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
		var before, after any
		if json.Unmarshal([]byte(in), &before) == nil && (json.Unmarshal([]byte(got), &after) != nil || !cmp.Equal(before, after)) {
			t.Errorf("%s says another thing than %s", got, in)
		}
	}
}

package vpsapi

import (
	"strings"
	"testing"
)

// However the service writes the key into its answer, no error has it.
func TestKeyIsNotRepeated(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
	}{
		{401, `<title>Invalid key abc123ABC456&#x3D;&#x3D;</title>`},
		{401, `<p>Invalid key abc123ABC456&#61;&equals;</p>`},
		{401, `<p>` + strings.Repeat("x", maxMessage-15) + ` abc123ABC456&#61;&#61;</p>`}, // where the message is cut
		{401, "abc123\u200bABC456=="},
		{401, `{"errors":["abc123\u200bABC456=="]}`},
		{422, `{"errors":{"abc123ABC456==":"is taken"}}`},
		{422, `{"errors":[["\u0061bc123ABC456==","is taken"]]}`},
		{200, `{"error":{"abc123ABC456==":"x"}}`},
		{200, `{"abc123ABC456==":1}`},
		{200, `<title>abc123ABC456&#61;&#61;</title>`},
	} {
		transport, _ := script(says{status: c.status, body: c.body})
		e := failure(t, t.Context(), clientOf(t, Config{Transport: transport}), readOne)
		text := e.Error()
		for _, f := range e.Faults {
			text += " " + f.String()
		}
		if strings.Contains(text, "abc123") || !strings.ContainsAny(text, `"`) {
			t.Errorf("%d %s: %s", c.status, c.body, text)
		}
	}
}

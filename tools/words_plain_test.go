package tools

import (
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
)

// TestPlainTexts: no answer, plan or object shows an escape for web pages.
func TestPlainTexts(t *testing.T) {
	f := newFleet(t, Options{Consent: "code", Policy: generous()}, nil)
	const body = `{"ticket_id":"979","body":"see https://example.com/?a=1&b=2 <now>, then a -> b"`
	code := codeInText.FindStringSubmatch(f.call("reply_to_ticket", body+"}").Text)
	for _, a := range []answer.Answer{f.call("reply_to_ticket", body+"}"), f.call("reply_to_ticket", body+`,"confirm":"`+code[1]+`"}`), f.call("get_ticket", `{"ticket_id":"979"}`)} {
		for _, text := range []string{a.Text, string(a.Structured)} {
			if text != "" && (strings.Contains(text, `\u00`) || !strings.Contains(text, "?a=1&b=2 <now>, then a -> b")) {
				t.Errorf("%s", text)
			}
		}
	}
}

package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// Canaries: what is planted as a secret, and must come out nowhere; and a text that
// is none, and is shown as it is.
const (
	planted  = "Canary-7hq2x9-token"
	password = "a8hjsjnbs91" // of server 1384, in the document's own example
	ordinary = "tweety"
)

// plant puts a secret under a key that nobody documented into every object, and a
// text into those that people write and into errors.
func plant(status int, body []byte) []byte {
	s := string(body)
	if strings.HasPrefix(s, "%PDF") {
		return body
	}
	text := "written by " + ordinary
	for _, key := range []string{"label", "comment", "description", "subject", "action", "notes", "info", "note"} {
		s = regexp.MustCompile(`("`+key+`":")`).ReplaceAllString(s, "${1}"+text+" ")
	}
	s = regexp.MustCompile(`\{("[a-z_]+":(?:[0-9"tfn]))`).ReplaceAllString(s, `{"vendor":{"Access_Key":["`+planted+`"]},"root_password":"`+password+`",$1`)
	if status != http.StatusOK {
		s = strings.Replace(s, `"errors":[`, `"errors":[["base","`+text+`"],`, 1)
	}
	return []byte(s)
}

// TestCanary plants secrets in every reply and looks for them in everything that
// comes out: answers, plans, errors, log at every level, audit, journal.
func TestCanary(t *testing.T) {
	t.Parallel()
	for _, mode := range []consent.Mode{consent.Code, consent.Flag} {
		f := newFleet(t, Options{Consent: mode, Policy: generous(), Secrets: apply.SecretsRedact}, plant)
		var out strings.Builder
		look := func(where, text string) {
			t.Helper()
			for _, secret := range []string{planted, password} {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("%s: %s in ...%s", where, secret, text[max(0, i-100):min(len(text), i+40)])
				}
			}
		}
		f.call("get_cloud_server", `{"server_id":"1384"}`) // the process has seen them
		for _, c := range drive {
			arguments := c.arguments
			if op, _ := vpsapi.Find(c.tool); op.Info().Safety > vpsapi.Changes && mode == consent.Flag {
				arguments = strings.Replace(arguments, "{", `{"confirm":"yes",`, 1)
			}
			for _, a := range []answer.Answer{f.call(c.tool, arguments), f.call(c.tool, `{"nonsense":"`+password+`"}`)} {
				look(c.tool+" text", strings.ReplaceAll(a.Text, `"nonsense"`, ""))
				look(c.tool+" structured", string(a.Structured))
				out.WriteString(a.Text)
			}
			f.now = f.now.Add(5 * time.Minute)
		}
		if !strings.Contains(out.String(), vpsapi.Redacted) || !strings.Contains(out.String(), ordinary) {
			t.Error("nothing was redacted: the canaries were not planted")
		}
		look("log", f.log.String())
		look("audit", f.audited.String())
		entries, err := f.store.Entries(context.Background(), sandbox.Email, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := json.Marshal(entries)
		if err != nil {
			t.Fatal(err)
		}
		look("journal", string(kept))
	}
}

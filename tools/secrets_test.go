package tools

import (
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// written is everything that a fleet's server has put on paper.
func (f *fleet) written() string {
	f.Helper()
	entries, err := f.store.Entries(f.Context(), sandbox.Email, time.Time{})
	if err != nil {
		f.Fatal(err)
	}
	held, err := f.store.AllHeld(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	kept, err := json.Marshal([]any{entries, held})
	if err != nil {
		f.Fatal(err)
	}
	return f.log.String() + f.audited.String() + string(kept)
}

// givesPassword is a call of each function that gives a password.
var givesPassword = []struct{ tool, arguments, id string }{
	{"create_cloud_server", `{"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"1","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":1}`, "5018"},
	{"reset_root_password", `{"server_id":"1385"}`, "1385"},
	{"reinstall_cloud_server", `{"server_id":"1385","system_template_id":"92"}`, "1385"},
	{"get_rsync_backup_info", `{"server_id":"1384"}`, "1384"},
}

// TestPasswordsGoToFiles: a password goes to a file of its own that its owner
// alone can read; the answer names it, and nothing else has the password.
func TestPasswordsGoToFiles(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "secrets")
	f := newFleet(t, Options{Consent: consent.Flag, Policy: generous(), Secrets: apply.SecretsFile, SecretsDir: dir}, nil)
	named := regexp.MustCompile(`is in the file (\S+),`)
	seen := map[string]bool{}
	for _, c := range givesPassword {
		a := f.call(c.tool, agreed(c.tool, c.arguments))
		m := named.FindStringSubmatch(a.Text)
		if m == nil {
			t.Fatalf("%s names no file: %s", c.tool, a.Text)
		}
		if seen[m[1]] || filepath.Dir(m[1]) != dir || !strings.Contains(m[1], c.tool+"-"+c.id+"-") {
			t.Errorf("%s: the file is %s", c.tool, m[1])
		}
		seen[m[1]] = true
		info, err := os.Stat(m[1])
		if err != nil || (runtime.GOOS != "windows" && info.Mode().Perm() != 0o600) {
			t.Errorf("%s: %v, %v", m[1], info.Mode(), err)
		}
		text, err := os.ReadFile(m[1])
		if err != nil {
			t.Fatal(err)
		}
		_, password, found := strings.Cut(strings.TrimSpace(string(text)), "password: ")
		if !found || len(password) < 6 || !strings.Contains(string(text), c.tool) {
			t.Errorf("%s holds %q", m[1], text)
		}
		if strings.Contains(a.Text+string(a.Structured)+f.written(), password) {
			t.Errorf("%s: the password is also elsewhere", c.tool)
		}
		f.now = f.now.Add(10 * time.Minute)
	}
	if files, err := os.ReadDir(dir); err != nil || len(files) != len(givesPassword) {
		t.Errorf("%d files, %v", len(files), err)
	}
}

// agreed adds a yes to the arguments of a tool that takes one.
func agreed(tool, arguments string) string {
	if op, ok := vpsapi.Find(tool); ok && op.Info().Safety <= vpsapi.Changes {
		return arguments
	}
	return strings.Replace(strings.Replace(arguments, "{", `{"confirm":"yes",`, 1), ",}", "}", 1)
}

// TestPasswordsElsewhere: without a file the answer says where the password can be
// read, or has it where the operator said so; a list or a look never gives any.
func TestPasswordsElsewhere(t *testing.T) {
	shown := regexp.MustCompile(`password: [^[]|portal|in a file`)
	for mode, want := range map[apply.SecretsMode]string{
		"": "the VPS.NET portal shows it", apply.SecretsRedact: "the VPS.NET portal shows it", apply.SecretsReveal: "\npassword: ",
		apply.SecretsFile: "could not be kept in a file", // there is no directory for one
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous(), Secrets: mode}, nil)
		for _, c := range givesPassword {
			a := f.call(c.tool, agreed(c.tool, c.arguments))
			if a.IsError || !strings.Contains(a.Text, want) {
				t.Errorf("%q: %s: want %q in %s", mode, c.tool, want, a.Text)
			}
			if strings.Contains(string(a.Structured), "password") && !strings.Contains(string(a.Structured), vpsapi.Redacted) {
				t.Errorf("%q: %s: structured %s", mode, c.tool, a.Structured)
			}
			f.now = f.now.Add(10 * time.Minute)
		}
		for _, c := range []struct{ tool, arguments string }{
			{"get_cloud_server", `{"server_id":"1384","fields":["all"]}`}, {"list_cloud_servers", `{"fields":["all"]}`}, {"search_cloud_servers", `{"search":"web"}`},
		} {
			if a := f.call(c.tool, c.arguments); a.IsError || shown.MatchString(a.Text) {
				t.Errorf("%q: %s: %s", mode, c.tool, a.Text)
			}
		}
	}
}

// TestPasswordOfABrokenReply: the password was set, and the reply broke off: it is
// not lost with it.
func TestPasswordOfABrokenReply(t *testing.T) {
	f := newFleet(t, Options{Consent: consent.Flag, Secrets: apply.SecretsFile, SecretsDir: t.TempDir()}, nil)
	f.tap.edit = func(_ int, body []byte) []byte {
		if sent := f.tap.last(); strings.HasPrefix(sent, http.MethodGet) {
			return body
		}
		return []byte(`{"virtual_machine":{"id":1385,"password":"broken-off-7","lab`)
	}
	a := f.call("reset_root_password", `{"server_id":"1385","confirm":"yes"}`)
	if !a.IsError || !strings.Contains(a.Text, "unknown") || !strings.Contains(a.Text, "is in the file") || strings.Contains(a.Text, "broken-off-7") {
		t.Errorf("the answer: %s", a.Text)
	}
}

// TestTicketPasswords: a password that goes to the staff stands in no word of the
// plan and in nothing that is kept. A body that repeats it is refused: hiding it
// there would hide words of the body from the person.
func TestTicketPasswords(t *testing.T) {
	const given = "hunter2-and-more"
	for _, c := range []struct{ tool, arguments string }{
		{"open_ticket", `{"department":"5","subject":"other","vm_id":"1384","root_password":"` + given + `","body":"Log in with it please"}`},
		{"open_ticket", `{"department":"5","subject":"other","vm_id":"1384","ssh_password":"` + given + `","body":"Log in with it please"}`},
		{"reply_to_ticket", `{"ticket_id":"979","root_password":"` + given + `","body":"Log in with it please"}`},
	} {
		f := newFleet(t, Options{Consent: consent.Person, Approve: "approve %s"}, nil)
		a := f.call(c.tool, strings.Replace(c.arguments, "with it", "with "+given, 1))
		if !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, "body: it repeats a password") || strings.Contains(a.Text+f.written(), given) {
			t.Errorf("%s with the password in its body: %s", c.tool, a.Text)
		}
		a = f.call(c.tool, c.arguments)
		if !a.NeedsConsent || !strings.Contains(a.Text, "Log in with it please") || strings.Contains(a.Text, given) {
			t.Errorf("%s: the plan: %s", c.tool, a.Text)
		}
		held, err := f.store.AllHeld(t.Context())
		if err != nil || len(held) != 1 {
			t.Fatal(len(held), err)
		}
		if err := f.store.Decide(t.Context(), held[0].ID, "anna", true); err != nil {
			t.Fatal(err)
		}
		if a := f.call(c.tool, c.arguments); a.IsError || strings.Contains(a.Text, given) {
			t.Errorf("%s: %s", c.tool, a.Text)
		}
		if sent := f.sb.Changes(); len(sent) != 1 || strings.Count(string(sent[0].Body), given) != 1 {
			t.Errorf("%s: sent %v", c.tool, sent)
		}
		if strings.Contains(f.written(), given) {
			t.Errorf("%s: kept: %s", c.tool, f.written())
		}
	}
}

// TestCurrentPassword: the server fills its own present password in after consent,
// to the service alone. The word itself is not a secret.
func TestCurrentPassword(t *testing.T) {
	const ticket = `{"department":"5","subject":"other","vm_id":"1384","root_password":"current","body":"Look at the current load"}`
	f := newFleet(t, Options{Consent: consent.Flag}, nil)
	a := f.call("open_ticket", ticket)
	if !a.NeedsConsent || !strings.Contains(a.Text, "the present one, filled in when it is sent") || !strings.Contains(a.Text, "the current load") {
		t.Errorf("the plan: %s", a.Text)
	}
	for _, sent := range f.tap.take() {
		if !strings.HasPrefix(sent, http.MethodGet) {
			t.Errorf("planning sent %s", sent)
		}
	}
	if a = f.call("open_ticket", agreed("open_ticket", ticket)); a.IsError {
		t.Fatal(a.Text)
	}
	if sent := f.sb.Changes(); len(sent) != 1 || !strings.Contains(string(sent[0].Body), `"root_password":"`+password+`"`) {
		t.Errorf("sent %v", sent)
	}
	if strings.Contains(a.Text+string(a.Structured)+f.written(), password) {
		t.Error("the password came back")
	}

	for arguments, want := range map[string]string{
		`{"ticket_id":"979","root_password":"current","body":"x","confirm":"yes"}`:                                         "a ticket does not name its server",
		`{"department":"5","subject":"other","vm_id":"99","root_password":"current","body":"x"}`:                           "the server cannot be read",
		`{"department":"5","subject":"other","vm_id":"99","root_password":"current","body":"x","confirm":"yes"}`:           "the server cannot be read",
		`{"department":"5","subject":"other","vm_id":"1384","root_password":"current","body":"Its db","confirm":"yes"}`:    "does not tell the server's present root password",
		`{"department":"5","subject":"other","vm_id":"1385","root_password":"current","body":"No luck","confirm":"yes"}`:   "reading the server's present root password",
		`{"department":"5","subject":"other","vm_id":"1385","root_password":"current","body":"No luck 2","confirm":"yes"}`: "reading the server's present root password",
	} {
		f := newFleet(t, Options{Consent: consent.Flag}, nil)
		f.tap.edit = func(status int, body []byte) []byte {
			if strings.Contains(f.tap.last(), "/virtual_machines/1384") {
				return regexp.MustCompile(`"password":"[^"]*",?`).ReplaceAll(body, nil)
			}
			if strings.Contains(f.tap.last(), "/virtual_machines/1385") { // the plan has it from the list
				return []byte("<html>")
			}
			return body
		}
		tool := "open_ticket"
		if strings.Contains(arguments, "ticket_id") {
			tool = "reply_to_ticket"
		}
		a := f.call(tool, arguments)
		if !a.IsError || a.NeedsConsent || !strings.Contains(a.Text, want) || len(f.sb.Changes()) != 0 {
			t.Errorf("%s: want %q, %d changes: %s", arguments, want, len(f.sb.Changes()), a.Text)
		}
		entries, err := f.store.Entries(t.Context(), sandbox.Email, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.Outcome == nil || e.Outcome.Result != "not sent" {
				t.Errorf("%s: the journal says %+v", arguments, e.Outcome)
			}
		}
	}
}

package tools

import (
	"bufio"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"vpsnet-mcp/vpsapi/sandbox"
)

// TestConversations plays the conversations of testdata/consent in both eras of
// the protocol: a real client over streamable HTTP, a server, and the sandbox,
// whose list of changes proves what happened. Each file says why it is there; its
// script has a line a step:
//
//	serve [name=NAME] [consent=MODE] [policy=FILE] [store=file] [patience=DURATION] [read-only] [no-destroy] [no-commit]
//	                      a server; those with store=file are processes that share state and key
//	client [server=NAME] [caller=NAME] [consent=MODE] [answer=ACTION[:TEXT]]
//	                      a client; with an answer it can ask its person, who accepts (typing TEXT),
//	                      declines, cancels, is late, or agrees after the client hung up
//	call TOOL JSON        $CODE in the JSON is the code of the last answer
//	bring STATE TEXT      the next call brings an answer along that nobody asked for; "no" declines
//	keep code|entry|plan|state NAME   $NAME is that of the last answer from now on
//	ok TEXT, refused TEXT what the last answer was, and a part of it
//	shown TEXT            a part of what the person was shown last
//	asked N               how often the person was asked since the client came
//	audit TEXT            a part of the audit's lines of the last call
//	pass DURATION         the clock moves
//	meanwhile METHOD PATH BODY   somebody else changes the account
//	only ERA              the rest is for this era alone
//	release               the late answer of a person comes
//	approve, decline      a person decides on the plan that waits
//	changes N             how many changes the service has seen through the servers
func TestConversations(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/consent/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no conversations", err)
	}
	for _, file := range files {
		for _, era := range []string{"modern", "legacy"} {
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar")+"/"+era, func(t *testing.T) { play(t, file, era) })
		}
	}
}

func play(t *testing.T, file, era string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if len(archive.Comment) == 0 {
		t.Errorf("%s does not say why it is there", file)
	}
	c := &talk{
		T: t, era: era, files: map[string][]byte{}, clock: clock{at: testStart}, dir: t.TempDir(),
		servers: map[string]*served{}, kept: map[string]string{},
	}
	for _, f := range archive.Files {
		c.files[f.Name] = f.Data
	}
	c.sb = sandbox.New(sandbox.Options{Now: c.clock.now})
	lines := bufio.NewScanner(strings.NewReader(string(c.files["script"])))
	for n := 1; lines.Scan(); n++ {
		verb, rest, _ := strings.Cut(strings.TrimSpace(lines.Text()), " ")
		if verb == "" || verb[0] == '#' {
			continue
		}
		if verb == "only" {
			if rest != era {
				return
			}
			continue
		}
		do, ok := steps[verb]
		if !ok {
			t.Fatalf("%s: line %d: no verb %s", file, n, verb)
		}
		if err := do(c, rest); err != nil {
			t.Fatalf("%s: script line %d: %s: %v", file, n, lines.Text(), err)
		}
	}
}

var steps = map[string]func(c *talk, rest string) error{
	"serve": (*talk).serve, "client": (*talk).client, "call": (*talk).call, "meanwhile": (*talk).meanwhile,
	"keep": (*talk).keep, "bring": (*talk).bring, "audit": (*talk).audited,
	"ok":      func(c *talk, want string) error { return c.expect(false, want) },
	"refused": func(c *talk, want string) error { return c.expect(true, want) },
	"approve": func(c *talk, _ string) error { return c.decide(true) },
	"decline": func(c *talk, _ string) error { return c.decide(false) },
	"release": func(c *talk, _ string) error { c.person.free(); return nil },
	"asked":   func(c *talk, want string) error { return same("asked", int(c.person.asked.Load()), want) },
	"changes": func(c *talk, want string) error { return same("changes", len(c.sb.Changes())-c.others, want) },
	"shown": func(c *talk, want string) error {
		if text := fmt.Sprint(c.person.shown.Load()); !strings.Contains(text, want) {
			return fmt.Errorf("what was shown is\n%s", text)
		}
		return nil
	},
	"pass": func(c *talk, d string) error {
		by, err := time.ParseDuration(d)
		c.clock.pass(by)
		return err
	},
}

func same(what string, got int, want string) error {
	if strconv.Itoa(got) != want {
		return fmt.Errorf("%s: %d, want %s", what, got, want)
	}
	return nil
}

// options reads key=value words; a word without = is set to true.
func options(rest string) map[string]string {
	out := map[string]string{}
	for _, word := range strings.Fields(rest) {
		key, value, ok := strings.Cut(word, "=")
		if !ok {
			value = "true"
		}
		out[key] = value
	}
	return out
}

package main

import (
	"os"
	"strings"
	"testing"
)

// TestMessages: the listing has what errors, plans, tags and pages say, joined and with its line.
func TestMessages(t *testing.T) {
	list, err := messages(os.DirFS("../.."))
	if err != nil || len(list) < 1000 {
		t.Fatalf("%d messages: %v", len(list), err)
	}
	seen := map[string]bool{}
	for _, m := range list {
		seen[m.text] = true
		if m.line < 1 || m.room == "" || strings.Contains(m.file, "_test.go") {
			t.Errorf("%+v", m)
		}
	}
	for _, want := range []string{"What you typed does not match. Nothing was decided.", "To approve, sign in once more. An approval needs a sign-in of the last 15 minutes."} {
		if !seen[want] {
			t.Errorf("not listed: %s", want)
		}
	}
}

package tools

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// TestSearchSaysWhatCannotBeDone: whoever asks for what the API has no function for is told so, and what comes near it; a caller who
// may not use that is not sent there.
func TestSearchSaysWhatCannotBeDone(t *testing.T) {
	s, _ := newSandboxServer(t, Options{Surface: SurfaceSearch})
	for query, want := range map[string]string{
		"set the rDNS of 192.0.2.3":                 "cannot set reverse DNS (PTR records); open_ticket",
		"Reverse DNS for my mail server":            "cannot set reverse DNS",
		"add a PTR record":                          "cannot set reverse DNS",
		"change my e-mail address":                  "cannot change the account's profile",
		"update the profile":                        "cannot change the account's profile",
		"reset my account password":                 "cannot change the account's profile",
		"change the password of my VPS.NET account": "cannot change the account's profile",
		"send an e-mail to my customers":            "cannot send e-mail",
		"email all customers about the maintenance": "cannot send e-mail",
		"take a snapshot of web01":                  "cannot take snapshots that are no backups; create_backup",
		"open port 443 in the firewall":             "cannot set up a firewall",
		"block an IP address":                       "cannot set up a firewall",
		"open the console of web01":                 "cannot open a console",
		"run a command on my server":                "cannot open a console",
		"pay my last invoice":                       "cannot pay",
		"change the credit card":                    "cannot pay",
		"add a user to the account":                 "cannot add users",
		"invite a colleague":                        "cannot add users",
		"put both servers into a private network":   "cannot make a private network; add_ips",
		"create a VLAN":                             "cannot make a private network",
		"set up load balancing":                     "cannot balance load",
		"get an SSL certificate":                    "cannot issue certificates",
		"register a domain":                         "cannot register",
		"upgrade my SSD server":                     "cannot resize",
		"close my account":                          "cannot close the account",
		"rotate the API key":                        "cannot change API keys",
	} {
		arguments, _ := json.Marshal(map[string]string{"query": query})
		a := s.Call(context.Background(), "find_functions", arguments)
		var told struct{ Cannot []string }
		if err := json.Unmarshal(a.Structured, &told); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(a.Text, "VPS.NET's API "+want) || len(told.Cannot) != 1 || !strings.Contains(told.Cannot[0], want) {
			t.Errorf("%s: %v %.300s", query, told.Cannot, a.Text)
		}
	}
	reader := s.Call(only(s, []vpsapi.Safety{vpsapi.Reads}), "find_functions", json.RawMessage(`{"query":"set rDNS"}`)).Text
	if !strings.Contains(reader, "cannot set reverse DNS (PTR records).") || strings.Contains(reader, "open_ticket asks") {
		t.Errorf("a reader is told: %s", reader)
	}
}

// TestLimitsNameWhatExists: each function that a limit names is one, and no query that a function answers is said to be impossible.
func TestLimitsNameWhatExists(t *testing.T) {
	f := newFleet(t, Options{Policy: generous()}, nil)
	text, err := os.ReadFile("testdata/queries/practice.tsv")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		query, want, _ := strings.Cut(strings.TrimSpace(line), "\t")
		for _, l := range catalog.Limits(query) {
			for _, name := range namedTool.FindAllString(l.Help, -1) {
				if _, ok := f.server.tools[name]; !ok {
					t.Errorf("%q names %s, which is no tool", l.Help, name)
				}
			}
			if !strings.Contains(l.Help, want) && !strings.HasPrefix(l.What, "take snapshots") {
				t.Errorf("%q (%s) is said to be impossible: cannot %s; %s", query, want, l.What, l.Help)
			}
		}
	}
}

package host

import (
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
)

// tokensFile writes the callers' tokens with the given scopes.
func (s *site) tokensFile(file string, scopes map[string]string) {
	s.Helper()
	lines := "tokens:\n"
	for name, of := range scopes {
		lines += fmt.Sprintf("  - {name: %s, sha256: %s, scopes: %s, account: %s}\n", name, HashToken(s.tokens[name]), of, name)
	}
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		s.Fatal(err)
	}
}

// Callers of different scopes list at once, in both revisions; then their scopes
// change places, and so do their lists.
func TestListsFollowScopes(t *testing.T) {
	file := ""
	s := newSite(t, func(c *Config) { file = c.TokensFile })
	list := func(caller string, modern bool) string {
		if modern {
			_, text := s.rpc(caller, "tools/list", "")
			return text
		}
		response, _ := s.send("POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
			s.headers(caller)...)
		_, text := s.send("POST", "/mcp", `{"jsonrpc":"2.0","id":"<`+caller+`>","method":"tools/list"}`, s.headers(caller, "Mcp-Session-Id", response.Header.Get("Mcp-Session-Id"))...)
		return text
	}
	judge := func(caller string, all, modern bool) {
		text := list(caller, modern)
		if !strings.Contains(text, `"get_cloud_server"`) || strings.Contains(text, `"delete_cloud_server"`) != all || strings.Contains(text, `"list_domains"`) != all {
			t.Errorf("%s, all %t, modern %t: %.300s", caller, all, modern, text)
		}
		if modern && (!strings.Contains(text, `"cacheScope":"private"`) || !strings.Contains(text, `"ttlMs":60000`)) {
			t.Errorf("%s: the list says nothing of who may keep it: %.300s", caller, text)
		}
		if !modern && !strings.Contains(text, `"id":"<`+caller+`>"`) {
			t.Errorf("%s got the answer to another's request: %.100s", caller, text)
		}
	}
	everybody := func(all map[string]bool) {
		var wait sync.WaitGroup
		for i := range 12 {
			for caller, all := range all {
				wait.Go(func() { judge(caller, all, i%2 == 0) })
			}
		}
		wait.Wait()
	}
	everybody(map[string]bool{"anna": true, "carol": false})
	s.tokensFile(file, map[string]string{"anna": `[read, "toolset:servers"]`, "carol": "[all]"})
	s.host.reload()
	everybody(map[string]bool{"anna": false, "carol": true})
}

// A list is refused like any other request: to whom a session does not belong,
// and after its end. Without a session each caller gets their own.
func TestListsKeepToSessions(t *testing.T) {
	s := newSite(t, nil)
	response, _ := s.send("POST", "/mcp", `{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}`,
		s.headers("anna")...)
	id := response.Header.Get("Mcp-Session-Id")
	const list = `{"jsonrpc":"2.0","id":1,"method":"tools/list"}`
	if text := s.status("her own", 200, "POST", "/mcp", list, s.headers("anna", "Mcp-Session-Id", id)...); !strings.Contains(text, `"delete_cloud_server"`) {
		t.Errorf("no list: %.200s", text)
	}
	s.status("another's", 404, "POST", "/mcp", list, s.headers("bert", "Mcp-Session-Id", id)...)
	if text := s.status("none", 200, "POST", "/mcp", list, s.headers("anna")...); !strings.Contains(text, `"delete_cloud_server"`) {
		t.Errorf("no list: %.200s", text)
	}
	if text := s.status("none, fewer scopes", 200, "POST", "/mcp", list, s.headers("carol")...); strings.Contains(text, `"delete_cloud_server"`) || !strings.Contains(text, `"list_cloud_servers"`) {
		t.Errorf("not their list: %.200s", text)
	}
	s.send("DELETE", "/mcp", "", s.headers("anna", "Mcp-Session-Id", id)...)
	s.status("ended", 404, "POST", "/mcp", list, s.headers("anna", "Mcp-Session-Id", id)...)
}

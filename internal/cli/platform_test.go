package cli

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/zalando/go-keyring"

	"vpsnet-mcp/vpsapi/sandbox"
)

// TestTokenAlone goes the way of a user who has a token of the newer API and no
// other credentials, as README tells it: from setup to a server that is bought,
// rebooted and deleted.
func TestTokenAlone(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	served := httptest.NewServer(sandbox.New(sandbox.Options{Speed: 3000}))
	defer served.Close()
	d := newDesk(t)
	env := map[string]string{"VPSNET_PLATFORM_URL": served.URL + "/rest-api"}
	run := func(code int, says string, in string, args ...string) {
		t.Helper()
		if got := d.runWith(env, in, args...); got != code || !strings.Contains(d.out, says) {
			t.Fatalf("%v: %d, want %d and %q in: %s", args, got, code, says, d.out)
		}
	}
	run(exitFailed, "Invalid API Key", "\nwr0ng-token\n", "setup", "cursor", "--yes")
	if d.file(".config/vpsnet-mcp/token") != "" {
		t.Error("a wrong token was kept")
	}
	run(exitOK, "The token of platform.vps.net works", "\nsandbox\n", "setup", "cursor", "--yes")
	if !strings.HasPrefix(d.file(configName), "platform_token_file: token\nplatform_url: ") || d.file(".config/vpsnet-mcp/token") != "sandbox\n" {
		t.Errorf("kept %q, %q", d.file(configName), d.file(".config/vpsnet-mcp/token"))
	}
	if entry := d.file(".cursor/mcp.json"); !strings.Contains(entry, `"args": []`) {
		t.Errorf("of 25 tools none is left out: %s", entry)
	}
	run(exitFailed, "ok     platform token: list_platform_locations answers", "", "doctor") // the entry's program is not there
	run(exitOK, "117-4107", "", "call", "list_platform_servers")
	run(exitUsage, "VPSNET_EMAIL and VPSNET_API_KEY for the older one", "", "call", "list_cloud_servers")

	const create = `{"location_id":"London - M","label":"new","hostname":"new.example.com","product_name":"V3","os_component_code":"SSDVPSDEBIAN12"}`
	run(exitFailed, "16.00 USD a month", "", "call", "create_platform_server", create)
	run(exitOK, "Done on account platform-", "", "call", "create_platform_server", create, "--yes")
	for end := time.Now().Add(20 * time.Second); ; {
		if d.runWith(env, "", "call", "list_platform_servers"); strings.Contains(d.out, "new.example.com") {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("not listed: %s", d.out)
		}
	}
	run(exitFailed, "a new server is found by its hostname", "", "call", "create_platform_server", create, "--yes")
	run(exitOK, "is up", "", "call", "wait_for_server", "server_id=new.example.com", "state=running")
	run(exitFailed, "needs consent", "", "call", "reboot_platform_server", "platform_server_id=new")
	run(exitOK, "Done", "", "call", "reboot_platform_server", "platform_server_id=new", "--yes")
	run(exitFailed, "needs consent", "", "call", "delete_platform_server", "platform_server_id=new")
	run(exitOK, "Done", "", "call", "delete_platform_server", "platform_server_id=new", "--yes")
	run(exitOK, "platform_servers: 2", "", "call", "fleet_report")
	for tool, known := range map[string]string{"list_platform_servers": "uses it in production", "list_platform_plans": "marked as working", "get_platform_ssh_key": "another of its brands", "list_cloud_servers": "from the vendor's document"} {
		run(exitOK, known, "", "tools", tool)
	}
	run(exitOK, "", "", "setup", "--remove", "--yes")
	if d.file(configName) != "" || d.file(".config/vpsnet-mcp/token") != "" {
		t.Error("the token stays")
	}
	env["VPSNET_EMAIL"], env["VPSNET_API_KEY"], env["VPSNET_PLATFORM_TOKEN"] = "sandbox@vps.net", "sandbox", "sandbox"
	run(exitOK, `"--surface", "search"`, "", "setup", "cursor", "--print") // operate has none of the newer API's
}

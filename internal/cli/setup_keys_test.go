package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"
)

const (
	configName = ".config/vpsnet-mcp/config.yaml"
	keyName    = ".config/vpsnet-mcp/key"
	newLogin   = "me@example.com\ns3cret-key\n"
)

func (d *desk) runWith(variables map[string]string, in string, args ...string) int {
	p, out := d.program(in)
	for name, value := range variables {
		p.env[name] = value
	}
	code := p.run(d.Context(), args)
	d.out = out.String()
	return code
}

// TestRemoveForgetsTheStoredAccount: it is the one that the config file names,
// whatever the environment says beside it.
func TestRemoveForgetsTheStoredAccount(t *testing.T) {
	for name, variables := range map[string]map[string]string{
		"another address":  {"VPSNET_EMAIL": "other@example.com"},
		"another key":      {"VPSNET_API_KEY": "another"},
		"another key file": {"VPSNET_API_KEY_FILE": "/nonexistent/another"},
	} {
		for _, file := range []string{"--no-keyring=false", "--no-keyring"} {
			keyring.MockInit()
			d := newDesk(t)
			if code := d.run(newLogin, "setup", "cursor", file, "--yes"); code != exitOK {
				t.Fatal(d.out)
			}
			if code := d.runWith(variables, "", "setup", "--remove", "--yes"); code != exitOK || strings.Contains(d.out, "other@") {
				t.Errorf("%s: %d: %s", name, code, d.out)
			}
			if _, err := keyring.Get("vpsnet-mcp", d.user()); err == nil || d.file(keyName) != "" || d.file(configName) != "" {
				t.Errorf("%s, %s: the key is still there: %v, %q", name, file, err, d.file(configName))
			}
		}
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
}

// TestAnotherAccountReplacesTheStored: the key of the one before does not stay behind.
func TestAnotherAccountReplacesTheStored(t *testing.T) {
	keyring.MockInit()
	d := newDesk(t)
	d.put(configName, "email: old@example.com\nkey: keyring\n")
	_ = keyring.Set("vpsnet-mcp", "old@example.com", "0ld-key")
	if code := d.run("s3cret-key\n", "setup", "cursor", "--email", "me@example.com", "--yes"); code != exitOK || !strings.Contains(d.file(configName), "email: me@example.com") {
		t.Fatalf("%d: %s", code, d.out)
	}
	if key, err := keyring.Get("vpsnet-mcp", "old@example.com"); err == nil {
		t.Errorf("the keyring still has %s", key)
	}
	if key, err := keyring.Get("vpsnet-mcp", d.user()); err != nil || key != "s3cret-key" {
		t.Error(key, err)
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
}

// TestAForeignKeyFileStays: a file that no config file names is somebody's own.
func TestAForeignKeyFileStays(t *testing.T) {
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
	for _, file := range []string{"--no-keyring=false", "--no-keyring"} {
		d := newDesk(t)
		d.put(keyName, "somebody's own")
		if code := d.run(newLogin, "setup", "cursor", file, "--yes"); code != exitFailed || d.file(keyName) != "somebody's own" || d.file(".cursor/mcp.json") != "" ||
			!strings.Contains(d.out, filepath.Join(d.home, filepath.FromSlash(keyName))+" exists already") {
			t.Errorf("%s: %d: %s", file, code, d.out)
		}
		// Named as ours by the config file it is replaced.
		d.put(configName, "email: me@example.com\napi_key_file: key\napi_url: "+d.url+"\n")
		if code := d.run(newLogin, "setup", "cursor", file, "--yes"); code != exitOK || d.file(keyName) != "s3cret-key\n" {
			t.Errorf("%s: %d: %s", file, code, d.out)
		}
	}
}

// TestAConfigThatCannotBeEditedKeepsTheKeyOut: it is known before the key is kept,
// and what setup would change beside the account is not changed.
func TestAConfigThatCannotBeEditedKeepsTheKeyOut(t *testing.T) {
	for name, config := range map[string]string{
		"another form": "{read_only: true}\n",
		"quoted":       "\"email\": old@example.com\n",
		"two lines":    "read_only: true\napi_key_file:\n  /nonexistent/own\n",
		"at the end":   "email:\n  old@example.com\n",
		"of another":   "policy: rules.yaml\napi_key_file:\n  /nonexistent/own\n",
	} {
		keyring.MockInit()
		d := newDesk(t)
		d.put(configName, config)
		for _, file := range []string{"--no-keyring=false", "--no-keyring"} {
			code := d.runWith(map[string]string{"VPSNET_EMAIL": "me@example.com", "VPSNET_API_KEY": "s3cret-key"}, "", "setup", "cursor", file, "--yes")
			if _, err := keyring.Get("vpsnet-mcp", d.user()); code != exitFailed || err == nil || d.file(configName) != config || d.file(keyName) != "" || d.file(".cursor/mcp.json") != "" {
				t.Errorf("%s: %d, the key: %v\n%s\n%s", name, code, err, d.out, d.file(configName))
			}
		}
	}
	keyring.MockInit()
	d := newDesk(t)
	d.put(configName, "read_only: true\n")
	_ = os.Chmod(filepath.Join(d.home, filepath.FromSlash(configName)), 0o400)
	code := d.run(newLogin, "setup", "cursor", "--yes")
	if _, err := keyring.Get("vpsnet-mcp", d.user()); code == exitOK || err == nil || !strings.Contains(d.out, "is read-only") {
		t.Errorf("%d: %v: %s", code, err, d.out)
	}
	keyring.MockInitWithError(keyring.ErrUnsupportedPlatform)
}

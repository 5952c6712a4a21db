package check

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// pageKeys are the key files of docs/hosting.md's accounts.yaml.
func pageKeys(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("../../docs/hosting.md")
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, m := range regexp.MustCompile(`api_key_file: ([^ }]+)`).FindAllSubmatch(text, -1) {
		keys = append(keys, string(m[1]))
	}
	if len(keys) == 0 {
		t.Fatal("the page names no key file")
	}
	return keys
}

// head is the comment that a file begins with, on one line.
func head(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var words []string
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") {
			break
		}
		words = append(words, strings.TrimSuffix(strings.TrimSpace(strings.TrimPrefix(line, "#")), "\\"))
	}
	return strings.Join(words, " ")
}

// TestKeyFiles: the key files that the page's accounts.yaml names are handed in
// beside it, wherever the program runs.
func TestKeyFiles(t *testing.T) {
	for _, key := range pageKeys(t) {
		if filepath.Base(key) != key {
			t.Errorf("%s is not beside accounts.yaml", key)
		}
		for file, want := range map[string]string{
			"../kubernetes.yaml": "--from-file=" + key + " ", "../compose.yaml": "etc/" + key,
		} {
			if !strings.Contains(head(t, file)+" ", want) {
				t.Errorf("the head of %s has no %s", file, want)
			}
		}
	}
}

// TestUnits: each credential that a unit's command or the page's accounts.yaml
// names is loaded, from where the page puts it, and no other; and the server
// answers to the name that nginx passes on.
func TestUnits(t *testing.T) {
	for _, file := range []string{"../vpsnet-mcp.service", "../vpsnet-mcp@.service"} {
		command := execStart(t, file)
		if !strings.Contains(command, "--allow-host mcp.example.com ") || !strings.Contains(command, "--behind-proxy 127.0.0.1 ") {
			t.Errorf("%s does not serve what nginx passes on: %s", file, command)
		}
		needed := map[string]bool{}
		for _, m := range regexp.MustCompile(`\$\{CREDENTIALS_DIRECTORY\}/(\S+)`).FindAllStringSubmatch(command, -1) {
			needed[m[1]] = true
		}
		for _, key := range pageKeys(t) {
			needed[key] = true
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^LoadCredential=([^:]+):(.+)$`).FindAllStringSubmatch(string(text), -1) {
			if m[2] != "/etc/vpsnet-mcp/"+m[1] || !needed[m[1]] {
				t.Errorf("%s loads %s from %s, which nothing reads or nobody made", file, m[1], m[2])
			}
			delete(needed, m[1])
		}
		for name := range needed {
			t.Errorf("%s does not load %s", file, name)
		}
	}
}

// listed are the arguments that scripts/container.sh takes from a file.
func listed(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var arguments []string
	for _, m := range regexp.MustCompile(`(?m)^ *- (--.*)$`).FindAllSubmatch(text, -1) {
		arguments = append(arguments, string(m[1]))
	}
	return arguments
}

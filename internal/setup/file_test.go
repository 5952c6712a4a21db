package setup

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// TestUndo: what setup wrote and nobody changed since is undone byte for byte,
// even where the table of servers came with it, or the whole file.
func TestUndo(t *testing.T) {
	for _, o := range []struct{ client, text string }{
		{"gemini", "{ \"theme\": \"Dark\" }"}, {"gemini", "{}"}, {"gemini", "{ }"}, {"gemini", "// mine"}, {"gemini", " "}, {"gemini", "\xef\xbb\xbf/* mine */\r\n"},
		{"vscode", "{\n\t\"inputs\": [], // none\n}\n// end"}, {"cursor", "{\r\n  \"mcpServers\": { }\r\n}"}, {"cursor", ""},
		{"codex", "model = \"o3\""}, {"codex", "\xef\xbb\xbf# mine"}, {"codex", ""},
	} {
		c, path, now := client(t, o.client), filepath.Join(t.TempDir(), "config"), time.Now()
		if err := os.WriteFile(path, []byte(o.text), 0o600); err != nil {
			t.Fatal(err)
		}
		before := []byte(o.text)
		for _, e := range []Entry{entry, {Command: "/other/vpsnet-mcp"}} {
			set, err := c.Set(before, e)
			if err != nil {
				t.Fatalf("%q: %v", o.text, err)
			}
			if _, err := Write(path, before, set, now); err != nil {
				t.Fatal(err)
			}
			before = set
		}
		undone, err := c.UndoSetup(path, before)
		if err != nil || undone == nil || string(undone) != o.text {
			t.Errorf("%q: %v, %q", o.text, err, undone)
		}
		// Changed since: ours goes, the change stays.
		mine := strings.Replace(string(before), "/other/", "/mine/", 1)
		if undone, err := c.UndoSetup(path, append([]byte(mine), "\n"...)); err != nil || undone == nil || c.Has(undone) {
			t.Errorf("%q: %v, %q", o.text, err, undone)
		}
	}
	for _, name := range []string{"cursor", "codex"} {
		c, path := client(t, name), filepath.Join(t.TempDir(), "config")
		set, _ := c.Set(nil, entry)
		undone, err := c.UndoSetup(path, set)
		if err != nil || undone != nil {
			t.Errorf("%s: there was no file: %v, %q", name, err, undone)
		}
		if _, err := Write(path, nil, set, time.Now()); err != nil {
			t.Fatal(err)
		}
		if backup, err := Write(path, set, undone, time.Now()); err != nil || backup == "" {
			t.Error(backup, err)
		}
		if _, err := os.Stat(path); err == nil {
			t.Error("the file is still there")
		}
	}
}

// TestUndoThroughALink: the file that a link leads to is not deleted, and what is
// left can be set up again.
func TestUndoThroughALink(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	for _, name := range []string{"cursor", "codex"} {
		c, dir := client(t, name), t.TempDir()
		path, end := filepath.Join(dir, "config"), filepath.Join(dir, "dotfiles")
		set, err := c.Set(nil, entry)
		if err != nil {
			t.Fatal(err)
		}
		_ = os.WriteFile(end, set, 0o600)
		_ = os.Symlink(end, path)
		undone, err := c.UndoSetup(path, set)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Write(path, set, undone, time.Now()); err != nil {
			t.Fatal(err)
		}
		left, err := os.ReadFile(end)
		if err != nil || c.Has(left) {
			t.Errorf("%s: %v, %q", name, err, left)
		}
		if doc, err := c.decode(left); err != nil || (len(left) == 0) != c.TOML { // clients do not take empty JSON
			t.Errorf("%s: %q: %v, %v", name, left, doc, err)
		}
		// Whoever asks for no file gets an empty one.
		if _, err := Write(path, left, nil, time.Now()); err != nil {
			t.Fatal(err)
		}
		if left, err := os.ReadFile(path); err != nil || len(left) != 0 {
			t.Errorf("%s: %v, %q", name, err, left)
		}
		again, err := c.Set(nil, entry)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Write(path, nil, again, time.Now()); err != nil {
			t.Errorf("%s, again: %v", name, err)
		}
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "deep", "mcp.json")
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	if backup, err := Write(path, nil, []byte("one"), now); err != nil || backup != "" {
		t.Fatal(backup, err)
	}
	if _, err := Write(path, []byte("other"), []byte("two"), now); err == nil || !strings.Contains(err.Error(), "changed by another program") {
		t.Error(err)
	}
	if runtime.GOOS != "windows" {
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
			t.Error(info.Mode())
		}
		_ = os.Chmod(path, 0o640)
		link := filepath.Join(dir, "link.json")
		if err := os.Symlink(path, link); err != nil {
			t.Fatal(err)
		}
		path = link
		nowhere := filepath.Join(dir, "nowhere.json")
		if err := os.Symlink(filepath.Join(dir, "away", "mcp.json"), nowhere); err != nil {
			t.Fatal(err)
		}
		if _, err := Write(nowhere, nil, []byte("x"), now); err == nil || !strings.Contains(err.Error(), nowhere+" is a link to "+filepath.Join(dir, "away", "mcp.json")) {
			t.Errorf("a link to what is away was replaced, or is not named: %v", err)
		}
		locked := filepath.Join(dir, "locked.json")
		_ = os.WriteFile(locked, []byte("{}"), 0o400)
		if _, err := Write(locked, []byte("{}"), []byte("x"), now); err == nil || !strings.Contains(err.Error(), "read-only") {
			t.Error(err)
		}
		if left, _ := filepath.Glob(filepath.Join(dir, "*locked*")); len(left) != 1 {
			t.Errorf("beside a file that was not written: %v", left)
		}
	}
	for i, text := range []string{"two", "three"} {
		before, _ := os.ReadFile(path)
		backup, err := Write(path, before, []byte(text), now)
		kept, _ := os.ReadFile(backup)
		if err != nil || string(kept) != string(before) {
			t.Errorf("%d: %v %q", i, err, kept)
		}
	}
	if runtime.GOOS != "windows" {
		info, err := os.Lstat(path)
		if err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Error("the link is one no more")
		}
		if info, _ := os.Stat(path); info.Mode().Perm() != 0o640 {
			t.Error(info.Mode())
		}
	}
}

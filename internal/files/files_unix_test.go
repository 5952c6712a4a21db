//go:build !windows

package files_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vpsnet-mcp/internal/files"
)

// TestTrusted: a file that others can write says nothing; that they can read it is
// no matter, and a link to it, as Kubernetes makes them, is none either.
func TestTrusted(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "policy.yaml")
	if err := os.WriteFile(path, []byte("rules: []\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(dir, "link")
	if err := os.Symlink("policy.yaml", link); err != nil {
		t.Fatal(err)
	}
	for mode, good := range map[os.FileMode]bool{0o600: true, 0o644: true, 0o444: true, 0o664: false, 0o646: false, 0o602: false, 0o620: false} {
		if err := os.Chmod(path, mode); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, link} {
			if _, err := files.ReadTrusted(name); (err == nil) != good || (err != nil && !strings.Contains(err.Error(), "chmod")) {
				t.Errorf("mode %o: %v", mode, err)
			}
		}
	}
}

// TestAppend: a file is made for its user alone, and no link is followed.
func TestAppend(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "audit.jsonl")
	for range 2 {
		f, err := files.OpenAppend(path, os.O_WRONLY)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.WriteString("line\n"); err != nil {
			t.Error(err)
		}
		_ = f.Close()
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 || info.Size() != 10 {
		t.Errorf("%v, %v", info, err)
	}
	for _, target := range []string{path, filepath.Join(dir, "nowhere")} {
		link := filepath.Join(dir, "link")
		_ = os.Remove(link)
		if err := os.Symlink(target, link); err != nil {
			t.Fatal(err)
		}
		if _, err := files.OpenAppend(link, os.O_WRONLY); err == nil || !strings.Contains(err.Error(), "symbolic link") {
			t.Errorf("%s: %v", target, err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere")); err == nil {
		t.Error("a link's target was made")
	}
}

// TestMakeDir makes what is missing, in the rights of their user alone.
func TestMakeDir(t *testing.T) {
	top := t.TempDir()
	dir := filepath.Join(top, "a", "b")
	for range 2 {
		if err := files.MakeDir(dir); err != nil {
			t.Fatal(err)
		}
	}
	for _, d := range []string{dir, filepath.Dir(dir)} {
		if info, err := os.Stat(d); err != nil || info.Mode().Perm() != 0o700 {
			t.Errorf("%s: %v, %v", d, info, err)
		}
	}
	file := filepath.Join(top, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, d := range []string{file, filepath.Join(file, "below")} {
		if err := files.MakeDir(d); err == nil {
			t.Errorf("%s was made in the place of a file", d)
		}
	}
}

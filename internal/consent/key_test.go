package consent

import (
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestKeyFileIsMadeOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	clock := &at{start}
	const many = 16
	sealers := make([]*Sealer, many)
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range many {
		all.Go(func() {
			<-begin
			s, err := NewSealerFile(path, clock.now)
			if err != nil {
				t.Error(err)
				return
			}
			sealers[i] = s
		})
	}
	close(begin)
	all.Wait()
	if t.Failed() {
		return
	}
	for i, s := range sealers {
		if _, _, err := s.Open(sealers[(i+1)%many].Seal(claim()), claim()); err != nil {
			t.Errorf("one does not open what another sealed: %v", err)
		}
		if s.Digest(claim()) != sealers[0].Digest(claim()) {
			t.Error("digests differ")
		}
	}
	info, err := os.Stat(path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", info.Mode(), err)
	}
	if files, err := os.ReadDir(filepath.Dir(path)); err != nil || len(files) != 1 {
		t.Errorf("left over: %v, %v", files, err)
	}
	text, err := os.ReadFile(path)
	if key, bad := hex.DecodeString(strings.TrimSpace(string(text))); err != nil || bad != nil || len(key) != KeySize {
		t.Errorf("the file holds %d bytes, %v, %v", len(key), err, bad)
	}
}

func TestKeyFileOfAnOperator(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	key := strings.Repeat("0aF9", 20)
	if err := os.WriteFile(path, []byte("  "+key+"\r\n"), 0o400); err != nil {
		t.Fatal(err)
	}
	a, err := NewSealerFile(path, (&at{start}).now)
	if err != nil {
		t.Fatal(err)
	}
	b, err := NewSealerFile(path, (&at{start}).now)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.Open(a.Seal(claim()), claim()); err != nil {
		t.Error(err)
	}
}

func TestKeyFileThatIsNone(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"empty":     "",
		"short":     strings.Repeat("ab", KeySize-1),
		"odd":       strings.Repeat("ab", KeySize) + "a",
		"not hex":   strings.Repeat("xy", KeySize),
		"base64":    "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldA==",
		"two lines": strings.Repeat("ab", KeySize) + "\n" + strings.Repeat("ab", KeySize),
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := NewSealerFile(path, (&at{start}).now)
		if err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", name, err)
		}
		if err != nil && text != "" && strings.Contains(err.Error(), text) {
			t.Errorf("%s: the error tells the key: %v", name, err)
		}
		if now, _ := os.ReadFile(path); string(now) != text {
			t.Errorf("%s: the file was changed", name)
		}
	}
	for _, path := range []string{dir, filepath.Join(dir, "missing", "key")} {
		if _, err := NewSealerFile(path, (&at{start}).now); err == nil || !strings.Contains(err.Error(), "consent key") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestDirOf(t *testing.T) {
	for path, want := range map[string]string{"key": ".", "/key": "/", "a/b/key": "a/b/", `C:\state\key`: `C:\state\`} {
		if got := parentDir(path); got != want {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
}

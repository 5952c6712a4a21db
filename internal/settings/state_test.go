package settings

import (
	"runtime"
	"testing"

	"vpsnet-mcp/internal/state"
)

// TestReadsNeedNoState: where the user's own place for state is none or cannot be
// written, a server for one reads on, and its store says why it keeps nothing. A
// place that somebody named, and a hosted server's, must be writable.
func TestReadsNeedNoState(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("the places are Linux's")
	}
	for _, home := range []string{"", "/proc/none", "/dev/null"} {
		t.Setenv("HOME", home)
		for _, c := range []struct {
			dir, transport string
			works          bool
		}{
			{"", transportStdio, true}, {"/proc/none/state", transportStdio, false}, {"", TransportHTTP, false},
		} {
			s := &Settings{StateDir: c.dir, Hosted: Hosted{Transports: []string{c.transport}}}
			kept, err := s.Store()
			_, sealed := s.Sealer()
			if works := err == nil && sealed == nil; works != c.works {
				t.Errorf("HOME %q, %+v: %v, %v", home, c, err, sealed)
			} else if works && state.WhyNone(kept) == nil {
				t.Errorf("HOME %q: it keeps state", home)
			}
		}
	}
}

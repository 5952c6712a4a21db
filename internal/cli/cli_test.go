package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestMain makes the test binary serve as vpsnet-mcp too, for the scripts and
// for the tests that start a process.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"vpsnet-mcp": func() { os.Exit(Main()) }})
}

// TestScript runs testdata/script: whole runs of the command as a person or an
// MCP client sees them.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_CONFIG_HOME", filepath.Join(env.WorkDir, "xdg"))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
		},
	})
}

// exits CODE COMMAND ... runs a command that must end with the code.
func exits(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ...")
	}
	err := ts.Exec(args[1], args[2:]...)
	got := "exit status 0"
	if err != nil {
		got = err.Error()
	}
	if got != "exit status "+args[0] {
		ts.Fatalf("ended with %q, want exit status %s", got, args[0])
	}
}

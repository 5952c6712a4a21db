package doctor

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
)

// settingsFindings name what was set, where, and to what; but for what identifies
// the account.
func settingsFindings(s *settings.Settings) []Finding {
	if len(s.From) == 0 && len(s.Routes) == 0 {
		return []Finding{{"settings", StateOK, "all as they come"}}
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(s.From)) {
		from := s.From[name]
		if from == settings.FromFile {
			from += " " + s.File
		}
		words = append(words, fmt.Sprintf("%s %s by the %s", name, s.Said[name], from))
	}
	seen := []Finding{{"settings", StateOK, strings.Join(words, ", ")}}
	for _, tool := range slices.Sorted(maps.Keys(s.Routes)) {
		seen = append(seen, Finding{"setting of a route", StateOK, fmt.Sprintf("%s is %s by the config file %s", tool, s.Routes[tool], s.File)})
	}
	return seen
}

// fileFindings look at who else can read or write the files that the settings name.
func fileFindings(s *settings.Settings) []Finding {
	var seen []Finding
	for _, f := range []struct {
		check, path string
		loose       os.FileMode // bits that none of it should have
		state       string      // when it has
	}{
		{"config file", s.File, 0o022, StateNote},
		{"key file", s.APIKeyFile, 0o077, StateNote},
		{"policy file", s.Policy, 0o022, StateNote},
		{"consent key file", s.ConsentKeyFile, 0o077, StateFault},
		{"tokens file", s.Hosted.Tokens, 0o077, StateFault},
		{"accounts file", s.Hosted.Accounts, 0o077, StateFault},
		{"TLS key", s.Hosted.TLSKey, 0o077, StateNote},
	} {
		if f.path != "" {
			seen = append(seen, modeFinding(f.check, f.path, f.loose, f.state))
		}
	}
	return seen
}

func modeFinding(check, path string, loose os.FileMode, state string) Finding {
	info, err := os.Stat(path)
	if err != nil {
		return Finding{check, StateFault, err.Error()}
	}
	mode := info.Mode().Perm()
	switch can := "write"; {
	case mode&loose == 0 || runtime.GOOS == "windows":
		return Finding{check, StateOK, fmt.Sprintf("%s, mode %04o", path, mode)}
	default:
		if mode&loose&0o044 != 0 {
			can = "read"
		}
		return Finding{check, state, fmt.Sprintf("others may %s %s (mode %04o): chmod %o", can, path, mode, mode&^loose)}
	}
}

// accountsFinding reads the accounts of a server for others.
func accountsFinding(s *settings.Settings) Finding {
	if s.Hosted.Accounts == "" {
		return Finding{}
	}
	accounts, err := s.ReadAccounts()
	if err != nil {
		return Finding{"accounts", StateFault, err.Error()}
	}
	return Finding{"accounts", StateOK, fmt.Sprintf("%d", len(accounts))}
}

func policyFinding(s *settings.Settings) Finding {
	if s.Policy == "" {
		return Finding{"policy", StateOK, "none of your own: the built-in limits hold"}
	}
	checked, err := policy.Load(s.Policy, settings.PolicyNames())
	if err != nil {
		return Finding{"policy", StateFault, err.Error()}
	}
	return Finding{"policy", StateOK, fmt.Sprintf("%d rules, %d protected things", len(checked.Rules), len(checked.Protect))}
}

// stateFinding opens the state as a server does, asks whether it can be written,
// and reads the journal.
func stateFinding(ctx context.Context, s *settings.Settings) Finding {
	if s.InMemory() {
		return Finding{"state", StateOK, "in memory: the sandbox is gone with the process"}
	}
	store, err := s.Store()
	if err != nil {
		return Finding{"state", StateFault, err.Error()}
	}
	defer func() { _ = store.Close() }()
	if err := store.Ready(ctx); err != nil {
		return Finding{"state", StateFault, err.Error()}
	}
	if _, err := s.Sealer(); err != nil {
		return Finding{"state", StateFault, err.Error()}
	}
	torn, err := store.Unreadable(ctx)
	if err != nil {
		return Finding{"state", StateFault, "the journal: " + err.Error()}
	}
	where := statePlace(s)
	if len(torn) > 0 {
		return Finding{"state", StateNote, fmt.Sprintf("%s; the journal has lines that say nothing, the first is line %d: a crash tore them, and their changes were never sent", where, torn[0])}
	}
	return Finding{"state", StateOK, where + ", can be written, and the journal is whole"}
}

func statePlace(s *settings.Settings) string {
	switch {
	case s.Redis != "":
		return "in Redis"
	case s.Journal != "":
		return "journal " + s.Journal
	}
	dir, _ := s.StateDirectory() // the store has found it
	return dir
}

// auditFinding asks whether the audit can be written, and writes nothing.
func auditFinding(s *settings.Settings) Finding {
	switch {
	case s.Audit == "" && s.AuditRequired:
		return Finding{"audit", StateFault, "audit-required needs --audit FILE"}
	case s.Audit == "":
		return Finding{}
	case s.Audit == "stderr":
		return Finding{"audit", StateOK, s.Audit}
	}
	f, err := os.OpenFile(s.Audit, os.O_APPEND|os.O_WRONLY, 0)
	if os.IsNotExist(err) {
		f, err = os.CreateTemp(filepath.Dir(s.Audit), ".doctor-*") // where it will be made
		if err == nil {
			defer func() { _ = os.Remove(f.Name()) }()
		}
	}
	if err != nil {
		return Finding{"audit", StateFault, err.Error()}
	}
	if err := f.Close(); err != nil {
		return Finding{"audit", StateFault, err.Error()}
	}
	return Finding{"audit", StateOK, s.Audit + " can be written"}
}

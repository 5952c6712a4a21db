package cli

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
)

// settingsFindings name what was set, where, and to what; but for what identifies
// the account.
func settingsFindings(s *Settings) []finding {
	if len(s.from) == 0 && len(s.Routes) == 0 {
		return []finding{{"settings", stateOK, "all as they come"}}
	}
	var words []string
	for _, name := range slices.Sorted(maps.Keys(s.from)) {
		from := s.from[name]
		if from == fromFile {
			from += " " + s.file
		}
		words = append(words, fmt.Sprintf("%s %s by the %s", name, s.said[name], from))
	}
	seen := []finding{{"settings", stateOK, strings.Join(words, ", ")}}
	for _, tool := range slices.Sorted(maps.Keys(s.Routes)) {
		seen = append(seen, finding{"setting of a route", stateOK, fmt.Sprintf("%s is %s by the config file %s", tool, s.Routes[tool], s.file)})
	}
	return seen
}

// fileFindings look at who else can read or write the files that the settings name.
func fileFindings(s *Settings) []finding {
	var seen []finding
	for _, f := range []struct {
		check, path string
		loose       os.FileMode // bits that none of it should have
		state       string      // when it has
	}{
		{"config file", s.file, 0o022, stateNote},
		{"key file", s.APIKeyFile, 0o077, stateNote},
		{"policy file", s.Policy, 0o022, stateNote},
		{"consent key file", s.ConsentKeyFile, 0o077, stateFault},
		{"tokens file", s.Hosted.Tokens, 0o077, stateFault},
		{"accounts file", s.Hosted.Accounts, 0o077, stateFault},
		{"TLS key", s.Hosted.TLSKey, 0o077, stateNote},
	} {
		if f.path != "" {
			seen = append(seen, modeFinding(f.check, f.path, f.loose, f.state))
		}
	}
	return seen
}

func modeFinding(check, path string, loose os.FileMode, state string) finding {
	info, err := os.Stat(path)
	if err != nil {
		return finding{check, stateFault, err.Error()}
	}
	mode := info.Mode().Perm()
	switch can := "write"; {
	case mode&loose == 0 || runtime.GOOS == "windows":
		return finding{check, stateOK, fmt.Sprintf("%s, mode %04o", path, mode)}
	default:
		if mode&loose&0o044 != 0 {
			can = "read"
		}
		return finding{check, state, fmt.Sprintf("others may %s %s (mode %04o): chmod %o", can, path, mode, mode&^loose)}
	}
}

// accountsFinding reads the accounts of a server for others.
func accountsFinding(s *Settings) finding {
	if s.Hosted.Accounts == "" {
		return finding{}
	}
	accounts, err := readAccounts(s.Hosted.Accounts)
	if err != nil {
		return finding{"accounts", stateFault, err.Error()}
	}
	return finding{"accounts", stateOK, fmt.Sprintf("%d", len(accounts))}
}

func policyFinding(s *Settings) finding {
	if s.Policy == "" {
		return finding{"policy", stateOK, "none of your own: the built-in limits hold"}
	}
	checked, err := policy.Load(s.Policy, policyNames())
	if err != nil {
		return finding{"policy", stateFault, err.Error()}
	}
	return finding{"policy", stateOK, fmt.Sprintf("%d rules, %d protected things", len(checked.Rules), len(checked.Protect))}
}

// stateFinding opens the state as a server does, asks whether it can be written,
// and reads the journal.
func (p *program) stateFinding(ctx context.Context, s *Settings) finding {
	if s.inMemory() {
		return finding{"state", stateOK, "in memory: the sandbox is gone with the process"}
	}
	store, err := p.store(s)
	if err != nil {
		return finding{"state", stateFault, err.Error()}
	}
	defer func() { _ = store.Close() }()
	if err := store.Ready(ctx); err != nil {
		return finding{"state", stateFault, err.Error()}
	}
	if _, err := p.sealer(s); err != nil {
		return finding{"state", stateFault, err.Error()}
	}
	torn, err := store.Unreadable(ctx)
	if err != nil {
		return finding{"state", stateFault, "the journal: " + err.Error()}
	}
	where := p.statePlace(s)
	if len(torn) > 0 {
		return finding{"state", stateNote, fmt.Sprintf("%s; the journal has lines that say nothing, the first is line %d: a crash tore them, and their changes were never sent", where, torn[0])}
	}
	return finding{"state", stateOK, where + ", can be written, and the journal is whole"}
}

func (p *program) statePlace(s *Settings) string {
	switch {
	case s.Redis != "":
		return "in Redis"
	case s.Journal != "":
		return "journal " + s.Journal
	}
	dir, _ := p.stateDirectory(s) // the store has found it
	return dir
}

// auditFinding asks whether the audit can be written, and writes nothing.
func auditFinding(s *Settings) finding {
	switch {
	case s.Audit == "" && s.AuditRequired:
		return finding{"audit", stateFault, "audit-required needs --audit FILE"}
	case s.Audit == "":
		return finding{}
	case s.Audit == "stderr":
		return finding{"audit", stateOK, s.Audit}
	}
	f, err := os.OpenFile(s.Audit, os.O_APPEND|os.O_WRONLY, 0)
	if os.IsNotExist(err) {
		f, err = os.CreateTemp(filepath.Dir(s.Audit), ".doctor-*") // where it will be made
		if err == nil {
			defer func() { _ = os.Remove(f.Name()) }()
		}
	}
	if err != nil {
		return finding{"audit", stateFault, err.Error()}
	}
	if err := f.Close(); err != nil {
		return finding{"audit", stateFault, err.Error()}
	}
	return finding{"audit", stateOK, s.Audit + " can be written"}
}

package doctor

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/internal/state"
)

// settingsFindings name what was set, where, and to what; but for what identifies
// the account.
func settingsFindings(s *settings.Settings) []Finding {
	if len(s.From) == 0 && len(s.Routes) == 0 {
		return []Finding{{"settings", StateOK, "all defaults"}}
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
		seen = append(seen, Finding{"setting of a route", StateOK, fmt.Sprintf("the route of %s is set to %s by the config file %s", tool, s.Routes[tool], s.File)})
	}
	return seen
}

// fileFindings look at who else can read or write the files that the settings name.
func fileFindings(s *settings.Settings) []Finding {
	var seen []Finding
	for _, f := range []struct {
		name, path string
		check      func(path string, info os.FileInfo) error // that whoever reads it makes too
	}{
		{"config file", s.File, files.CheckTrusted},
		{"key file", s.APIKeyFile, files.CheckSecret},
		{"policy file", s.Policy, files.CheckTrusted},
		{"consent key file", s.ConsentKeyFile, files.CheckSecret},
		{"tokens file", s.Hosted.Tokens, files.CheckSecret},
		{"accounts file", s.Hosted.Accounts, files.CheckSecret},
		{"TLS key", s.Hosted.TLSKey, files.CheckSecret},
		{"client secret file", s.Hosted.ClientSecret, files.CheckSecret},
		{"notices' key file", s.NotifyKeyFile, files.CheckSecret},
	} {
		if f.path == "" {
			continue
		}
		info, err := os.Stat(f.path)
		if err == nil {
			err = f.check(f.path, info)
		}
		if err != nil {
			seen = append(seen, Finding{f.name, StateFault, err.Error()})
			continue
		}
		seen = append(seen, Finding{f.name, StateOK, fmt.Sprintf("%s, mode %04o", f.path, info.Mode().Perm())})
	}
	return seen
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

// policyFinding says whether the policy file can be read and used.
func policyFinding(s *settings.Settings) Finding {
	if s.Policy == "" {
		return Finding{"policy", StateOK, "no policy file is set: the built-in limits apply"}
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
		return Finding{"state", StateOK, "in memory: what the sandbox holds is lost when the program ends"}
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
	unreadable, err := store.Unreadable(ctx)
	if err != nil {
		return Finding{"state", StateFault, "the journal: " + err.Error()}
	}
	if _, err := store.AllHeld(ctx); err != nil {
		return Finding{"state", StateFault, "the waiting plans: " + err.Error() + "; delete the file that it names (rm FILE), and make that call again, which asks anew"}
	}
	where := describeStatePlace(s)
	if n := len(unreadable.Plans); n > 0 {
		return Finding{"state", StateFault, fmt.Sprintf("%s; %d waiting plans cannot be read, the first is %s: make the server's user the owner of the file, or delete it and make the call again",
			where, n, unreadable.Plans[0])}
	}
	if torn := unreadable.Lines; len(torn) > 0 {
		return Finding{"state", StateNote, fmt.Sprintf("%s; the journal has unreadable lines, the first is line %d: a crash cut them off, and their changes were not sent", where, torn[0])}
	}
	if f := writesFinding(ctx, store); f.Says != "" {
		return f
	}
	return Finding{"state", StateOK, where + ", can be written, and all of the journal can be read"}
}

// writesFinding asks a Redis whether it keeps what it is given; of other stores it says nothing.
func writesFinding(ctx context.Context, store state.Store) Finding {
	shared, ok := store.(interface {
		KeepsWrites(ctx context.Context) (bool, error)
	})
	if !ok {
		return Finding{}
	}
	const why = ": without it the journal, the limits' counts and the codes that were used are lost when it starts again"
	switch keeps, err := shared.KeepsWrites(ctx); {
	case err != nil:
		return Finding{"state", StateNote, fmt.Sprintf("in Redis, which does not say whether it keeps what it is given (%v): see that appendonly is yes there", err) + why}
	case !keeps:
		return Finding{"state", StateFault, "in Redis, whose appendonly is no" + why + "; redis-cli config set appendonly yes, then redis-cli config rewrite"}
	}
	return Finding{}
}

// describeStatePlace names where the state is kept: Redis, a directory or memory.
func describeStatePlace(s *settings.Settings) string {
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

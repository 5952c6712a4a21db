package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"time"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
)

// keep fills in where a server keeps state, and by whose rules it works.
func (p *program) keep(s *Settings, o *tools.Options) error {
	var err error
	if o.Store, err = p.store(s); err != nil {
		return err
	}
	if o.Sealer, err = p.sealer(s); err != nil {
		return err
	}
	if s.ConsentKeyFile != "" && s.inMemory() && (!s.NoDestroy || !s.NoCommit) {
		return errors.New("a shared consent key needs a shared memory of what was used: add --journal FILE, --state-dir DIR or --redis URL, or both --no-destroy and --no-commit")
	}
	o.Secrets = s.Secrets
	if s.inMemory() && s.from["secrets"] == "" {
		o.Secrets = tools.SecretsReveal // the sandbox's passwords are none, and nothing of it is kept
	}
	if dir, err := p.stateDirectory(s); err == nil {
		o.SecretsDir = filepath.Join(dir, "secrets")
	}
	if s.Policy != "" {
		if o.Policy, err = policy.Load(s.Policy, policyNames()); err != nil {
			return err
		}
	}
	if s.Audit != "" {
		if o.Audit, err = audit.Open(s.Audit); err != nil {
			return err
		}
	}
	if s.AuditRequired && s.Audit == "" {
		return errors.New("audit-required needs --audit FILE")
	}
	o.AuditRequired = s.AuditRequired
	return nil
}

// inMemory reports that nothing is kept: the sandbox's account is gone with the
// process, and a journal of it would speak of nothing.
func (s *Settings) inMemory() bool {
	return s.Sandbox && s.StateDir == "" && s.Journal == "" && s.Redis == ""
}

func (p *program) store(s *Settings) (state.Store, error) {
	switch {
	case s.Redis != "":
		return state.OpenRedis(s.Redis, "vpsnet-mcp:", time.Now)
	case s.inMemory():
		return state.NewMemory(time.Now), nil
	case s.Journal != "":
		return state.OpenJournal(s.Journal, time.Now)
	}
	dir, err := p.stateDirectory(s)
	if err != nil {
		return nil, err
	}
	return state.OpenFile(dir, time.Now)
}

// sealer shares its key with whatever shares the state.
func (p *program) sealer(s *Settings) (*consent.Sealer, error) {
	switch {
	case s.ConsentKeyFile != "":
		return consent.NewSealerFile(s.ConsentKeyFile, time.Now)
	case s.Redis != "":
		return nil, errors.New("--redis needs --consent-key-file FILE, the same for all replicas: a consent of one must be good at the other")
	case s.inMemory():
		return consent.NewSealer(time.Now), nil
	}
	dir, err := p.stateDirectory(s)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	return consent.NewSealerFile(filepath.Join(dir, "consent.key"), time.Now)
}

// stateDirectory is where this program keeps state: as the settings say, else
// the user's own place for it.
func (p *program) stateDirectory(s *Settings) (string, error) {
	if s.StateDir != "" {
		return s.StateDir, nil
	}
	if dir := p.env["XDG_STATE_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "vpsnet-mcp"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no state directory: %w; give --state-dir DIR", err)
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "vpsnet-mcp", "state"), nil
	case "windows":
		if dir := p.env["LOCALAPPDATA"]; dir != "" {
			return filepath.Join(dir, "vpsnet-mcp", "state"), nil
		}
	}
	return filepath.Join(home, ".local", "state", "vpsnet-mcp"), nil
}

// policyNames are the names that a policy may speak of.
func policyNames() policy.Names {
	names := policy.Names{Tools: toolNames()}
	server, err := catalog(&Settings{})
	if err != nil {
		return names
	}
	for _, e := range server.Entries() {
		if !slices.Contains(names.Groups, e.Group) {
			names.Groups = append(names.Groups, e.Group)
		}
	}
	return names
}

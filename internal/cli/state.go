package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
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
func (s *Settings) inMemory() bool { return s.Sandbox && s.StateDir == "" && s.Journal == "" }

func (p *program) store(s *Settings) (state.Store, error) {
	switch {
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
	for _, g := range vpsapi.Groups() {
		names.Groups = append(names.Groups, g.Name)
	}
	return names
}

package settings

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"time"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools"
	"vpsnet-mcp/tools/apply"
	"vpsnet-mcp/vpsapi"
)

// SetState fills in where a server keeps state, and by whose rules it works.
func (s *Settings) SetState(o *tools.Options) error {
	var err error
	if o.Store, err = s.Store(); err != nil {
		return err
	}
	if o.Sealer, err = s.Sealer(); err != nil {
		return err
	}
	if s.ConsentKeyFile != "" && s.InMemory() && !s.OnlyJudges && (!s.NoDestroy || !s.NoCommit) {
		return errors.New("servers that share a consent key must also share which codes were used: add --journal FILE, --state-dir DIR or --redis URL, or both --no-destroy and --no-commit")
	}
	o.Secrets = s.Secrets
	if s.InMemory() && s.From["secrets"] == "" {
		o.Secrets = apply.SecretsReveal // the sandbox's passwords are none, and nothing of it is kept
	}
	if dir, err := s.StateDirectory(); err == nil {
		o.SecretsDir = filepath.Join(dir, "secrets")
	}
	if s.Policy != "" {
		if o.Policy, err = policy.Load(s.Policy, PolicyNames()); err != nil {
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

// InMemory reports that nothing is kept: the sandbox's account is gone with the
// process, and a journal of it would speak of nothing.
func (s *Settings) InMemory() bool {
	return s.Sandbox && s.StateDir == "" && s.Journal == "" && s.Redis == ""
}

// Store opens the state where the settings say. The caller closes it.
func (s *Settings) Store() (state.Store, error) {
	switch {
	case s.Redis != "":
		return state.OpenRedis(s.Redis, "vpsnet-mcp:", time.Now)
	case s.InMemory():
		return state.NewMemory(time.Now), nil
	case s.Journal != "":
		return state.OpenJournal(s.Journal, time.Now)
	}
	kept, err := s.fileStore()
	if err != nil && s.mayRunWithoutState(err) {
		return state.NewNone(err), nil
	}
	return kept, err
}

// fileStore returns the state in files of the state directory.
func (s *Settings) fileStore() (state.Store, error) {
	dir, err := s.StateDirectory()
	if err != nil {
		return nil, err
	}
	kept, err := state.OpenFile(dir, time.Now)
	if err != nil {
		return nil, err
	}
	return kept, nil
}

// errNoHome is why there is no place for state by default.
var errNoHome = errors.New("there is no home directory")

// mayRunWithoutState reports that the user's own place for state cannot be written, and
// nobody named one: reads need none. A hosted server does not do without.
func (s *Settings) mayRunWithoutState(err error) bool {
	if s.StateDir != "" || s.IsHosted() {
		return false
	}
	for _, why := range []error{errNoHome, fs.ErrPermission, fs.ErrNotExist, syscall.EROFS, syscall.ENOTDIR} {
		if errors.Is(err, why) {
			return true
		}
	}
	return false
}

// Sealer shares its key with whatever shares the state.
func (s *Settings) Sealer() (*consent.Sealer, error) {
	switch {
	case s.OnlyJudges:
		return consent.NewSealer(time.Now), nil
	case s.ConsentKeyFile != "":
		return consent.NewSealerFile(s.ConsentKeyFile, time.Now)
	case s.Redis != "":
		return nil, errors.New("--redis needs --consent-key-file FILE, the same for all replicas: a consent given at one must be valid at the others")
	case s.InMemory():
		return consent.NewSealer(time.Now), nil
	}
	sealer, err := s.fileSealer()
	if err != nil && s.mayRunWithoutState(err) {
		return consent.NewSealer(time.Now), nil
	}
	return sealer, err
}

// fileSealer returns the sealer whose key is in a file of the state directory.
func (s *Settings) fileSealer() (*consent.Sealer, error) {
	dir, err := s.StateDirectory()
	if err != nil {
		return nil, err
	}
	if err := files.MakeDir(dir); err != nil {
		return nil, fmt.Errorf("state directory: %w", err)
	}
	return consent.NewSealerFile(filepath.Join(dir, "consent.key"), time.Now)
}

// StateDirectory is where this program keeps state: as the settings say, else in
// the user's own place for it.
func (s *Settings) StateDirectory() (string, error) {
	if s.StateDir != "" {
		return s.StateDir, nil
	}
	return StateDirectory(s.sources.Env)
}

// homeDirectory is the user's home as the environment says, else as the system does.
func homeDirectory(env map[string]string) (string, error) {
	name := "HOME"
	if runtime.GOOS == "windows" {
		name = "USERPROFILE"
	}
	if home := env[name]; home != "" {
		return home, nil
	}
	return os.UserHomeDir()
}

// StateDirectory is the user's own place for state.
func StateDirectory(env map[string]string) (string, error) {
	if dir := env["XDG_STATE_HOME"]; filepath.IsAbs(dir) {
		return filepath.Join(dir, "vpsnet-mcp"), nil
	}
	home, err := homeDirectory(env)
	if err != nil {
		return "", fmt.Errorf("no state directory: %w (%w); give --state-dir DIR", errNoHome, err)
	}
	switch runtime.GOOS {
	case "darwin":
		return filepath.Join(home, "Library", "Application Support", "vpsnet-mcp", "state"), nil
	case "windows":
		if dir := env["LOCALAPPDATA"]; dir != "" {
			return filepath.Join(dir, "vpsnet-mcp", "state"), nil
		}
	}
	return filepath.Join(home, ".local", "state", "vpsnet-mcp"), nil
}

// PolicyNames are the names that a policy may speak of.
func PolicyNames() policy.Names {
	names := policy.Names{Tools: ToolNames()}
	server, err := Catalog(&Settings{SandboxNewer: true})
	if err != nil {
		return names
	}
	for _, e := range server.Entries() {
		if !slices.Contains(names.Groups, e.Group) {
			names.Groups = append(names.Groups, e.Group)
		}
		if f := (policy.Function{Tool: e.Name, Group: e.Group}); e.Safety > vpsapi.Reads {
			names.Changing = append(names.Changing, f)
		} else {
			names.Reading = append(names.Reading, f)
		}
	}
	return names
}

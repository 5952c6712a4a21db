package cli

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/tools"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// The least level that is logged when nobody chose one. A command tells its
// person what went wrong in its own words; a log line beside them is noise.
const (
	serverLogLevel  = zerolog.InfoLevel
	commandLogLevel = zerolog.ErrorLevel
)

// logger writes to stderr: lines for people on a terminal, JSON elsewhere.
func (p *program) logger(s *Settings, level zerolog.Level) zerolog.Logger {
	if s.LogLevel != zerolog.NoLevel {
		level = s.LogLevel
	}
	log := zerolog.New(p.err)
	if isTerminal(p.err) {
		log = zerolog.New(zerolog.ConsoleWriter{Out: p.err, TimeFormat: time.TimeOnly, NoColor: p.env["NO_COLOR"] != ""})
	}
	return log.Level(level).With().Timestamp().Logger()
}

// tellBreaker logs that the calls of an account are paused, tried again, taken up.
func tellBreaker(log zerolog.Logger) func(account, state string) {
	return func(account, state string) {
		log.Warn().Str("account", account).Str("breaker", state).Msg("calls to the service")
	}
}

// server makes the tools of the account that the settings name.
func (p *program) server(s *Settings, log zerolog.Logger) (*tools.Server, error) {
	config, err := p.account(s)
	if err != nil {
		return nil, err
	}
	o := tools.Options{Approve: "vpsnet-mcp approve %s (on their terminal)", Trace: p.traces}
	if err := p.keep(s, &o); err != nil {
		return nil, err
	}
	return newServer(s, config, log, o)
}

// catalog is the tools for a look at them, on no account.
func catalog(s *Settings) (*tools.Server, error) {
	all := *s
	all.Surface = tools.SurfaceAll
	s = &all
	return newServer(s, vpsapi.Config{Email: "nobody", APIKey: "nobody", Transport: offline{}}, zerolog.Nop(), tools.Options{})
}

// offline is a transport that sends nothing.
type offline struct{}

// RoundTrip fails.
func (offline) RoundTrip(*http.Request) (*http.Response, error) { return nil, http.ErrNotSupported }

// newServer makes a server that keeps state as o says.
func newServer(s *Settings, config vpsapi.Config, log zerolog.Logger, o tools.Options) (*tools.Server, error) {
	config.Routes, config.UserAgent, config.Observe = s.Routes, "vpsnet-mcp/"+version(), func(e vpsapi.Exchange) { tools.Observe(e); o.Trace.Exchange(e) }
	config.Breaker = func(state string) { tellBreaker(log)(config.Email, state) }
	client, err := vpsapi.NewClient(config)
	if err != nil {
		return nil, err
	}
	return newServerOf(s, client, log, o)
}

func newServerOf(s *Settings, client *vpsapi.Client, log zerolog.Logger, o tools.Options) (*tools.Server, error) {
	o.Client, o.Sandbox, o.Version, o.Log = client, s.Sandbox, version(), log
	o.ReadOnly, o.Toolsets, o.Tools, o.Exclude, o.Surface, o.NoDestroy, o.NoCommit, o.Consent = s.ReadOnly, s.Toolsets, s.Tools, s.Exclude, s.Surface, s.NoDestroy, s.NoCommit, s.Consent
	return tools.New(o)
}

// account says how to reach the account: the embedded VPS.NET when it was asked
// for, else the real one. It never falls from one to the other.
func (p *program) account(s *Settings) (vpsapi.Config, error) {
	if s.Sandbox {
		if from := s.from["sandbox"]; from != fromFlag {
			p.warn("the sandbox is in use (chosen by the " + from + "): nothing is real")
		}
		return vpsapi.Config{
			Email: sandbox.Email, APIKey: sandbox.APIKey, BaseURL: "https://sandbox.invalid",
			Transport: sandbox.New(sandbox.Options{Speed: s.SandboxSpeed, Faults: s.SandboxFault}), PerSecond: -1, Concurrent: -1,
		}, nil
	}
	key, err := p.keyOf(s)
	if err != nil {
		return vpsapi.Config{}, err
	}
	if err := checkCredentials(s.Email, key); err != nil {
		return vpsapi.Config{}, err
	}
	return vpsapi.Config{Email: s.Email, APIKey: key, BaseURL: s.APIURL}, nil
}

func checkCredentials(email, key string) error {
	const ways = "set VPSNET_EMAIL and VPSNET_API_KEY (or VPSNET_API_KEY_FILE); a key is made in the VPS.NET portal under Profile, Generate beside API key. " +
		"Or add --sandbox for the embedded VPS.NET, which needs no account"
	switch {
	case email == "" && key == "":
		return errors.New("no credentials: " + ways)
	case email == "":
		return errors.New("no e-mail address beside the API key: " + ways)
	case key == "":
		return errors.New("no API key beside the e-mail address: " + ways)
	}
	return nil
}

// readKey reads the API key from its file.
func (p *program) readKey(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", fmt.Errorf("API key file: %w", err)
	}
	if info.Mode().IsRegular() && info.Mode().Perm()&0o044 != 0 && runtime.GOOS != "windows" {
		p.warn(fmt.Sprintf("the API key file %s is readable by others; chmod 600 makes it yours alone", path))
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", fmt.Errorf("API key file: %w", err)
	}
	key := string(bytes.TrimSpace(b))
	if key == "" {
		return "", fmt.Errorf("API key file: %s is empty", path)
	}
	return key, nil
}

package settings

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/consent"
	"vpsnet-mcp/internal/host"
)

// sourcesOf are sources with a config file of the text in the default place.
func sourcesOf(t *testing.T, config string, env, flags map[string]string) Sources {
	t.Helper()
	dir := t.TempDir()
	if config != "" {
		path := filepath.Join(dir, "vpsnet-mcp", "config.yaml")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return Sources{Flags: flags, Env: env, ConfigDir: func() (string, error) { return dir, nil }}
}

func TestLoadPrecedence(t *testing.T) {
	defaults := Settings{SandboxSpeed: 1, Surface: "all", Consent: consent.Code, Secrets: "file", Hosted: Hosted{Transports: []string{"stdio"}, Listen: "127.0.0.1:8080", Limits: host.Limits{CallerPerSecond: 50, PerSecond: 200}}, LogLevel: zerolog.NoLevel}
	type texts = map[string]string
	for _, c := range []struct {
		name       string
		config     string
		env, flags texts
		want       func(*Settings)
	}{
		{name: "nothing is given", want: func(*Settings) {}},
		{
			name:   "file alone",
			config: "email: file@example.com\nread-only: true\ntoolsets: [servers, dns]\nlog_level: debug\nsandbox_speed: 2.5\n",
			want: func(s *Settings) {
				s.Email, s.ReadOnly, s.Toolsets, s.LogLevel, s.SandboxSpeed = "file@example.com", true, []string{"servers", "dns"}, zerolog.DebugLevel, 2.5
			},
		},
		{
			name: "choices in any case, with space around them", config: "toolsets: [DNS, ' Servers ']\n",
			env:   texts{"VPSNET_SANDBOX": " true ", "VPSNET_TRANSPORT": "HTTP, sse", "VPSNET_EMAIL": " a@example.com ", "VPSNET_REDIS": "  "},
			flags: texts{"surface": "SEARCH", "tools": " List_Domains ,\nget_domain"},
			want: func(s *Settings) {
				s.Toolsets, s.Sandbox, s.Hosted.Transports, s.Email = []string{"dns", "servers"}, true, []string{"http", "sse"}, "a@example.com"
				s.Surface, s.Tools = "search", []string{"list_domains", "get_domain"}
			},
		},
		{
			name: "environment beats file", config: "email: file@example.com\nread_only: true\nconsent: deny\n",
			env:  texts{"VPSNET_EMAIL": "env@example.com", "VPSNET_READ_ONLY": "0"},
			want: func(s *Settings) { s.Email, s.Consent = "env@example.com", consent.Deny },
		},
		{
			name: "flag beats both", config: "toolsets: servers\n", env: texts{"VPSNET_TOOLSETS": "nodes"}, flags: texts{"toolsets": "ips, dns"},
			want: func(s *Settings) { s.Toolsets = []string{"ips", "dns"} },
		},
		{
			name: "a flag can switch off", config: "sandbox: true\n", env: texts{"VPSNET_SANDBOX": "TRUE"}, flags: texts{"sandbox": "false"},
			want: func(*Settings) {},
		},
		{
			name: "an empty variable is not given", config: "api_url: https://vps.example\n", env: texts{"VPSNET_API_URL": ""},
			want: func(s *Settings) { s.APIURL = "https://vps.example" },
		},
		{
			name: "a key beats a weaker key's file", config: "api_key_file: /file\n", env: texts{"VPSNET_API_KEY": "key"},
			want: func(s *Settings) { s.APIKey = "key" },
		},
		{
			name: "a key's file beats a weaker key", env: texts{"VPSNET_API_KEY": "key"}, flags: texts{"api-key-file": "/flag"},
			want: func(s *Settings) { s.APIKeyFile = "/flag" },
		},
		{
			name: "corrected routes", config: "routes:\n  reassign_ip: POST /ips/{ip_id}/move\n",
			want: func(s *Settings) { s.Routes = texts{"reassign_ip": "POST /ips/{ip_id}/move"} },
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, warnings := sourcesOf(t, c.config, c.env, c.flags), []string(nil)
			src.Warn = func(text string) { warnings = append(warnings, text) }
			got, err := Load(src)
			if err != nil || len(warnings) > 0 {
				t.Fatal(err, warnings)
			}
			want := defaults
			c.want(&want)
			if diff := cmp.Diff(want, *got, cmpopts.IgnoreUnexported(Settings{}), cmpopts.IgnoreFields(Settings{}, "From", "Said", "File", "Given")); diff != "" {
				t.Errorf("settings (-want +got):\n%s", diff)
			}
		})
	}
}

func TestLoadPaths(t *testing.T) {
	t.Setenv("HOME", "/home/someone")
	src := sourcesOf(t, "api_key_file: key\n", nil, nil)
	s, err := Load(src)
	if err != nil {
		t.Fatal(err)
	}
	dir, _ := src.ConfigDir()
	if want := filepath.Join(dir, "vpsnet-mcp", "key"); s.APIKeyFile != want {
		t.Errorf("in the config file: %q, want %q: relative to that file", s.APIKeyFile, want)
	}
	src.Env = map[string]string{"VPSNET_API_KEY_FILE": "~/key"}
	if s, err = Load(src); err != nil {
		t.Fatal(err)
	}
	if want := "/home/someone/key"; runtime.GOOS != "windows" && s.APIKeyFile != want {
		t.Errorf("in the environment: %q, want %q", s.APIKeyFile, want)
	}
}

// TestLoadWithoutHome holds that a system without a configuration directory is
// no error: there is just no file.
func TestLoadWithoutHome(t *testing.T) {
	if _, err := Load(Sources{ConfigDir: func() (string, error) { return "", errors.New("no home") }}); err != nil {
		t.Error(err)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, c := range []struct {
		name       string
		config     string
		env, flags map[string]string
		want       string
	}{
		{name: "flag", flags: map[string]string{"sandbox-speed": "-1"}, want: `--sandbox-speed: "-1" is not a number above 0`},
		{name: "not a number", flags: map[string]string{"sandbox-speed": "NaN"}, want: `--sandbox-speed: "NaN" is not a number`},
		{name: "environment", env: map[string]string{"VPSNET_SANDBOX": "on"}, want: `VPSNET_SANDBOX: "on" is neither true nor false`},
		{name: "consent", env: map[string]string{"VPSNET_CONSENT": "model"}, want: `VPSNET_CONSENT: consent mode "model"`},
		{name: "empty list", flags: map[string]string{"tools": ","}, want: `--tools: the list is empty`},
		{name: "empty list in the file", config: "\ntools: []\n", want: `config.yaml:2: tools: the list is empty`},
		{name: "config names a config", config: "config: other.yaml\n", want: `config.yaml:1: unknown key "config"`},
		{name: "routes of a wrong form", config: "email: a\nroutes: none\n", want: `config.yaml:2: routes: function and route are expected`},
		{name: "alias", config: "email: &e someone\ntools: *e\n", want: `config.yaml:1: email: a plain value`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Load(sourcesOf(t, c.config, c.env, c.flags))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
		})
	}
}

// TestOptionsAreWhole holds the table of options against what is made of it.
func TestOptionsAreWhole(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range Options() {
		if seen[o.Name] || o.Help == "" || o.set == nil {
			t.Errorf("option %q stands twice, or has no help or no setter", o.Name)
		}
		seen[o.Name] = true
	}
}

package settings

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"vpsnet-mcp/vpsapi/sandbox"
)

// TestTokensGoWhereTheyWereGiven: a token of one source does not go to a URL of
// another, and one that the keyring has is of its host alone.
func TestTokensGoWhereTheyWereGiven(t *testing.T) {
	keyring.MockInit()
	t.Cleanup(func() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) })
	if err := SetTokenInKeyring("", "t0ken-of-mine"); err != nil {
		t.Fatal(err)
	}
	file := secretFile(t, filepath.Join(t.TempDir(), "token"), "t0ken-of-mine\n")
	type texts = map[string]string
	const other = "https://platform.example/rest-api"
	for name, c := range map[string]struct {
		config     string
		env, flags texts
		want       string // in the error; empty for none
	}{
		"by the variable":                      {env: texts{"VPSNET_PLATFORM_TOKEN": "t0ken-of-mine"}},
		"by the file":                          {config: "platform_token_file: " + file + "\n"},
		"by the keyring":                       {config: "platform_token: keyring\n"},
		"token and URL by the variable":        {env: texts{"VPSNET_PLATFORM_TOKEN": "t0ken-of-mine", "VPSNET_PLATFORM_URL": other}},
		"token by the variable, URL by a flag": {env: texts{"VPSNET_PLATFORM_TOKEN": "t0ken-of-mine"}, flags: texts{"platform-url": other}, want: "is for platform.vps.net"},
		"token by the file, URL by a variable": {config: "platform_token_file: " + file + "\n", env: texts{"VPSNET_PLATFORM_URL": other}, want: "is for platform.vps.net"},
		"kept in the keyring, URL by a flag":   {config: "platform_token: keyring\n", flags: texts{"platform-url": other}, want: "keyring does not give the token"},
		"a placeholder":                        {env: texts{"VPSNET_PLATFORM_TOKEN": "${TOKEN}"}, want: "placeholder"},
		"a half of the older API's beside it":  {env: texts{"VPSNET_PLATFORM_TOKEN": "t0ken-of-mine", "VPSNET_EMAIL": "me@example.com"}, want: "no API key beside"},
	} {
		s, err := Load(sourcesOf(t, c.config, c.env, c.flags))
		if err != nil {
			t.Fatal(name, err)
		}
		account, err := s.Account()
		switch {
		case c.want == "" && (err != nil || account.Token != "t0ken-of-mine" || account.Email != ""):
			t.Errorf("%s: %v, %q", name, err, account.Token)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || account.Token != "" || strings.Contains(err.Error(), "t0ken")):
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Load(sourcesOf(t, "platform_token: t0ken-of-mine\n", nil, nil)); err == nil || strings.Contains(err.Error(), "t0ken") {
		t.Errorf("the token itself in the config file: %v", err)
	}
	both := texts{"VPSNET_PLATFORM_TOKEN": "a", "VPSNET_PLATFORM_TOKEN_FILE": file}
	if _, err := Load(sourcesOf(t, "", both, nil)); err == nil || !strings.Contains(err.Error(), "are both set") {
		t.Errorf("two tokens: %v", err)
	}
}

// TestSandboxOffersTheNewerAPIWhereItIsNamed: today's list stays as it is.
func TestSandboxOffersTheNewerAPIWhereItIsNamed(t *testing.T) {
	for flags, want := range map[string]string{"": "", "toolsets=platform": sandbox.Token, "toolsets=servers": "", "tools=list_platform_servers": sandbox.Token} {
		given := map[string]string{"sandbox": "true"}
		if name, value, ok := strings.Cut(flags, "="); ok {
			given[name] = value
		}
		s, err := Load(sourcesOf(t, "", nil, given))
		if err != nil {
			t.Fatal(err)
		}
		if account, err := s.Account(); err != nil || account.Token != want {
			t.Errorf("%s: %q, %v", flags, account.Token, err)
		}
	}
}

// TestPoliciesSpeakOfBothAPIs: a policy may name tools and the group of the newer one.
func TestPoliciesSpeakOfBothAPIs(t *testing.T) {
	names := PolicyNames()
	if !slices.Contains(names.Groups, "platform") || !slices.Contains(names.Tools, "delete_platform_server") || !slices.Contains(names.Tools, "delete_cloud_server") {
		t.Errorf("%+v", names)
	}
}

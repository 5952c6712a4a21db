package settings

import (
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/zalando/go-keyring"

	"vpsnet-mcp/vpsapi/sandbox"
)

// TestKeysGoWhereTheyWereGiven: a key of one source does not go to a URL of another,
// whichever of them is stronger.
func TestKeysGoWhereTheyWereGiven(t *testing.T) {
	key := secretFile(t, filepath.Join(t.TempDir(), "key"), "s3cret\n")
	type texts = map[string]string
	const other, email = "https://vps.example", "me@example.com"
	for name, c := range map[string]struct {
		config     string
		env, flags texts
		want       string // in the error; empty for none
	}{
		"all by default":                        {env: texts{"VPSNET_EMAIL": email, "VPSNET_API_KEY": "s3cret"}},
		"all by the environment":                {env: texts{"VPSNET_EMAIL": email, "VPSNET_API_KEY": "s3cret", "VPSNET_API_URL": other}},
		"all by the file":                       {config: "email: me@example.com\napi_key_file: " + key + "\napi_url: " + other + "\n"},
		"all by flags":                          {flags: texts{"email": email, "api-key-file": key, "api-url": other}},
		"the same URL twice":                    {config: "email: me@example.com\napi_key_file: " + key + "\napi_url: " + other + "/\n", env: texts{"VPSNET_API_URL": "https://VPS.example"}},
		"key by the file, URL by the variable":  {config: "email: me@example.com\napi_key_file: " + key + "\n", env: texts{"VPSNET_API_URL": other}, want: "is for api.vps.net"},
		"key by the variable, URL by the file":  {config: "api_url: " + other + "\n", env: texts{"VPSNET_EMAIL": email, "VPSNET_API_KEY": "s3cret"}, want: "is for api.vps.net"},
		"key by the variable, URL by the flag":  {env: texts{"VPSNET_EMAIL": email, "VPSNET_API_KEY": "s3cret"}, flags: texts{"api-url": other}, want: "is for api.vps.net"},
		"key by the flag, URL by the variable":  {env: texts{"VPSNET_EMAIL": email, "VPSNET_API_URL": other}, flags: texts{"api-key-file": key}, want: "is for api.vps.net"},
		"a stronger URL than that of the key":   {config: "email: me@example.com\napi_key_file: " + key + "\napi_url: " + other + "\n", flags: texts{"api-url": "https://other.example"}, want: "is for vps.example"},
		"another port":                          {config: "email: me@example.com\napi_key_file: " + key + "\napi_url: " + other + "\n", env: texts{"VPSNET_API_URL": other + ":8443"}, want: "vps.example:8443"},
		"another program's key beside our file": {config: "email: me@example.com\nkey: keyring\n", env: texts{"VPSNET_API_KEY": "theirs"}, want: "without its VPSNET_EMAIL"},
		"another program's key file":            {config: "email: me@example.com\nkey: keyring\n", env: texts{"VPSNET_API_KEY_FILE": key}, want: "without its VPSNET_EMAIL"},
		"a key for the file's address":          {config: "email: me@example.com\n", env: texts{"VPSNET_API_KEY": "s3cret"}},
	} {
		s, err := Load(sourcesOf(t, c.config, c.env, c.flags))
		if err != nil {
			t.Fatal(name, err)
		}
		account, err := s.Account()
		switch {
		case c.want == "" && (err != nil || account.APIKey != "s3cret"):
			t.Errorf("%s: %v, %q", name, err, account.APIKey)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want) || account.APIKey != "" || strings.Contains(err.Error(), "s3cret")):
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestKeyringRemembersTheHost: a key that was stored for one host is not found for another.
func TestKeyringRemembersTheHost(t *testing.T) {
	keyring.MockInit()
	t.Cleanup(func() { keyring.MockInitWithError(keyring.ErrUnsupportedPlatform) })
	for base, stored := range map[string]string{"": "of the service", "https://vps.example": "of the other"} {
		if err := SetInKeyring("me@example.com", base, stored); err != nil {
			t.Fatal(err)
		}
	}
	for base, want := range map[string]string{"": "of the service", "https://api.vps.net": "of the service", "https://vps.example": "of the other", "https://vps.example:8443": "", "https://third.example": ""} {
		s, err := Load(sourcesOf(t, "email: me@example.com\nkey: keyring\n", map[string]string{"VPSNET_API_URL": base}, nil))
		if err != nil {
			t.Fatal(err)
		}
		if key, err := s.Key(); key != want || (err != nil) != (want == "") {
			t.Errorf("%q: %q, %v", base, key, err)
		}
	}
}

// TestNamesakeGetsNothing: however a host of VPSnet.com is written, nothing goes there.
func TestNamesakeGetsNothing(t *testing.T) {
	for _, base := range []string{
		"https://vpsnet.com", "https://api.vpsnet.com", "https://API.VPSNET.COM/v1", "https://vpsnet.com.", "https://a.b.vpsnet.com.:443/", "HTTPS://Vpsnet.Com..",
		"https://api.vps.net@vpsnet.com", "https://vpsnet.com:443", "https://ｖｐｓｎｅｔ.com", "https://vpsnet。com", "https://api.vpsnet.com/?x=vps.net",
	} {
		s, err := Load(sourcesOf(t, "", map[string]string{"VPSNET_EMAIL": "me@example.com", "VPSNET_API_KEY": "s3cret", "VPSNET_API_URL": base}, nil))
		if err != nil {
			t.Fatal(err)
		}
		if account, err := s.Account(); err == nil || account.APIKey != "" {
			t.Errorf("%s is taken: %+v", base, account)
		} else if !strings.ContainsAny(base, "@?。ｖ") && !strings.Contains(err.Error(), "another company") {
			t.Errorf("%s: it does not say why: %v", base, err)
		}
	}
	for _, base := range []string{"https://notvpsnet.com", "https://vpsnet.com.example", "https://api.vps.net", "https://vpsnet.comx.example"} {
		s, _ := Load(sourcesOf(t, "", map[string]string{"VPSNET_EMAIL": "me@example.com", "VPSNET_API_KEY": "s3cret", "VPSNET_API_URL": base}, nil))
		if _, err := s.Account(); err != nil {
			t.Errorf("%s: %v", base, err)
		}
	}
}

// TestPlaceholdersAreSentNowhere: what a client or a shell has not filled in, and
// quotes that it left, are told as such.
func TestPlaceholdersAreSentNowhere(t *testing.T) {
	for _, key := range []string{"${VPSNET_API_KEY}", "$VPSNET_API_KEY", "${input:vpsnet-key}", "${user_config.api_key}", "%VPSNET_API_KEY%", "{{ key }}", "<your key>", `"${KEY}"`, "$(cat key)", "$env:VPSNET_API_KEY", "{env:VPSNET_API_KEY}", "{file:key}", "key-${X}", "your-api-key", "YOUR_API_KEY"} {
		if err := CheckCredentials("me@example.com", key); err == nil || !strings.Contains(err.Error(), "API key is the placeholder") {
			t.Errorf("%s: %v", key, err)
		}
	}
	for _, key := range []string{`"s3cret"`, "'s3cret'", "\u201cs3cret\u201d", "s3cret\""} {
		if err := CheckCredentials("me@example.com", key); err == nil || !strings.Contains(err.Error(), "quotes") || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v", key, err)
		}
	}
	for key, want := range map[string]string{"VPSNET_API_KEY=s3cret": "begins with VPSNET_API_KEY=", "export KEY=s3cret": "begins with export KEY=", "s3cret\ns3cret": "a line end in it", "s3 cret": "a space"} {
		if err := CheckCredentials("me@example.com", key); err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: %v", key, err)
		}
	}
	if err := CheckCredentials("${EMAIL}", "s3cret"); err == nil || !strings.Contains(err.Error(), "e-mail address is the placeholder") {
		t.Error(err)
	}
	if err := CheckCredentials("me@example.com", "s3$cret"); err != nil {
		t.Error(err)
	}
}

// TestAccountsFileNamesItsHost: keys of an accounts file, too, go to their host alone,
// and none of them is a placeholder.
func TestAccountsFileNamesItsHost(t *testing.T) {
	web := httptest.NewServer(sandbox.New(sandbox.Options{}))
	t.Cleanup(web.Close)
	const accounts = "accounts:\n  main: {email: a@example.com, api_key: one}\n"
	for _, c := range []struct{ text, base, want string }{
		{accounts, "", ""},
		{accounts, web.URL, "api_url: " + web.URL},
		{"api_url: " + web.URL + "\n" + accounts, web.URL, ""},
		{"api_url: " + web.URL + "\n" + accounts, "", "leads to api.vps.net"},
		{"accounts:\n  main: {email: a@example.com, api_key: \"${KEY}\"}\n", "", "placeholder"},
	} {
		file := secretFile(t, filepath.Join(t.TempDir(), "accounts.yaml"), c.text)
		_, err := (&Settings{APIURL: c.base, Hosted: Hosted{Accounts: file}}).ReadAccounts()
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q at %q: %v", c.text, c.base, err)
		}
	}
}

package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"vpsnet-mcp/internal/settings"
	"vpsnet-mcp/vpsapi"
)

// login is what an account is reached by: an address and a key for the older API, a
// token for the newer one, or all.
type login struct {
	email, key, token string
	url, tokenURL     string // where each API is; empty for the service's own
	kept              bool   // by the config file: the server finds it there
}

// howToAddOther says how the account's other API is added to stored credentials of one; empty where both are.
func (c login) howToAddOther() string {
	switch {
	case c.token == "":
		return "To have platform.vps.net as well, run setup with VPSNET_PLATFORM_TOKEN_FILE=FILE set, a file with its token.\n"
	case !c.hasOlderAPI():
		return "To have api.vps.net as well, run setup with VPSNET_EMAIL and VPSNET_API_KEY_FILE=FILE set, a file with its key.\n"
	}
	return ""
}

// hasOlderAPI reports credentials of the older API.
func (c login) hasOlderAPI() bool { return c.email != "" || c.key != "" }

// credentials gives those that settings have, asks for the others, and tries
// them: the account's name is what a person can check. Those that the config file
// keeps may have been revoked: others are asked for then.
func (p *program) credentials(ctx context.Context, s *settings.Settings, in *bufio.Reader) (login, error) {
	if s.Sandbox {
		_, _ = fmt.Fprintln(p.err, "With the embedded VPS.NET: no account is needed, nothing is real.")
		return login{}, nil
	}
	c := p.currentLogin(s)
	if c.kept {
		err := p.tryLogin(ctx, s, c)
		if !vpsapi.IsAuth(err) {
			_, _ = fmt.Fprint(p.err, c.howToAddOther())
			return c, err
		}
		_, _ = fmt.Fprintln(p.err, stripControls("The stored credentials of "+cmp.Or(c.email, "platform.vps.net")+" are refused. Enter others."))
		c = login{url: s.APIURL, tokenURL: s.PlatformURL}
	}
	var err error
	at := ""
	if c.url != "" {
		at = " at " + c.url
	}
	if c.email == "" && c.token == "" {
		if c.email, err = p.promptLine(ctx, in, "The VPS.NET account's e-mail address (leave it empty if you only have a token of platform.vps.net): ", false); err != nil {
			return c, err
		}
		if c.email == "" && c.key == "" {
			if c.token, err = p.promptLine(ctx, in, "The token of platform.vps.net (it is not shown): ", true); err != nil {
				return c, err
			}
		}
	}
	if c.key == "" && c.email != "" {
		if c.key, err = p.promptLine(ctx, in, stripControls("The API key of "+c.email+at+" (VPS.NET portal, Profile, Generate beside API key; it is not shown): "), true); err != nil {
			return c, err
		}
	}
	return p.checkLogin(ctx, s, in, c)
}

// checkLogin tries credentials. At a terminal, wrong ones of the older API are asked for again.
func (p *program) checkLogin(ctx context.Context, s *settings.Settings, in *bufio.Reader, c login) (login, error) {
	for tries := 1; ; tries++ {
		var err error
		if c.hasOlderAPI() || c.token == "" {
			err = settings.CheckCredentials(c.email, c.key)
		}
		wrong := err != nil
		if !wrong {
			err = p.tryLogin(ctx, s, c)
			wrong = vpsapi.IsAuth(err)
		}
		if !wrong || !p.terminal || tries == 3 || !c.hasOlderAPI() {
			return c, err
		}
		_, _ = fmt.Fprintln(p.err, stripControls(err.Error()+"\nTry again."))
		again, err := p.promptLine(ctx, in, stripControls("The e-mail address (empty for "+c.email+"): "), false)
		if err != nil {
			return c, err
		}
		c.email = cmp.Or(again, c.email)
		if c.key, err = p.promptLine(ctx, in, stripControls("The API key of "+c.email+": "), true); err != nil {
			return c, err
		}
	}
}

// currentLogin returns the credentials that settings have. A key that cannot be read is asked for.
func (p *program) currentLogin(s *settings.Settings) login {
	key, err := s.Key()
	if err != nil {
		return login{email: s.Email, url: s.APIURL, tokenURL: s.PlatformURL}
	}
	token, err := s.PlatformToken()
	if err != nil {
		token = ""
	}
	keptKey := s.From["key"] == settings.FromFile && s.KeyInKeyring || s.From["api-key-file"] == settings.FromFile && s.APIKeyFile != ""
	keptToken := s.From["platform-token"] == settings.FromFile && s.TokenInKeyring || s.From["platform-token-file"] == settings.FromFile && s.TokenFile != ""
	older := s.Email == "" && key == "" || keptKey && key != "" && s.From["email"] == settings.FromFile
	newer := token == "" || keptToken
	return login{s.Email, key, token, s.APIURL, s.PlatformURL, older && newer && (key != "" || token != "")}
}

// tryLogin asks the service for the account's name; the newer API knows none, and is
// asked for its locations.
func (p *program) tryLogin(ctx context.Context, s *settings.Settings, c login) error {
	if c.token != "" {
		client, err := vpsapi.NewClient(vpsapi.Config{Token: c.token, PlatformURL: c.tokenURL, Routes: s.Routes, UserAgent: "vpsnet-mcp/" + settings.Version()})
		if err == nil {
			_, err = vpsapi.ListPlatformLocations.Call(ctx, client, vpsapi.ListPlatformLocationsIn{})
		}
		if err != nil {
			return failuref("testing the token failed, and nothing was written: %w", err)
		}
		_, _ = fmt.Fprintln(p.err, "The token of platform.vps.net works.")
	}
	if !c.hasOlderAPI() {
		return nil
	}
	name, err := accountName(ctx, vpsapi.Config{Email: c.email, APIKey: c.key, BaseURL: c.url, Routes: s.Routes, UserAgent: "vpsnet-mcp/" + settings.Version()})
	if err != nil {
		return failuref("testing the credentials failed, and nothing was written: %w", err)
	}
	_, _ = fmt.Fprintln(p.err, stripControls("The credentials work: the account of "+name+"."))
	return nil
}

// accountName returns the name of the account of the credentials, and so whether they work.
func accountName(ctx context.Context, config vpsapi.Config) (string, error) {
	client, err := vpsapi.NewClient(config)
	if err != nil {
		return "", err
	}
	profile, err := vpsapi.GetProfile.Call(ctx, client, vpsapi.GetProfileIn{})
	if err != nil {
		return "", err
	}
	name := strings.TrimSpace(string(profile.FirstName + " " + profile.LastName))
	if profile.Company != "" {
		name += ", " + string(profile.Company)
	}
	return cmp.Or(strings.Trim(name, ", "), config.Email), nil
}

// promptLine asks for a line; a secret one is not shown. Without a terminal the line is read all the same: a script may
// give it.
func (p *program) promptLine(ctx context.Context, in *bufio.Reader, prompt string, secret bool) (string, error) {
	if p.terminal {
		_, _ = fmt.Fprint(p.err, prompt)
	}
	if f, ok := p.in.(*os.File); ok && secret && isTerminal(f) {
		return p.readHidden(ctx, f)
	}
	line, err := (&terminal{in: in, out: p.err}).readLine(ctx)
	if errors.Is(err, io.EOF) {
		return "", errors.New("setup got no answer: run it on a terminal, where it asks for the e-mail address and the API key, or give them as two lines on stdin. With --sandbox it needs neither")
	}
	return line, err
}

// readHidden reads a line from the terminal without showing it. When ctx ends first,
// the terminal shows again what is typed.
func (p *program) readHidden(ctx context.Context, f *os.File) (string, error) {
	fd := int(f.Fd())
	before, err := term.GetState(fd)
	if err != nil { // such as Git Bash on Windows
		return "", fmt.Errorf("this terminal cannot hide what is typed (%w): use another one, or set VPSNET_API_KEY_FILE", err)
	}
	defer func() { _, _ = fmt.Fprintln(p.err) }()
	type answer struct {
		line []byte
		err  error
	}
	typed := make(chan answer, 1)
	go func() {
		line, err := term.ReadPassword(fd)
		typed <- answer{line, err}
	}()
	select {
	case a := <-typed:
		return strings.TrimSpace(string(a.line)), a.err
	case <-ctx.Done():
		_ = term.Restore(fd, before)
		return "", ctx.Err()
	}
}

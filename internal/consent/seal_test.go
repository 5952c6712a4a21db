package consent

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

var start = time.Date(2026, 11, 24, 9, 30, 0, 0, time.UTC)

// at is a clock that tests move.
type at struct{ time.Time }

func (a *at) now() time.Time { return a.Time }

func claim() Claim {
	return Claim{
		Tool: "delete_cloud_server", Arguments: json.RawMessage(`{"server_id":"7"}`), Caller: "ann", Account: "a@example.com", Service: "https://api.example.com/",
		State: []string{"label=web1", "running=true"},
	}
}

// others are claims that a yes to claim() is not a yes to, each other by one part.
func others() map[string]Claim {
	all := map[string]Claim{}
	for name, change := range map[string]func(*Claim){
		"tool":                  func(c *Claim) { c.Tool = "rebuild_cloud_server" },
		"no tool":               func(c *Claim) { c.Tool = "" },
		"arguments":             func(c *Claim) { c.Arguments = json.RawMessage(`{"server_id":"8"}`) },
		"an argument more":      func(c *Claim) { c.Arguments = json.RawMessage(`{"server_id":"7","force":true}`) },
		"an argument's type":    func(c *Claim) { c.Arguments = json.RawMessage(`{"server_id":7}`) },
		"no arguments":          func(c *Claim) { c.Arguments = nil },
		"null for arguments":    func(c *Claim) { c.Arguments = json.RawMessage(`null`) },
		"arguments not JSON":    func(c *Claim) { c.Arguments = json.RawMessage(`{`) },
		"caller":                func(c *Claim) { c.Caller = "bob" },
		"no caller":             func(c *Claim) { c.Caller = "" },
		"account":               func(c *Claim) { c.Account = "b@example.com" },
		"service":               func(c *Claim) { c.Service = "https://other.example.com/" },
		"account and service":   func(c *Claim) { c.Account, c.Service = c.Service, c.Account },
		"caller and account":    func(c *Claim) { c.Caller, c.Account = c.Account, c.Caller },
		"where the caller ends": func(c *Claim) { c.Caller, c.Account = "anna", "@example.com" },
		"where the tool ends":   func(c *Claim) { c.Tool, c.Arguments = c.Tool+"{", c.Arguments[1:] },
		"bytes that are not text": func(c *Claim) {
			c.Caller = "ann\xff"
		},
	} {
		c := claim()
		change(&c)
		all[name] = c
	}
	return all
}

// moved are claims on the same thing in another state.
func moved() map[string]Claim {
	all := map[string]Claim{}
	for name, state := range map[string][]string{
		"a fact":           {"label=web1", "running=false"},
		"a fact more":      {"label=web1", "running=true", "backups=1"},
		"a fact less":      {"label=web1"},
		"an empty fact":    {"label=web1", "running=true", ""},
		"their order":      {"running=true", "label=web1"},
		"where one ends":   {"label=web1r", "unning=true"},
		"two in one":       {"label=web1running=true"},
		"two in one, JSON": {`label=web1","running=true`},
		"none":             nil,
		"another byte":     {"label=web1\xff", "running=true"},
	} {
		c := claim()
		c.State = state
		all[name] = c
	}
	return all
}

func TestOpenTakesItsOwnClaim(t *testing.T) {
	clock := &at{start.Add(999 * time.Millisecond)}
	s := NewSealer(clock.now)
	code := s.Seal(claim())
	id, expires, err := s.Open(code, claim())
	if err != nil || id == "" || !expires.Equal(start.Add(Lifetime)) {
		t.Fatalf("got %q, %v, %v", id, expires, err)
	}
	for _, typed := range []string{strings.ToLower(code), " " + code + "\n", "\t" + code} {
		again, _, err := s.Open(typed, claim())
		if err != nil || again != id {
			t.Errorf("%q: %q, %v", typed, again, err)
		}
	}
	other := s.Seal(claim())
	if otherID, _, err := s.Open(other, claim()); err != nil || other == code || otherID == id {
		t.Errorf("two codes of one plan: %q and %q, ids %q and %q, %v", code, other, id, otherID, err)
	}
}

func TestOpenRefusesOtherClaims(t *testing.T) {
	clock := &at{start}
	s := NewSealer(clock.now)
	code := s.Seal(claim())
	for name, c := range others() {
		if id, _, err := s.Open(code, c); !errors.Is(err, ErrMismatch) || id != "" {
			t.Errorf("%s: %q, %v", name, id, err)
		}
		// Nor does it help that the time is over: a guess stays a guess.
		clock.Time = start.Add(Lifetime)
		if _, _, err := s.Open(code, c); !errors.Is(err, ErrMismatch) {
			t.Errorf("%s, expired: %v", name, err)
		}
		clock.Time = start
	}
	for name, c := range moved() {
		if id, _, err := s.Open(code, c); !errors.Is(err, ErrChanged) || id != "" {
			t.Errorf("state, %s: %q, %v", name, id, err)
		}
	}
}

// What cannot be told apart here could be swapped after a yes.
func TestClaimsAreToldApart(t *testing.T) {
	s := NewSealer((&at{start}).now)
	all := others()
	for name, c := range moved() {
		all["state, "+name] = c
	}
	all["claim"] = claim()
	digests := map[string]string{}
	for name, c := range all {
		d := s.Digest(c)
		if other, taken := digests[d]; taken {
			t.Errorf("%s and %s have one digest", name, other)
		}
		digests[d] = name
		code := s.Seal(c)
		for other, oc := range all {
			_, _, err := s.Open(code, oc)
			if same := s.Digest(oc) == d; same != (err == nil) {
				t.Errorf("sealed for %s, opened for %s: %v", name, other, err)
			}
		}
	}
}

func TestNoStateIsOneState(t *testing.T) {
	s := NewSealer((&at{start}).now)
	without, empty := claim(), claim()
	without.State, empty.State = nil, []string{}
	if _, _, err := s.Open(s.Seal(without), empty); err != nil || s.Digest(without) != s.Digest(empty) {
		t.Errorf("a plan without facts is another plan when it has none: %v", err)
	}
}

func TestOpenExpires(t *testing.T) {
	clock := &at{start}
	s := NewSealer(clock.now)
	code := s.Seal(claim())
	clock.Time = start.Add(Lifetime - time.Nanosecond)
	if _, _, err := s.Open(code, claim()); err != nil {
		t.Errorf("just before: %v", err)
	}
	for _, late := range []time.Duration{Lifetime, Lifetime + time.Second, 365 * 24 * time.Hour} {
		clock.Time = start.Add(late)
		if id, _, err := s.Open(code, claim()); !errors.Is(err, ErrExpired) || id != "" {
			t.Errorf("after %v: %q, %v", late, id, err)
		}
		changed := claim()
		changed.State = nil
		if _, _, err := s.Open(code, changed); !errors.Is(err, ErrExpired) {
			t.Errorf("after %v, moved: %v", late, err)
		}
	}
}

func TestOpenRefusesOtherKeys(t *testing.T) {
	clock := &at{start}
	code := NewSealer(clock.now).Seal(claim())
	if _, _, err := NewSealer(clock.now).Open(code, claim()); !errors.Is(err, ErrMismatch) {
		t.Errorf("got %v", err)
	}
}

func TestOpenRefusesTamperedCodes(t *testing.T) {
	clock := &at{start}
	s := NewSealer(clock.now)
	code := s.Seal(claim())
	for i := range code {
		for _, letter := range alphabet {
			if tampered := code[:i] + string(letter) + code[i+1:]; tampered != code {
				refused(t, s, tampered)
			}
		}
		refused(t, s, code[:i])
		refused(t, s, code[i+1:])
		if i > 0 { // around a code it is not part of it
			refused(t, s, code[:i]+"\n"+code[i:])
		}
		refused(t, s, code[:i]+"="+code[i:])
	}
	b, err := codeEncoding.DecodeString(code)
	if err != nil {
		t.Fatal(err)
	}
	for bit := range len(b) * 8 {
		b[bit/8] ^= 1 << (bit % 8)
		refused(t, s, codeEncoding.EncodeToString(b))
		b[bit/8] ^= 1 << (bit % 8)
	}
	refused(t, s, code+code)
	refused(t, s, code+"A")
	for _, made := range []string{"", "yes", "true", strings.Repeat("A", len(code)), strings.Repeat("9", len(code)), "ÄÖÜ", "\x00"} {
		refused(t, s, made)
	}
}

// The first parts of one code and the last of another make no third.
func TestOpenRefusesSplicedCodes(t *testing.T) {
	clock := &at{start}
	s := NewSealer(clock.now)
	elsewhere := claim()
	elsewhere.Arguments = json.RawMessage(`{"server_id":"8"}`)
	stale := claim()
	stale.State = []string{"label=web1", "running=false"}
	old := s.Seal(claim())
	clock.Time = start.Add(Lifetime)
	for _, other := range []string{s.Seal(claim()), s.Seal(elsewhere), s.Seal(stale), old} {
		a, _ := codeEncoding.DecodeString(s.Seal(claim()))
		b, _ := codeEncoding.DecodeString(other)
		for cut := range codeSize {
			for _, spliced := range [][]byte{slices.Concat(a[:cut], b[cut:]), slices.Concat(b[:cut], a[cut:])} {
				if !slices.Equal(spliced, a) && !slices.Equal(spliced, b) {
					refused(t, s, codeEncoding.EncodeToString(spliced))
				}
			}
		}
	}
}

// A digest is not a code and no part of one.
func TestDigestGivesNothingAway(t *testing.T) {
	s := NewSealer((&at{start}).now)
	if a, b := s.Digest(claim()), NewSealer(s.now).Digest(claim()); a == b || len(a) != 32 {
		t.Errorf("two keys have the digests %s and %s", a, b)
	}
	refused(t, s, s.Digest(claim()))
}

const alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ023456789"

func refused(t *testing.T, s *Sealer, code string) {
	t.Helper()
	if id, _, err := s.Open(code, claim()); err == nil || id != "" {
		t.Errorf("%q opens as %q: %v", code, id, err)
	}
}

// FuzzOpen gives anything as a code, and bits to flip in a true one.
func FuzzOpen(f *testing.F) {
	clock := &at{start}
	s := &Sealer{[]byte("one key for every process of a run"), clock.now}
	code := s.Seal(claim())
	f.Add("", []byte{}, uint8(0))
	f.Add("yes", []byte{1}, uint8(3))
	f.Add(strings.Repeat("A", 42), []byte{0, 0, 0, 1}, uint8(25))
	// All processes of a run share a key and a clock, and what one finds the others
	// try: no seed may be near to a code of this key, or one found by chance opens.
	f.Add(NewSealer(clock.now).Seal(claim())[:41], []byte{0xff}, uint8(8))
	f.Add("", []byte{0xff}, uint8(41))
	f.Add(strings.ToLower(NewSealer(clock.now).Seal(claim())), []byte{0xff, 0xff, 0xff}, uint8(14))
	f.Fuzz(func(t *testing.T, made string, flips []byte, from uint8) {
		if _, _, err := s.Open(code, claim()); err != nil {
			t.Fatalf("a true code: %v", err)
		}
		refused(t, s, made)
		// Some of the true code, and the rest made up.
		if guess := code[:int(from)%len(code)] + made; strings.ToUpper(strings.TrimSpace(guess)) != code {
			refused(t, s, guess)
		}
		b, _ := codeEncoding.DecodeString(code)
		changed := false
		for i, flip := range flips {
			b[(int(from)+i)%len(b)] ^= flip
			changed = changed || flip != 0
		}
		if forged := codeEncoding.EncodeToString(b); changed && forged != code {
			refused(t, s, forged)
		}
	})
}

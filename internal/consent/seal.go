package consent

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"vpsnet-mcp/internal/files"
)

// Lifetime is how long a code or an approval is good.
const Lifetime = 10 * time.Minute

// Claim is what a yes is bound to.
type Claim struct {
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments"` // canonical, ids resolved
	Caller    string          `json:"caller"`
	Account   string          `json:"account"`
	Service   string          `json:"service"` // the address of the API that the account is at
	State     []string        `json:"-"`       // facts that the plan's words depend on
}

// Errors of Open.
var (
	// ErrMismatch is returned by Open for a code that was made for another call, caller or account, or by nobody.
	ErrMismatch = errors.New("the code does not belong to this plan: it was made up, or the arguments, the caller, the account or the service are different")
	// ErrExpired is returned by Open for a code that is too old.
	ErrExpired = errors.New("the code has expired")
	// ErrChanged is returned by Open when what the plan is about has changed since its code was made.
	ErrChanged = errors.New("the thing has changed since the plan was shown, as by the plan itself, or a person declined it")
)

// Sealer makes and checks codes. It is safe for concurrent use.
type Sealer struct {
	key []byte
	now func() time.Time
}

// KeySize is the number of bytes of a key.
const KeySize = 32

// NewSealer makes a sealer with a key of its own.
func NewSealer(now func() time.Time) *Sealer {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key)
	return &Sealer{key, now}
}

// NewSealerFile makes a sealer with a key that several processes share: the
// file holds it as hexadecimal text, and is made (mode 0600) when there is none.
func NewSealerFile(path string, now func() time.Time) (*Sealer, error) {
	text, err := files.ReadSecret(path)
	if errors.Is(err, os.ErrNotExist) {
		text, err = makeKey(path)
	}
	if err != nil {
		return nil, fmt.Errorf("consent key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(key) < KeySize {
		return nil, fmt.Errorf("consent key %s: it must hold at least %d bytes as hexadecimal text", path, KeySize)
	}
	return &Sealer{key, now}, nil
}

// makeKey writes a new key, or reads the one that another process wrote first.
func makeKey(path string) ([]byte, error) {
	key := make([]byte, KeySize)
	_, _ = rand.Read(key)
	text := []byte(hex.EncodeToString(key) + "\n")
	temporary, err := files.CreateTemp(parentDir(path), ".key-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Sync(), temporary.Close()); err != nil {
		return nil, err
	}
	if err := os.Link(temporary.Name(), path); err != nil && !errors.Is(err, os.ErrExist) {
		return nil, err
	}
	return files.ReadSecret(path)
}

// parentDir returns a path's directory, of Windows paths too.
func parentDir(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 {
		return path[:i+1]
	}
	return "."
}

// The parts of a code: when it was made, what makes it unique, what binds it to
// the claim without its state, and what binds it to all of it.
const (
	// timeSize is the length of a code's time, in bytes.
	timeSize = 4
	// nonceSize is the length of what makes a code unique, in bytes.
	nonceSize = 4
	// claimSize is the length of what binds a code to the call, without its present state, in bytes.
	claimSize = 6
	// boundSize is the length of what binds a code to the whole plan, in bytes.
	boundSize = 12
	// codeSize is the length of a code, in bytes.
	codeSize = timeSize + nonceSize + claimSize + boundSize
)

// codeEncoding writes codes with characters that are not taken for each other: no I, L, O or 1.
var codeEncoding = base32.NewEncoding("ABCDEFGHJKMNPQRSTUVWXYZ023456789").WithPadding(base32.NoPadding)

// Seal makes the code by which a person's yes to this claim is recognized.
func (s *Sealer) Seal(c Claim) string {
	head := make([]byte, timeSize+nonceSize, codeSize)
	binary.BigEndian.PutUint32(head, uint32(s.now().Unix()))
	_, _ = rand.Read(head[timeSize:])
	return codeEncoding.EncodeToString(append(head, s.macs(head, c)...))
}

// Open checks a code against a claim. The id it returns names the code among
// the used ones.
func (s *Sealer) Open(code string, c Claim) (id string, expires time.Time, err error) {
	code = strings.ToUpper(strings.TrimSpace(code))
	b, err := codeEncoding.DecodeString(code)
	if err != nil || len(b) != codeSize || codeEncoding.EncodeToString(b) != code { // spare bits, line breaks
		return "", time.Time{}, ErrMismatch
	}
	head, macs := b[:timeSize+nonceSize], b[timeSize+nonceSize:]
	want := s.macs(head, c)
	if !hmac.Equal(macs[:claimSize], want[:claimSize]) {
		return "", time.Time{}, ErrMismatch
	}
	expires = time.Unix(int64(binary.BigEndian.Uint32(head)), 0).Add(Lifetime)
	if !s.now().Before(expires) {
		return "", time.Time{}, ErrExpired
	}
	if !hmac.Equal(macs, want) {
		return "", time.Time{}, ErrChanged
	}
	return hex.EncodeToString(head) + hex.EncodeToString(macs[:claimSize]), expires, nil
}

// Derive gives a key of its own for another purpose. Processes that share the
// sealer's key share it.
func (s *Sealer) Derive(purpose string) []byte {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte("derive: " + purpose))
	return m.Sum(nil)
}

// Digest names a claim, state included, for an approval that is stored.
func (s *Sealer) Digest(c Claim) string {
	return hex.EncodeToString(s.mac("digest", nil, c, true)[:16])
}

// macs returns the two checks of a code: one of who calls what, one of the whole plan.
func (s *Sealer) macs(head []byte, c Claim) []byte {
	return append(s.mac("claim", head, c, false)[:claimSize:claimSize], s.mac("full", head, c, true)[:boundSize]...)
}

// mac binds the parts one after another, each behind its length: no two claims
// are the same bytes, whatever is in them.
func (s *Sealer) mac(purpose string, head []byte, c Claim, state bool) []byte {
	parts := [][]byte{[]byte(purpose), head, []byte(c.Tool), c.Arguments, []byte(c.Caller), []byte(c.Account), []byte(c.Service)}
	if state {
		for _, fact := range c.State {
			parts = append(parts, []byte(fact))
		}
	}
	m := hmac.New(sha256.New, s.key)
	for _, part := range parts {
		m.Write(binary.AppendUvarint(nil, uint64(len(part))))
		m.Write(part)
	}
	return m.Sum(nil)
}

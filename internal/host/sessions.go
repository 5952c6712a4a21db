package host

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strings"
	"sync"

	"github.com/mark3labs/mcp-go/server"
)

// sessionKeys makes session ids that are good for one caller alone: an id that
// was seen or stolen opens nothing for another.
type sessionKeys struct {
	key   []byte
	mu    sync.Mutex
	ended map[string]bool
}

// newSessionKeys makes sessions that are good at this process alone: another
// replica does not have what belongs to them, and answers that it knows none.
func newSessionKeys() *sessionKeys {
	return &sessionKeys{key: newKey(), ended: map[string]bool{}}
}

func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return key
}

func (s *sessionKeys) make(caller string) string {
	id := strings.ToLower(rand.Text())
	return id + "-" + s.mark(caller, id)
}

func (s *sessionKeys) mark(caller, id string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(caller + "\x00" + id))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// belongs reports that a session is the caller's.
func (s *sessionKeys) belongs(session, caller string) bool {
	id, mark, ok := strings.Cut(session, "-")
	return ok && hmac.Equal([]byte(mark), []byte(s.mark(caller, id)))
}

// ResolveSessionIdManager gives the sessions of a request's caller.
func (s *sessionKeys) ResolveSessionIdManager(r *http.Request) server.SessionIdManager {
	if r == nil {
		return &callerSessions{s, ""}
	}
	return &callerSessions{s, callerOf(r.Context()).name}
}

// callerSessions are one caller's.
type callerSessions struct {
	keys   *sessionKeys
	caller string
}

var errForeignSession = errors.New("no such session")

func (c *callerSessions) Generate() string { return c.keys.make(c.caller) }

func (c *callerSessions) Validate(id string) (terminated bool, err error) {
	if !c.keys.belongs(id, c.caller) {
		return false, errForeignSession
	}
	c.keys.mu.Lock()
	defer c.keys.mu.Unlock()
	return c.keys.ended[id], nil
}

func (c *callerSessions) Terminate(id string) (notAllowed bool, err error) {
	if c.caller != "" && !c.keys.belongs(id, c.caller) {
		return false, errForeignSession
	}
	c.keys.mu.Lock()
	defer c.keys.mu.Unlock()
	if len(c.keys.ended) > 100_000 {
		clear(c.keys.ended) // ids this old are unknown to the library too
	}
	c.keys.ended[id] = true
	return false, nil
}

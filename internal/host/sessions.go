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
	place func(caller string) (leave func(), none *busyError)
	mu    sync.Mutex
	open  map[string]func() // sessions over streamable HTTP; each gives its place back
}

// newSessionKeys makes sessions that are good at this process alone: another
// replica does not have what belongs to them, and answers that it knows none.
func newSessionKeys() *sessionKeys {
	return &sessionKeys{key: newKey(), open: map[string]func(){}}
}

// newKey returns 32 random bytes.
func newKey() []byte {
	key := make([]byte, 32)
	_, _ = rand.Read(key)
	return key
}

// make returns a new session id that only its caller can use.
func (s *sessionKeys) make(caller string) string {
	id := strings.ToLower(rand.Text())
	return id + "-" + s.mac(caller, id)
}

// mac returns the part of a session id that proves whose it is: an HMAC of caller and id.
func (s *sessionKeys) mac(caller, id string) string {
	m := hmac.New(sha256.New, s.key)
	m.Write([]byte(caller + "\x00" + id))
	return hex.EncodeToString(m.Sum(nil)[:12])
}

// isOwner reports that a session is the caller's.
func (s *sessionKeys) isOwner(session, caller string) bool {
	id, mark, ok := strings.Cut(session, "-")
	return ok && hmac.Equal([]byte(mark), []byte(s.mac(caller, id)))
}

// begin opens a session of a caller where there is a place for one.
func (s *sessionKeys) begin(caller string) (id string, none *busyError) {
	leave, none := s.place(caller)
	if none != nil {
		return "", none
	}
	id = s.make(caller)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[id] = leave
	return id, nil
}

// end closes a session and gives back its place, if it is open.
func (s *sessionKeys) end(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if leave, ok := s.open[id]; ok {
		leave()
		delete(s.open, id)
	}
}

// isOpen reports a session that was begun and not ended.
func (s *sessionKeys) isOpen(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.open[id] != nil
}

// ResolveSessionIdManager gives the sessions of a request's caller.
func (s *sessionKeys) ResolveSessionIdManager(r *http.Request) server.SessionIdManager {
	if r == nil {
		return &callerSessions{keys: s}
	}
	begun, _ := r.Context().Value(sessionBegunKey{}).(string)
	return &callerSessions{s, callerOf(r.Context()).name, begun}
}

// callerSessions are one caller's.
type callerSessions struct {
	keys   *sessionKeys
	caller string
	begun  string // the session that this request begins
}

// errForeignSession is returned for a session of another caller; it does not tell that the session exists.
var errForeignSession = errors.New("no such session")

// Generate gives the session that the front door began; the library asks for no
// other, and one that nobody began is closed from the start.
func (c *callerSessions) Generate() string {
	if c.begun != "" {
		return c.begun
	}
	return c.keys.make(c.caller)
}

// Validate implements server.SessionIdManager. It refuses another caller's session, and reports one that has ended.
func (c *callerSessions) Validate(id string) (terminated bool, err error) {
	if !c.keys.isOwner(id, c.caller) {
		return false, errForeignSession
	}
	return !c.keys.isOpen(id), nil
}

// Terminate implements server.SessionIdManager. It ends a session of the caller.
func (c *callerSessions) Terminate(id string) (notAllowed bool, err error) {
	if c.caller != "" && !c.keys.isOwner(id, c.caller) {
		return false, errForeignSession
	}
	c.keys.end(id)
	return false, nil
}

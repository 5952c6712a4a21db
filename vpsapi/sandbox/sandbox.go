// Package sandbox is a VPS.NET in memory, to vpsapi what httptest is to
// net/http: an http.Handler to serve and an http.RoundTripper to give to a
// client. It keeps state, and behaves as the real service is known to.
package sandbox

import (
	"net/http"
	"sync"
	"time"
)

// The credentials that a sandbox takes unless its options name others.
const (
	Email  = "sandbox@vps.net"
	APIKey = "sandbox"
)

// Options shape a new sandbox. The zero value is the account that holds the
// vendor's document's own examples.
type Options struct {
	Email, APIKey string           // Email and APIKey of this package when empty
	Now           func() time.Time // the clock; time.Now when nil
	Speed         float64          // how many times faster the clock runs; 1 when 0
	Seed          uint64           // passwords, utilisation and generated things follow from it
	Servers       int              // generated servers beside the document's two
	Records       int              // generated DNS records, in one domain for each 500
	Faults        []Fault          // what goes wrong, by their own chances that follow from Seed
	Changed       func(Change)     // told of each change in the order they are made, if not nil; it must not call the sandbox
}

// Sandbox is one account of an embedded VPS.NET. It is safe for concurrent use.
type Sandbox struct {
	options Options
	start   time.Time
	mux     *http.ServeMux
	faults  *faults

	mu      sync.Mutex
	account *account
	changes []Change
	calls   int
}

// Change is a request that changed the account.
type Change struct {
	Op      string    `json:"op"`
	Path    string    `json:"path"`
	Body    string    `json:"body,omitempty"`
	At      time.Time `json:"at"`
	Request string    `json:"request,omitempty"` // the X-Request-Id that it came with
}

// New makes a sandbox.
func New(o Options) *Sandbox {
	if o.Email == "" {
		o.Email = Email
	}
	if o.APIKey == "" {
		o.APIKey = APIKey
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Speed <= 0 {
		o.Speed = 1
	}
	s := &Sandbox{options: o, start: o.Now(), faults: newFaults(o)}
	s.account = newAccount(o, s.start)
	s.mux = newMux(s)
	return s
}

// now is the sandbox's own time.
func (s *Sandbox) now() time.Time {
	elapsed := s.options.Now().Sub(s.start)
	return s.start.Add(time.Duration(float64(elapsed) * s.options.Speed))
}

// Changes lists the requests that changed the account, oldest first.
func (s *Sandbox) Changes() []Change {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Change(nil), s.changes...)
}

// Calls counts the requests of any kind that were authenticated.
func (s *Sandbox) Calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.calls
}

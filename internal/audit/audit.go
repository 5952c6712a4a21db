// Package audit writes one JSON line a call: who called what, who agreed, what
// came of it. It holds names of arguments, never values.
package audit

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"vpsnet-mcp/internal/files"
)

// Line is what is kept of a call.
type Line struct {
	Time      time.Time `json:"time"`
	Request   string    `json:"request"` // also sent upstream as X-Request-Id
	Caller    string    `json:"caller"`
	Client    string    `json:"client,omitempty"` // the MCP client's own name
	Account   string    `json:"account"`
	Tool      string    `json:"tool"`
	Gate      string    `json:"gate,omitempty"` // the tool of the search surface that the call came through
	Arguments []string  `json:"arguments"`      // names
	Effects   []string  `json:"effects,omitempty"`
	Consent   string    `json:"consent,omitempty"` // how, and by whom
	Policy    string    `json:"policy,omitempty"`  // the rule that decided
	Outcome   string    `json:"outcome"`           // begun, ok, nothing to do, needs consent, not sent, refused, cancelled, error, unknown
	Fault     string    `json:"fault,omitempty"`   // whose: client, server, upstream, auth, unreachable
	Upstream  int       `json:"upstream_calls"`
	MSAbove   float64   `json:"upstream_ms"`
	MSOwn     float64   `json:"own_ms"`
}

// How is the way of the line's consent without the name of who gave it: none
// needed, policy, flag, code, person or asked.
func (l Line) How() string {
	word, _, _ := strings.Cut(l.Consent, ":")
	word, _, _ = strings.Cut(word, " (")
	switch word {
	case "none needed", "policy", "flag", "code", "person":
		return word
	}
	return "asked"
}

// Log is where lines go. It is safe for concurrent use.
type Log struct {
	mu sync.Mutex
	w  io.Writer
}

// Open opens a log: a file, appended to and readable by its owner alone, or stderr.
func Open(path string) (*Log, error) {
	if path == "stderr" {
		return New(os.Stderr), nil
	}
	f, err := files.OpenAppend(path, os.O_WRONLY)
	if err != nil {
		return nil, fmt.Errorf("audit: %w", err)
	}
	return New(f), nil
}

// New makes an audit log that writes its lines to w.
func New(w io.Writer) *Log { return &Log{w: w} }

// Write appends a line. A nil log takes it and keeps nothing.
func (l *Log) Write(line Line) error {
	if l == nil {
		return nil
	}
	b, err := json.Marshal(line)
	if err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if _, err := l.w.Write(append(b, '\n')); err != nil {
		return fmt.Errorf("audit: %w", err)
	}
	return nil
}

// Close closes the file that Open opened.
func (l *Log) Close() error {
	if l == nil {
		return nil
	}
	if c, ok := l.w.(io.Closer); ok && l.w != os.Stderr {
		return c.Close()
	}
	return nil
}

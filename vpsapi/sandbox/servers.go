package sandbox

import (
	"time"

	"vpsnet-mcp/vpsapi"
)

func serverHandlers() []handler { return nil }

func seedServers(*account) {}

// newServer puts a new server on the account: with a password, a primary
// address and its nodes at once, pending until it is built, then running.
func (a *account) newServer(v vpsapi.Server, fqdn string, nodes int) *server {
	s := &server{Server: v}
	s.ID = newID[vpsapi.Server](a)
	a.servers = append(a.servers, s)
	return s
}

// idle refuses with a 422 when a server has a power action or task pending.
func idle(s *server) error {
	if s.PowerActionPending != nil && bool(*s.PowerActionPending) {
		return invalid("base", "A power action is already pending on this virtual machine")
	}
	return nil
}

// pending locks a server for a task of d, then runs done.
func (a *account) pending(s *server, d time.Duration, action string, done func()) {
	s.PowerActionPending = ptr(vpsapi.Flag(true))
	a.note(s, action, "pending")
	a.after(d, func() {
		s.PowerActionPending = ptr(vpsapi.Flag(false))
		a.note(s, action, "complete")
		done()
	})
}

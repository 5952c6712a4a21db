package host

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// How often an address may try to sign in: a person mistypes, a guesser is slow.
const (
	// strangerPerSecond is how often an address that is not signed in may ask, a second.
	strangerPerSecond = 2
	// strangerBurst is how many requests of an address that is not signed in may come at once.
	strangerBurst = 20
)

// strangerAddress returns the address of a client that is not authenticated yet. Behind a proxy it is the one that the
// proxy added. All of an IPv6 network count as one.
func (h *Host) strangerAddress(r *http.Request) string {
	text, _, _ := net.SplitHostPort(r.RemoteAddr)
	if h.config.BehindProxy != "" {
		all := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
		text = strings.TrimSpace(all[len(all)-1])
	}
	address, err := netip.ParseAddr(text)
	if err != nil {
		return ""
	}
	if address = address.Unmap().WithZone(""); address.Is6() {
		if network, err := address.Prefix(64); err == nil {
			return network.String()
		}
	}
	return address.String()
}

// checkStrangerRate takes a try of an address's pace. It takes none of the pace of
// all: nobody who is not known may slow those down who are.
func (l *limiter) checkStrangerRate(address string) *busyError {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.callers["\x00"+address]
	if u == nil {
		u = l.usageOf("\x00" + address)
		u.pace = rate.NewLimiter(strangerPerSecond, strangerBurst)
	}
	u.last = time.Now()
	if !u.pace.Allow() {
		return &busyError{"sign-in", 1}
	}
	return nil
}

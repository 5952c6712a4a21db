package host

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"

	"vpsnet-mcp/vpsapi"
)

// How often a caller may bring credentials that VPS.NET does not take: a person
// mistypes, a guesser is slow.
const (
	// guessInterval is how often a caller may bring credentials that VPS.NET refuses, after the first guessBurst.
	guessInterval = time.Minute
	// guessBurst is how many refused credentials a caller may bring at once.
	guessBurst = 10
)

// guessLimiter returns the pace at which a caller's credentials may be refused.
func (l *limiter) guessLimiter(caller string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	u := l.usageOf(caller)
	if u.guesses == nil {
		u.guesses = rate.NewLimiter(rate.Every(guessInterval), guessBurst)
	}
	return u.guesses
}

// clientOfRequest returns the client for credentials that came with a request of the caller. After too many refused
// ones, none is tried for a while.
func (h *Host) clientOfRequest(ctx context.Context, caller, email, key string) (*vpsapi.Client, *busyError, error) {
	guesses := h.limits.guessLimiter(caller)
	if guesses.Tokens() < 1 {
		return nil, &busyError{"guesses", int(guessInterval.Seconds())}, nil
	}
	client, err := h.config.RequestAccount(ctx, email, key)
	var e *vpsapi.Error
	if err != nil && (!errors.As(err, &e) || e.Kind == vpsapi.BadKey) { // else the service is at fault
		guesses.Allow()
	}
	return client, nil, err
}

// unknownKeyInterval is how often the issuer's keys are read again for a token with a key
// that is not known. Anybody can send such tokens: whoever has them read, has them
// read for all, and a new key is known after so long at the latest.
const unknownKeyInterval = 2 * time.Second

// keyFunc finds the key of a token. One with a critical extension is refused: none is
// understood here (RFC 7515, 4.1.11).
func (a *authenticator) keyFunc(ctx context.Context) jwt.Keyfunc {
	find := a.keys.KeyfuncCtx(ctx)
	return func(token *jwt.Token) (any, error) {
		if _, critical := token.Header["crit"]; critical {
			return nil, errors.New("the token has a critical extension, which this server does not support")
		}
		return find(token)
	}
}

// tooManyGuesses answers a caller whose credentials were refused too often.
func (h *Host) tooManyGuesses(w http.ResponseWriter, f *busyError) {
	h.countRefusal(f)
	w.Header().Set("Retry-After", "60")
	writeRefusal(w, http.StatusTooManyRequests, "VPS.NET refused too many credentials of this caller; wait a minute, and check the e-mail and the API key")
}

package vpsapi

import (
	"context"
	"errors"
	"fmt"
	"net/url"
)

// maxMessage bounds what an error keeps of one message of the service, in bytes.
const maxMessage = 500

// cleanFaults takes secrets out of what the service said: they may stand in a
// page as entities, with signs between that are not seen, or as a field's name.
func cleanFaults(faults []Fault, clean func(string) string) {
	for i, f := range faults {
		message := clean(Visible(f.Message)) // before it is cut: the beginning of a secret would stay
		faults[i] = Fault{clean(Visible(f.Field)), message[:min(len(message), maxMessage)]}
	}
}

// cleanNetError gives an error of net/http without the URL, whose query may hold what
// the user typed, and without secrets. Whose time was up, the client's or the
// caller's, the context knows.
func (c *Client) cleanNetError(ctx context.Context, err error) error {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if ctx.Err() != nil {
		return timeoutCause(ctx, err)
	}
	return cleanError(err, c.Clean)
}

// cleanError gives an error without what clean takes out of its text.
func cleanError(err error, clean func(string) string) error {
	if text := err.Error(); clean(text) != text {
		return errors.New(clean(text))
	}
	return err
}

// timeoutCause says whose time was up, or that the caller gave up.
func timeoutCause(ctx context.Context, err error) error {
	switch cause := context.Cause(ctx); {
	case errors.Is(cause, context.DeadlineExceeded):
		return fmt.Errorf("given up: %w", cause)
	case errors.Is(ctx.Err(), context.Canceled):
		if errors.Is(cause, context.Canceled) {
			return fmt.Errorf("the call was cancelled: %w", cause)
		}
		return fmt.Errorf("the call was cancelled: %w (%w)", cause, context.Canceled)
	default:
		return err
	}
}

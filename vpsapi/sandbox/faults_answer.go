package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"time"

	"vpsnet-mcp/vpsapi"
)

// faultyDelivery is an answer whose way to the client goes wrong.
type faultyDelivery struct {
	status int
	header http.Header
	body   []byte

	reset   bool // the connection is reset in place of an answer
	cut     bool
	endless bool
	slow    time.Duration // that the whole body takes
}

// spoil does a fault to an answer.
func (d *faultyDelivery) spoil(ctx context.Context, s faultStrike) {
	switch s.Kind {
	case FaultResetAfter:
		d.reset = true
	case FaultStatusAfter:
		page := s.faultAnswer()
		d.status, d.body = page.status, []byte(page.body)
		d.header.Set("Content-Type", page.contentType())
	case FaultLate:
		d.reset = waitFor(ctx, s.delay) != nil || d.reset
	case FaultCut:
		d.cut = true
	case FaultSlow:
		d.slow = s.delay
	case FaultEndless:
		d.endless = true
	case FaultEmpty:
		d.body = nil
	case FaultHTML:
		d.status, d.body = http.StatusOK, []byte("<html><head><title>Please sign in</title></head><body><form>This network wants you to sign in first.</form></body></html>")
		d.header.Set("Content-Type", "text/html; charset=utf-8")
	case FaultType:
		d.header.Set("Content-Type", s.Text)
	case FaultMissing:
		d.rewrite(func(v any) any { return deleteKeyEverywhere(v, s.Text) })
	case FaultStrings:
		d.rewrite(stringifyNumbers)
	}
}

// faultAnswer returns the answer of a fault that gives another status: a page, as proxies
// write them, and JSON for what the service itself would refuse.
func (s faultStrike) faultAnswer() *refusal {
	text := http.StatusText(s.Status)
	if s.Status >= 500 {
		return &refusal{s.Status, fmt.Sprintf("<html><head><title>%d %s</title></head><body><h1>%s</h1><hr>nginx</body></html>", s.Status, text, text)}
	}
	if s.api == vpsapi.Platform {
		return platformRefusal(s.Status, text)
	}
	body, _ := json.Marshal(map[string]any{"errors": []string{text}})
	return &refusal{s.Status, string(body)}
}

// rewrite changes a body that is JSON; another stays as it is.
func (d *faultyDelivery) rewrite(change func(any) any) {
	decoder := json.NewDecoder(bytes.NewReader(d.body))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return
	}
	if body, err := json.Marshal(change(v)); err == nil {
		d.body = body
	}
}

// deleteKeyEverywhere takes a key out of every object; the outermost keys when it is empty.
func deleteKeyEverywhere(v any, key string) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = deleteKeyEverywhere(v[i], key)
		}
	case map[string]any:
		if key == "" {
			clear(v)
		}
		delete(v, key)
		for k := range v {
			v[k] = deleteKeyEverywhere(v[k], key)
		}
	}
	return v
}

// stringifyNumbers puts text in place of every number.
func stringifyNumbers(v any) any {
	switch v := v.(type) {
	case json.Number:
		return v.String()
	case []any:
		for i := range v {
			v[i] = stringifyNumbers(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = stringifyNumbers(v[k])
		}
	}
	return v
}

// errReset is what a client sees of a reset connection.
var errReset = &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET}

// send lets the answer go its way: over a connection, or to RoundTrip.
func (d *faultyDelivery) send(w http.ResponseWriter, r *http.Request) {
	if to, ok := w.(*answerRecorder); ok {
		to.spoiled, to.broken = d.reader(r.Context()), d.reset
		to.header, to.status = d.header, d.status
		return
	}
	if d.reset {
		resetConnection(w)
		return
	}
	for name, values := range d.header {
		w.Header()[name] = values
	}
	if d.cut {
		w.Header().Set("Content-Length", strconv.Itoa(max(1, len(d.body)))) // more is promised than comes
	}
	w.WriteHeader(d.status)
	flush := http.NewResponseController(w)
	body := d.reader(r.Context())
	piece := make([]byte, 16<<10)
	for {
		n, err := body.Read(piece)
		if _, failed := w.Write(piece[:n]); failed != nil {
			return
		}
		_ = flush.Flush()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			panic(http.ErrAbortHandler) // the connection ends in the middle of the answer
		}
	}
}

// resetConnection ends a connection the hard way where it can be had.
func resetConnection(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// reader gives the body as the client gets it.
func (d *faultyDelivery) reader(ctx context.Context) io.Reader {
	body := d.body
	if d.cut {
		body = body[:len(body)/2]
	}
	s := &spoiledBody{faultyDelivery: d, ctx: ctx, rest: body}
	if d.slow > 0 && len(body) > 0 {
		s.drop = max(1, len(body)/slowPieces)
	}
	return s
}

// slowPieces is how many pieces a slow answer comes in.
const slowPieces = 20

// spoiledBody is a body that comes in drops, breaks off, or never ends. It
// belongs to one request and lives as long as that, so it holds its context.
type spoiledBody struct {
	*faultyDelivery
	ctx  context.Context //nolint:containedctx // see above
	rest []byte
	drop int // bytes of a piece; 0 for all at once
}

// Read gives the next piece.
func (b *spoiledBody) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	if len(b.rest) == 0 {
		return b.end(p)
	}
	n := len(b.rest)
	if b.drop > 0 {
		if err := waitFor(b.ctx, b.slow/slowPieces); err != nil {
			return 0, err
		}
		n = min(n, b.drop)
	}
	n = copy(p, b.rest[:n])
	b.rest = b.rest[n:]
	return n, nil
}

// end ends the body: slowly, by a cut, or as it should.
func (b *spoiledBody) end(p []byte) (int, error) {
	if b.slow > 0 && b.drop == 0 { // an answer without a body is slow as a whole
		if err := waitFor(b.ctx, b.slow); err != nil {
			return 0, err
		}
		b.slow = 0
	}
	switch {
	case b.cut:
		return 0, io.ErrUnexpectedEOF
	case b.endless:
		return copy(p, bytes.Repeat([]byte(" "), len(p))), nil
	default:
		return 0, io.EOF
	}
}

package vpsapi

import (
	"crypto/tls"
	"encoding/binary"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// resetting is a server that offers HTTP/2, reads each request to its end, and
// resets its stream. After most of them it closes the connection.
func resetting(requests *atomic.Int32, most int32) func(*http.Server, *tls.Conn, http.Handler) {
	return func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		const data, headers, reset, settings = 0, 1, 3, 4 // types of frames
		frame := func(kind, flags byte, stream uint32, payload ...byte) {
			head := binary.BigEndian.AppendUint32([]byte{0, 0, byte(len(payload)), kind, flags}, stream)
			_, _ = conn.Write(append(head, payload...))
		}
		if _, err := io.CopyN(io.Discard, conn, int64(len("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))); err != nil {
			return
		}
		frame(settings, 0, 0)
		var head [9]byte // length (3), type, flags, stream (4)
		for requests.Load() < most {
			if _, err := io.ReadFull(conn, head[:]); err != nil {
				return
			}
			kind, last, stream := head[3], head[4]&1 == 1, binary.BigEndian.Uint32(head[5:])
			if _, err := io.CopyN(io.Discard, conn, int64(head[0])<<16|int64(head[1])<<8|int64(head[2])); err != nil {
				return
			}
			switch {
			case kind == settings && !last: // the same bit says that ours were seen
				frame(settings, 1, 0)
			case last && (kind == data || kind == headers):
				requests.Add(1)
				frame(reset, 0, stream, 0, 0, 0, 1) // PROTOCOL_ERROR
			}
		}
	}
}

// net/http's client of HTTP/2 sends a request of any method again, by itself and
// without end, when its stream is reset in some ways. Ours speaks HTTP/1.1, which
// has no such way, to a service that would speak either.
func TestChangeIsSentOnceWhateverTheServiceSpeaks(t *testing.T) {
	for _, c := range []struct {
		op Operation
		in any
	}{{changeOne, struct{}{}}, {changeRaw, struct{}{}}, {deleteOne, struct{}{}}, {ReplyToTicket, ReplyToTicketIn{TicketID: "979", Body: "x"}}} {
		var requests atomic.Int32
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			requests.Add(1)
			panic(http.ErrAbortHandler)
		}))
		server.TLS = &tls.Config{NextProtos: []string{"h2", "http/1.1"}}
		server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": resetting(&requests, 10)}
		server.Config.ErrorLog = quiet
		server.StartTLS()
		transport := newTransport()
		transport.TLSClientConfig = server.Client().Transport.(*http.Transport).TLSClientConfig
		_, err := c.op.Do(t.Context(), clientOf(t, Config{BaseURL: server.URL, Transport: transport}), c.in)
		if n := requests.Load(); n != 1 || err == nil || !strings.Contains(err.Error(), "whether it happened is unknown") {
			t.Errorf("%s was sent %d times: %v", c.op.Info().Name, n, err)
		}
		server.Close()
	}
}

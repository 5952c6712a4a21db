package main

import (
	"encoding/pem"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"time"
)

// upstream plays the service: one body for every request, after a delay.
type upstream struct {
	body        atomic.Pointer[[]byte]
	delay       atomic.Int64
	connections atomic.Int64
}

func (u *upstream) set(body []byte, delay time.Duration) {
	u.body.Store(&body)
	u.delay.Store(int64(delay))
}

func (u *upstream) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	if d := u.delay.Load(); d > 0 {
		time.Sleep(time.Duration(d))
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(*u.body.Load())
}

// serve starts it with and without TLS.
func (u *upstream) serve() (plain, secure *httptest.Server) {
	counted := func() *httptest.Server {
		s := httptest.NewUnstartedServer(u)
		s.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				u.connections.Add(1)
			}
		}
		return s
	}
	plain, secure = counted(), counted()
	plain.Start()
	secure.StartTLS()
	return plain, secure
}

func (u *upstream) certificate(s *httptest.Server) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
}

package notify_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/notify"
	"vpsnet-mcp/internal/state"
)

const key = "0123456789abcdef0123456789abcdef"

// chat takes notices, and answers as it is told.
type chat struct {
	*httptest.Server
	came    chan *http.Request
	bodies  chan []byte
	answers chan int
}

func newChat(t *testing.T, answers ...int) *chat {
	t.Helper()
	c := &chat{came: make(chan *http.Request, 10), bodies: make(chan []byte, 10), answers: make(chan int, len(answers))}
	for _, a := range answers {
		c.answers <- a
	}
	c.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		status := http.StatusNoContent
		select {
		case status = <-c.answers:
		default:
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
		c.came <- r
		c.bodies <- body
	}))
	t.Cleanup(c.Close)
	return c
}

type lockedBuffer struct {
	mu sync.Mutex
	bytes.Buffer
	written chan struct{}
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	n, err := b.Buffer.Write(p)
	b.written <- struct{}{}
	return n, err
}

func plan() state.Pending {
	return state.Pending{
		ID: "abcd1234", Title: `Delete "<!channel> @all"?`, Caller: "anna", Account: "ops@example.com", Plan: "What happens: secrets", Expires: time.Now().Add(10 * time.Minute),
	}
}

// TestNotice: one POST for a plan, with what a chat shows and no more, signed.
func TestNotice(t *testing.T) {
	c := newChat(t)
	n, err := notify.New(t.Context(), c.URL+"/hook", key, notify.Options{Log: zerolog.Nop()})
	if err != nil {
		t.Fatal(err)
	}
	n.Send(plan(), "https://mcp.example.com/approve/abcd1234")
	r, body := <-c.came, <-c.bodies
	var got map[string]any
	if err := json.Unmarshal(body, &got); err != nil || r.Header.Get("Content-Type") != "application/json" {
		t.Fatalf("%v: %s", err, body)
	}
	if text, _ := got["text"].(string); !strings.Contains(text, "https://mcp.example.com/approve/abcd1234") || !strings.Contains(text, "10 min") || strings.Contains(text, "<!") || strings.Contains(text, "@all") {
		t.Errorf("the text: %s", text)
	}
	if got["caller"] != "anna" || got["account"] != "ops@example.com" || got["link"] != "https://mcp.example.com/approve/abcd1234" || strings.Contains(string(body), "secrets") {
		t.Errorf("the notice: %s", body)
	}
	m := hmac.New(sha256.New, []byte(key))
	m.Write([]byte(r.Header.Get("Webhook-Id") + "." + r.Header.Get("Webhook-Timestamp") + "." + string(body)))
	if want := "v1," + base64.StdEncoding.EncodeToString(m.Sum(nil)); r.Header.Get("Webhook-Signature") != want {
		t.Errorf("signature %s, want %s", r.Header.Get("Webhook-Signature"), want)
	}
}

// TestTries: what may pass is tried again, a few times; what is refused is not. No
// log has the URL.
func TestTries(t *testing.T) {
	for what, c := range map[string]struct {
		answers []int
		tries   int32
		lost    bool
	}{
		"away, then there": {[]int{503, 429}, 3, false},
		"away for good":    {[]int{500, 500, 500, 500}, 4, true},
		"refused":          {[]int{404}, 1, true},
		"moved":            {[]int{302}, 1, true},
	} {
		chat := newChat(t, c.answers...)
		log := &lockedBuffer{written: make(chan struct{}, 10)}
		var pauses atomic.Int32
		n, err := notify.New(t.Context(), chat.URL+"/hook-of-a-secret", "", notify.Options{Log: zerolog.New(log), Pause: func(context.Context, time.Duration) error { pauses.Add(1); return nil }})
		if err != nil {
			t.Fatal(err)
		}
		n.Send(plan(), "x")
		for range c.tries {
			<-chat.came
		}
		if c.lost {
			<-log.written
		}
		if got := pauses.Load(); got != c.tries-1 {
			t.Errorf("%s: %d pauses, want %d", what, got, c.tries-1)
		}
		log.mu.Lock()
		if text := log.String(); strings.Contains(text, "secret") || (text != "") != c.lost {
			t.Errorf("%s: the log: %s", what, text)
		}
		log.mu.Unlock()
	}
}

// TestNobodyWaits: a system that never answers holds up no call, and its URL stands
// in no error.
func TestNobodyWaits(t *testing.T) {
	n, err := notify.New(t.Context(), "http://127.0.0.1:1/hook", key, notify.Options{Log: zerolog.Nop(), Pause: func(ctx context.Context, _ time.Duration) error { <-ctx.Done(); return ctx.Err() }})
	if err != nil {
		t.Fatal(err)
	}
	for range 1000 {
		n.Send(plan(), "x")
	}
	for _, wrong := range []string{"ftp://chat.example.com/secret", "secret", "https://", "http://%zz/secret"} {
		if _, err := notify.New(t.Context(), wrong, key, notify.Options{}); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", wrong, err)
		}
	}
	for _, wrong := range []string{"short", "whsec_%"} {
		if _, err := notify.New(t.Context(), "https://chat.example.com", wrong, notify.Options{}); err == nil {
			t.Errorf("the key %s is taken", wrong)
		}
	}
}

// Package notify tells another system, such as a chat, that a plan waits for a
// person: one POST for each plan, signed, off the way of the call that it is about.
package notify

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/state"
)

// The bounds of a notice: how many wait for their turn, how many are on their way
// at once, how long one try may take, and the pauses before further tries.
const (
	// maxQueued is how many notices wait for their turn at most.
	maxQueued = 100
	// maxSending is how many notices are on their way at once.
	maxSending = 4
	// postTimeout is how long one attempt to send a notice may take.
	postTimeout = 5 * time.Second
)

// retryPauses are the pauses before a notice is sent again.
var retryPauses = []time.Duration{time.Second, 5 * time.Second, 20 * time.Second}

// Notifier sends notices. It is safe for concurrent use.
type Notifier struct {
	url    string // a secret with many chat systems: it stands in no log
	key    []byte
	client *http.Client
	log    zerolog.Logger
	pause  func(ctx context.Context, d time.Duration) error
	now    func() time.Time
	queue  chan notice
}

// notice is what is sent. Its text is for a chat, the rest for programs.
type notice struct {
	Text    string    `json:"text"`
	ID      string    `json:"id"`
	Title   string    `json:"title"`
	Caller  string    `json:"caller"`
	Account string    `json:"account"`
	Where   string    `json:"link"`
	Expires time.Time `json:"expires"`
}

// Options are what a notifier may be told; zero fields are the defaults.
type Options struct {
	Log   zerolog.Logger
	Pause func(ctx context.Context, d time.Duration) error // between tries; a timer when nil
	Now   func() time.Time
}

// New makes a notifier that posts to a URL until ctx ends, its notices signed with
// a key: the text of a file, or of one that begins with whsec_ the base64 behind it.
func New(ctx context.Context, to, key string, o Options) (*Notifier, error) {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || (u.Scheme != "https" && u.Scheme != "http") {
		return nil, errors.New("notify: give a URL such as https://chat.example.com/hooks/abc") // the cause would repeat it
	}
	secret := []byte(strings.TrimSpace(key))
	if coded, ok := strings.CutPrefix(string(secret), "whsec_"); ok {
		if secret, err = base64.StdEncoding.DecodeString(coded); err != nil {
			return nil, errors.New("notify: the key begins with whsec_, and what follows is not base64")
		}
	}
	if len(secret) > 0 && len(secret) < 16 {
		return nil, errors.New("notify: the key is shorter than 16 bytes: make one with openssl rand -hex 32")
	}
	n := &Notifier{
		url: to, key: secret, log: o.Log, pause: o.Pause, now: o.Now, queue: make(chan notice, maxQueued),
		client: &http.Client{Timeout: postTimeout, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
	}
	if n.pause == nil {
		n.pause = sleepContext
	}
	if n.now == nil {
		n.now = time.Now
	}
	for range maxSending {
		go n.sendQueued(ctx)
	}
	return n, nil
}

// sleepContext waits for d, or until ctx ends.
func sleepContext(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// Send sends a notice of a plan that waits, and where a person decides on it. It
// never waits: a notice too many is dropped, and logged.
func (n *Notifier) Send(p state.Pending, where string) {
	title := p.Title
	if title == "" {
		title = p.Tool
	}
	minutes := max(1, int((p.Expires.Sub(n.now())+30*time.Second)/time.Minute))
	text := fmt.Sprintf("%s Asked by %s on %s; waits %d min. Decide: %s", title, p.Caller, p.Account, minutes, where)
	select {
	case n.queue <- notice{Text: escapeMarkup(text), ID: p.ID, Title: title, Caller: p.Caller, Account: p.Account, Where: where, Expires: p.Expires.UTC()}:
	default:
		n.log.Error().Str("plan", p.ID).Msg("too many notices wait: this one is dropped")
	}
}

// escapeMarkup takes from a text what chat systems read as markup or as a call to
// everybody: labels of the account are in it.
func escapeMarkup(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "@", "@\u200b").Replace(text)
}

// sendQueued sends notices one after the other until ctx ends.
func (n *Notifier) sendQueued(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case m := <-n.queue:
			n.sendWithRetries(ctx, m)
		}
	}
}

// sendWithRetries tries until the notice is taken, refused for good, or too late.
func (n *Notifier) sendWithRetries(ctx context.Context, m notice) {
	body, err := json.Marshal(m)
	if err != nil {
		return
	}
	for try := 0; ; try++ {
		again, err := n.post(ctx, m.ID, body)
		if err == nil {
			return
		}
		if !again || try == len(retryPauses) || n.now().After(m.Expires) || n.pause(ctx, retryPauses[try]) != nil {
			n.log.Error().Err(err).Str("plan", m.ID).Int("tries", try+1).Msg("the notice of a waiting plan was not delivered")
			return
		}
	}
}

// post posts once. The signature is that of Standard Webhooks.
func (n *Notifier) post(ctx context.Context, id string, body []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, n.url, bytes.NewReader(body))
	if err != nil {
		return false, errors.New("the URL cannot be used")
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "vpsnet-mcp")
	stamp := strconv.FormatInt(n.now().Unix(), 10)
	r.Header.Set("Webhook-Id", id)
	r.Header.Set("Webhook-Timestamp", stamp)
	if len(n.key) > 0 {
		m := hmac.New(sha256.New, n.key)
		_, _ = fmt.Fprintf(m, "%s.%s.%s", id, stamp, body)
		r.Header.Set("Webhook-Signature", "v1,"+base64.StdEncoding.EncodeToString(m.Sum(nil)))
	}
	answer, err := n.client.Do(r)
	if err != nil {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the URL
		}
		return true, err
	}
	defer func() { _ = answer.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(answer.Body, 64<<10))
	if answer.StatusCode/100 == 2 {
		return false, nil
	}
	return answer.StatusCode == http.StatusTooManyRequests || answer.StatusCode >= 500, fmt.Errorf("the answer was HTTP %d", answer.StatusCode)
}

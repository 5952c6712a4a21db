// Package pages is what people see of this program in a browser: the plan that
// waits for them, and what is around it. The pages load nothing from elsewhere
// and run no scripts.
package pages

import (
	"fmt"
	"io"
	"net/http"
	"time"

	"vpsnet-mcp/internal/state"
)

// Page is what people see: Plan, Plans, SignIn, Outcome or Home.
type Page interface{ write(m *markup) }

// Show writes a page. Its error is one of the connection: the head has gone.
func Show(w http.ResponseWriter, status int, page Page) error {
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Referrer-Policy", "same-origin") // with no-referrer, browsers send a form with Origin: null
	header.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	var m markup
	page.write(&m)
	_, err := io.WriteString(w, m.b.String())
	return err
}

// Plan is a plan as its page shows it.
type Plan struct {
	state.Pending
	Now   time.Time
	Form  string // the mark of a form that this page handed out
	Wrong string // what was wrong with the answer
	Note  string // why this visitor may look and not approve; empty when they may
	Again *SignIn
	Alone bool // the page of one plan, on the person's own computer: there is no list
}

// SignIn is the form by which a person says who they are.
type SignIn struct {
	Next     string // the page that they wanted
	Wrong    string // what was wrong with the last try
	Provider string // the name of the company's provider; empty for none
	Tokens   bool   // people may have tokens
	Again    bool   // they are known, and must show it anew
}

// Outcome says what came of an answer, and what to do next.
type Outcome struct {
	Title, Text string
	Next        string // what to go back and say
	Alone       bool
}

// Minutes is how many are left, at least one.
func (p Plan) Minutes() int { return max(1, int((p.Expires.Sub(p.Now)+30*time.Second)/time.Minute)) }

// Seconds returns how many seconds are left to decide.
func (p Plan) Seconds() int { return max(0, int(p.Expires.Sub(p.Now).Seconds())) }

// Share is how much of the plan's time is left, in percent.
func (p Plan) Share() int {
	whole := p.Expires.Sub(p.Made)
	if whole <= 0 {
		return 0
	}
	return min(100, max(0, int(100*p.Expires.Sub(p.Now)/whole)))
}

// Ago says how long a plan has been waiting.
func (p Plan) Ago() string {
	switch m := int(p.Now.Sub(p.Made) / time.Minute); {
	case m < 1:
		return "just now"
	case m == 1:
		return "a minute ago"
	default:
		return fmt.Sprintf("%d minutes ago", m)
	}
}

// Heading is the question: what is done, and to what.
func (p Plan) Heading() string {
	if p.Title != "" {
		return p.Title
	}
	return p.Tool
}

// Grave reports a plan that loses something.
func (p Plan) Grave() bool { return p.Parts != nil && p.Parts.Worst == "destructive" }

// Sandbox reports a plan of the embedded VPS.NET.
func (p Plan) Sandbox() bool { return p.Parts != nil && p.Parts.Sandbox }

// Kind says what the worst of the plan is, in a word or two.
func (p Plan) Kind() string {
	if p.Parts == nil {
		return ""
	}
	switch p.Parts.Worst {
	case "destructive":
		return "loses something"
	case "commit":
		return "binds the account"
	case "disruptive":
		return "interrupts"
	}
	return "free and reversible"
}

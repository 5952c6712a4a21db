package pages

import (
	"net/url"
	"time"

	"vpsnet-mcp/internal/state"
)

// write implements Page: the page on which a person decides about a plan.
func (p Plan) write(m *markup) {
	m.begin(p.Heading())
	p.question(m)
	if p.Parts != nil {
		p.parts(m, p.Parts)
	} else {
		m.add(`<pre class="plan">%s</pre>`, p.Plan)
	}
	m.addIf("\n"+`<p class="wrong" role="alert">%s</p>`, p.Wrong)
	m.addIf("\n"+`<p class="part care">%s</p>`, p.Note)
	if p.Again != nil {
		m.add(`
<p><strong>To approve, sign in once more.</strong> <span class="quiet">An approval needs a sign-in of the last 15 minutes.</span></p>
`)
		p.Again.form(m)
	}
	switch {
	case p.Decided && p.Yes:
		m.add("\n"+`<p class="next">Approved already by %s. Go back to your assistant and say: continue.</p>`, p.By)
	case p.Decided:
		m.add("\n"+`<p class="next">Declined by %s.</p>`, p.By)
	}
	p.answers(m)
	m.add("\n" + `<p class="quiet small">Text in quotes comes from the account.`)
	if !p.Alone {
		m.add(` <a href="/approve">All waiting plans</a>`)
	}
	m.add("</p>\n")
	m.end()
}

// question writes what is asked, for whom, and until when.
func (p Plan) question(m *markup) {
	if p.Parts == nil {
		m.add("<h1>%s</h1>\n<p>", p.Heading())
	} else {
		m.add("<h1>%s", p.Parts.Verb)
		m.addIf(` <span class="name">%s</span>`, p.Parts.Name)
		m.add("?</h1>\n<p>")
	}
	if p.Kind() != "" {
		p.tag(m)
		m.add(" ")
	}
	if p.Sandbox() {
		m.add(sandboxTag + " ")
	}
	m.add(`<span class="quiet small">%s, asked by %s %s</span></p>
<p class="small"><strong>%s min</strong> <span class="quiet">to decide (until <time datetime="%s">%s</time>). Without an answer nothing is done.</span></p>
<div class="left"><i style="width:%s%%;animation-duration:%ss"></i></div>
`, p.Account, p.Caller, p.Ago(), p.Minutes(), utc(p.Expires, time.RFC3339), utc(p.Expires, "15:04 MST"), p.Share(), p.Seconds())
}

// sandboxTag marks a plan of the embedded VPS.NET.
const sandboxTag = `<span class="tag">sandbox: nothing is real</span>`

// tag writes what the worst of the plan is.
func (p Plan) tag(m *markup) {
	class := "mild"
	if p.Grave() {
		class = "grave"
	}
	m.add(`<span class="tag %s">%s</span>`, class, p.Kind())
}

// parts writes what the plan does, loses, keeps and costs.
func (p Plan) parts(m *markup, parts *state.Parts) {
	m.addIf("\n"+`<div class="part care"><b>Take care</b><p>%s</p></div>`, parts.Doubt)
	m.list("", "\n"+`<div class="part care"><b>Warning</b><p>%s</p></div>`, "", parts.Warnings)
	m.list("\n"+`<div class="part lost"><b>Lost with it</b><ul>`, "<li>%s</li>", "</ul></div>", parts.Loses)
	m.add("\n" + `<div class="part"><b>What happens</b>`)
	m.list("", "<p>%s</p>", "", parts.Does)
	for _, c := range parts.Changes {
		m.add("\n" + `<div class="pair">`)
		m.addIf("<em>%s</em>", c.Field)
		m.addIf("\n"+`<span class="was"><small>before</small>%s</span>`, c.Before)
		if c.Before == "" {
			m.add("\n" + `<span class="none"><small>before</small>none</span>`)
		}
		m.addIf("\n"+`<span class="now"><small>after</small>%s</span>`, c.After)
		if c.After == "" {
			m.add("\n" + `<span class="none"><small>after</small>gone</span>`)
		}
		m.add("</div>")
	}
	m.add("</div>")
	m.addIf("\n"+`<div class="part"><b>Cost</b><p>%s</p></div>`, parts.Cost)
	m.addIf("\n"+`<div class="part"><b>Downtime</b><p>%s</p></div>`, parts.Downtime)
	m.addIf("\n"+`<div class="part"><b>Undo</b><p>%s</p></div>`, parts.Undo)
	m.list("\n"+`<div class="part"><b>Stays</b><ul>`, "<li>%s</li>", "</ul></div>", parts.Keeps)
	switch n := len(parts.Requests); n {
	case 0:
		return
	case 1:
		m.add("\n"+`<details class="small"><summary class="quiet">The request (%s)</summary>`, p.Tool)
	default:
		m.add("\n"+`<details class="small"><summary class="quiet">The %s requests (%s)</summary>`, n, p.Tool)
	}
	m.list(`<pre class="plan">`, "%s\n", "</pre></details>", parts.Requests)
}

// answers writes the form with what this visitor may answer now.
func (p Plan) answers(m *markup) {
	m.add("\n" + `<form method="post"`)
	if p.Alone {
		m.add(` action="/decide"`)
	}
	m.add(`>
<input type="hidden" name="form" value="%s">
`, p.Form)
	switch {
	case p.Note == "" && p.Again == nil && !p.Decided:
		m.addIf(`<label>To approve, type <strong>%s</strong>
<input name="typed" autocomplete="off" autocapitalize="off" spellcheck="false"></label>`, p.Typed)
		grave := ""
		if p.Grave() {
			grave = " grave"
		}
		m.add(`
<div class="buttons">
<button name="answer" value="yes" class="yes%s">Approve</button>
<button name="answer" value="no">Decline</button>
</div>
`, grave)
	case p.Decided && p.Yes:
		m.add(`<button name="answer" value="no">Take the approval back</button>`)
	case !p.Decided:
		m.add(`<button name="answer" value="no">Decline</button>`)
	}
	m.add("\n</form>")
}

// Plans is the page of the plans that wait for a person.
type Plans struct {
	Plans   []Plan
	Caller  string // the person
	SignIns []SignedIn
	Form    string // the mark of a form that this page handed out
}

// SignedIn is where a person is signed in.
type SignedIn struct {
	ID, Device string
	Since      time.Time
	Here       bool
}

// write implements Page.
func (p Plans) write(m *markup) {
	m.begin("Waiting for your approval")
	switch n := len(p.Plans); n {
	case 0:
		m.add("<h1>No plan is waiting</h1>")
	case 1:
		m.add("<h1>One plan is waiting</h1>")
	default:
		m.add("<h1>%s plans are waiting</h1>", n)
	}
	m.add(`
<p class="quiet">You are %s. A plan waits for 10 minutes; nothing happens without an approval.</p>
`, p.Caller)
	for _, plan := range p.Plans {
		plan.card(m)
	}
	if len(p.Plans) == 0 {
		m.add("<p>When an assistant asks for something that needs a person, it is listed here.</p>")
	}
	if len(p.SignIns) > 0 {
		m.add("\n"+`<details><summary>Where you are signed in <span class="quiet">(%s)</span></summary>`, len(p.SignIns))
		for _, s := range p.SignIns {
			here := ""
			if s.Here {
				here = " (here)"
			}
			m.add(`
<form method="post" action="/approve/sign-out"><input type="hidden" name="form" value="%s"><input type="hidden" name="id" value="%s">
<p class="small">%s, since %s%s <button class="link">Sign out</button></p></form>`, p.Form, s.ID, s.Device, utc(s.Since, "2 January 15:04 MST"), here)
		}
		m.add("\n</details>")
	}
	m.add("\n")
	m.end()
}

// card writes a plan as one of many.
func (p Plan) card(m *markup) {
	m.add(`<a class="card" href="/approve/%s"><b>%s</b>
`, url.PathEscape(p.ID), p.Heading())
	p.tag(m)
	if p.Sandbox() {
		m.add(" " + sandboxTag)
	}
	if p.Parts != nil && len(p.Parts.Loses) > 0 {
		more := ""
		if len(p.Parts.Loses) > 1 {
			more = ", and more"
		}
		m.add("\n"+`<br><span class="lost small">Lost: %s%s</span>`, p.Parts.Loses[0], more)
	}
	m.add("\n"+`<br><span class="quiet small">For %s on %s. %s min left.`, p.Caller, p.Account, p.Minutes())
	m.addIf(" %s", p.Note)
	m.add("</span></a>\n")
}

package pages

import "net/url"

// write implements Page: the page that asks who somebody is.
func (s SignIn) write(m *markup) {
	m.begin("Sign in")
	why := "Waiting plans are shown only to people who may decide on them."
	if s.Again {
		why = "Sign in once more: an approval needs a sign-in of the last 15 minutes."
	}
	m.add("<h1>Who are you?</h1>\n<p>%s</p>\n", why)
	s.form(m)
	m.end()
}

// form writes the ways to sign in.
func (s SignIn) form(m *markup) {
	m.addIf(`<p class="wrong" role="alert">%s</p>`+"\n", s.Wrong)
	if s.Provider != "" {
		m.add(`<p><a class="button yes" href="/signin/provider?next=%s">Sign in with %s</a></p>`+"\n", url.QueryEscape(s.Next), s.Provider)
	}
	if !s.Tokens {
		return
	}
	m.add(`<form method="post" action="/signin">
<input type="hidden" name="next" value="%s">
<input class="aside" name="username" autocomplete="username" value="vpsnet-mcp" readonly tabindex="-1" aria-hidden="true">
<label>Your sign-in token
<input type="password" name="token" autocomplete="current-password" autocapitalize="off" spellcheck="false" required></label>
<button class="yes">Sign in</button>
</form>
<p class="quiet small">It begins with vpsnet_person_, and your operator gives it to you (vpsnet-mcp token new NAME --person). It is not the token that your assistant uses.</p>
`, s.Next)
}

// write implements Page: what came of an answer.
func (o Outcome) write(m *markup) {
	m.begin(o.Title)
	m.add("<h1>%s</h1>\n<p>%s</p>\n", o.Title, o.Text)
	m.addIf(`<p class="next">%s</p>`+"\n", o.Next)
	if !o.Alone {
		m.add(`<p><a href="/approve">All waiting plans</a></p>` + "\n")
	}
	m.end()
}

// Home is the page that says what this server is, how to connect, and which tools it has.
type Home struct {
	Base      string // the server's address
	HTTP, SSE bool   // which transports it has
	Auth      bool   // each caller has a token
	Transport string // of the command that is shown, and its address
	URL       string
	Variable  string // the environment variable that holds the token
	Posture   string // which changes may be made, and who agrees to them
	Ways      []ClientWay
	Groups    []Group
}

// ClientWay is how one client is connected to the server.
type ClientWay struct {
	Title string // the client's name
	Entry string // what its configuration holds then; empty when it takes no entry
	Else  string // where it takes none: what to do instead
}

// Group is a group of tools.
type Group struct {
	Name  string
	Tools []Tool
}

// Tool is a tool as people see it.
type Tool struct{ Name, Safety, Doc string }

// write implements Page.
func (h Home) write(m *markup) {
	m.begin("vpsnet-mcp")
	m.add(`<h1>vpsnet-mcp</h1>
<p>VPS.NET cloud servers as tools for AI assistants, by the Model Context Protocol. This page is for people; assistants use the addresses below.</p>
<p class="quiet">%s</p>
<h2>Connect</h2>
`, h.Posture)
	h.connect(m)
	m.add(`
<p class="quiet">One click on a box selects all of it.</p>
<h2>Consent</h2>
<p>What interrupts, costs or destroys something asks a person first. Plans waiting for you are on <a href="/approve">/approve</a>.</p>
`)
	count := 0
	for _, g := range h.Groups {
		count += len(g.Tools)
	}
	m.add("<h2>%s tools</h2>\n", count)
	for _, g := range h.Groups {
		m.add(`<details><summary>%s <span class="quiet">(%s)</span></summary>
<dl class="tools">`, g.Name, len(g.Tools))
		for _, t := range g.Tools {
			m.add(`<dt>%s <span class="quiet">%s</span></dt><dd>%s</dd>`, t.Name, t.Safety, t.Doc)
		}
		m.add("</dl></details>")
	}
	m.add("\n")
	m.end()
}

// connect writes how clients are connected.
func (h Home) connect(m *markup) {
	if h.HTTP {
		m.add("<p>Streamable HTTP: <code>%s/mcp</code></p>\n", h.Base)
	}
	if h.SSE {
		m.add("<p>SSE, for clients of older revisions: <code>%s/sse</code></p>\n", h.Base)
	}
	if h.Auth {
		m.add("<p>Each caller has a token of their own; ask the operator for yours. Put it where TOKEN stands.</p>\n")
	}
	m.add(`<p>Claude Code</p>
<pre class="copy">claude mcp add --transport %s vps-net %s`, h.Transport, h.URL)
	if h.Auth {
		m.add(` --header &#34;Authorization: Bearer TOKEN&#34;</pre>
<p>In a client's configuration the token comes from the environment variable <code>%s</code>. <code>vpsnet-mcp setup --url %s --token-env %s</code> adds such an entry for you.</p>
`, h.Variable, h.URL, h.Variable)
	} else {
		m.add("</pre>\n<p><code>vpsnet-mcp setup --url %s</code> adds such an entry for you.</p>\n", h.URL)
	}
	for _, way := range h.Ways {
		m.add("<details><summary>%s</summary>\n", way.Title)
		if way.Entry != "" {
			m.add(`<pre class="copy">%s</pre>`, way.Entry)
		} else {
			m.add("<p>%s</p>", way.Else)
		}
		m.add("</details>")
	}
}

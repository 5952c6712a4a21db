package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Kind says what went wrong with a call.
type Kind string

// The kinds of errors.
const (
	NoConnection Kind = "no connection"       // the service was not reached, or the call was given up
	BadKey       Kind = "refused credentials" // 401, 403, 406, and 404 on /profile
	NotFound     Kind = "not found"           // 404
	Invalid      Kind = "invalid"             // 422: bad input or a broken business rule
	Declined     Kind = "declined"            // 200 with the body false, or with an error
	TooMany      Kind = "too many requests"   // 429
	ServiceFault Kind = "service fault"       // 5xx
	Paused       Kind = "calls are paused"    // the service failed too often in a row
	BadReply     Kind = "unreadable reply"    // not JSON, truncated, empty, too large, without the promised key
	Unexpected   Kind = "unexpected status"   // anything else
)

// Outcome says what is known of the call's effect on the service.
type Outcome string

// The outcomes of a call that failed.
const (
	NotSent Outcome = "not sent" // no byte of the request left
	Refused Outcome = "refused"  // the service answered that it did not do it
	Unknown Outcome = "unknown"  // sent, and whether it happened is not known
)

// Error is a call that the service did not answer with success.
type Error struct {
	Request Request
	Status  int // 0 when there was no answer
	Kind    Kind
	Outcome Outcome
	Faults  []Fault // the service's own words, by field where it names one
	Err     error   // the cause, where there is one

	Attempts   int           // how often it was tried
	Waited     time.Duration // for turns and between attempts, all in all
	RetryAfter time.Duration // what the service asked to wait; 0 when it did not
	broken     bool          // the connection broke in the reply
	page       bool          // a web page answered
	both       bool          // the client has the newer API too
}

// Unwrap returns the cause for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Err }

// Error names the operation, the cause and what to do next.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s", e.Request.Op, e.Kind)
	if e.Status != 0 {
		fmt.Fprintf(&b, " (HTTP %d)", e.Status)
	}
	b.WriteString(e.attemptsText())
	if words := e.Words(); words != "" {
		fmt.Fprintf(&b, ": the service says %s", words)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	if advice := e.advice(); advice != "" {
		fmt.Fprintf(&b, "; %s", advice)
	}
	return b.String()
}

// reportedWait is a wait that a caller should hear of.
const reportedWait = 2 * time.Second

// attemptsText says how often it was tried and how long that had to wait, where either
// is worth a word.
func (e *Error) attemptsText() string {
	var words []string
	if e.Attempts > 1 {
		words = append(words, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if e.Waited >= reportedWait {
		words = append(words, fmt.Sprintf("%s of waiting", e.Waited.Round(time.Second)))
	}
	if len(words) == 0 {
		return ""
	}
	return " after " + strings.Join(words, " and ")
}

// Words is what the service itself said, in quotes; empty when it said nothing.
func (e *Error) Words() string {
	var words []string
	for i, f := range e.Faults {
		if i == maxWords {
			words = append(words, fmt.Sprintf("and %d more", len(e.Faults)-maxWords))
			break
		}
		words = append(words, Quote(strings.TrimPrefix(f.String(), "base: ")))
	}
	return strings.Join(words, ", ")
}

// maxWords bounds the messages of the service that one error repeats.
const maxWords = 10

// adviceByKind is what to do after an error of each kind.
var adviceByKind = map[Kind]string{
	BadKey:       "check the e-mail address and the API key; a key is made in the VPS.NET portal under Profile, Generate beside API key",
	NotFound:     "check the id: the functions whose names begin with list_ show those that there are",
	Invalid:      "correct the arguments and call again",
	Declined:     "the service gave no better reason; check that the thing does not exist already and belongs to this account",
	TooMany:      "wait a minute and call again",
	ServiceFault: "the fault is the service's; try again later",
	Paused:       "try again later",
}

// advice is what to do next. Where the older API seems to be gone, the newer one may be all that the account has.
func (e *Error) advice() string {
	text := e.usualAdvice()
	if !e.mayLackOlderAPI() {
		return text
	}
	hint := newerAPIHint
	if e.both {
		hint = hasNewer
	}
	return strings.TrimPrefix(text+"; "+hint, "; ")
}

// mayLackOlderAPI reports an answer of the older API that an account may get which has the newer one alone: credentials refused, a list
// that is not found or gone, a page in the service's place, a way elsewhere, or no such host.
func (e *Error) mayLackOlderAPI() bool {
	var dns *net.DNSError
	switch {
	case e.Request.API != Classic || e.blamesAccount():
		return false
	case e.Kind == NotFound: // a thing that is named may be gone by itself
		return len(e.Request.Route.Placeholders()) == 0
	case e.Kind == BadKey, e.page, e.Status == http.StatusGone, e.Status >= 300 && e.Status < 400:
		return true
	default:
		return errors.As(e.Err, &dns) && dns.IsNotFound
	}
}

// blamesAccount reports refused credentials for which the service blames the account.
func (e *Error) blamesAccount() bool {
	return e.Kind == BadKey && e.mentions("suspend", "disabled", "unpaid", "overdue", "terminated")
}

// mentions reports that the service's own words have one of these.
func (e *Error) mentions(words ...string) bool {
	said := strings.ToLower(e.Words())
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(said, w) })
}

// usualAdvice says what to do next, by whether anything was sent and by the error's kind.
func (e *Error) usualAdvice() string {
	var dns *net.DNSError
	switch {
	case e.Outcome == NotSent && errors.As(e.Err, &dns):
		return "nothing was sent, as the name was not found: check the network and its DNS"
	case e.Outcome == NotSent:
		return "nothing was sent"
	case e.Outcome == Unknown && e.Request.Method != "GET":
		text := "whether it happened is unknown: look before trying again"
		if e.RetryAfter > 0 {
			text += fmt.Sprintf("; the service asks to wait %s", e.RetryAfter)
		}
		return text
	case e.RetryAfter > 0 && (e.Kind == TooMany || e.Kind == ServiceFault):
		return fmt.Sprintf("wait %s, as the service asks, and call again", e.RetryAfter)
	}
	if text := e.specialAdvice(); text != "" {
		return text
	}
	if e.Kind == BadKey && e.Request.API == Platform {
		return "check the token of platform.vps.net: it may have been mistyped, withdrawn, or made for another account"
	}
	if field := e.namesMonitoring(); field != "" {
		return fmt.Sprintf("the program sends %s as \"0\" so that none is added and billed; where an account's service refuses the field, leave it out in the config file: "+
			"routes: {%s: %q}", field, e.Request.Op, string(e.Request.Route)+" without "+strings.Join(monitoringFields, ", "))
	}
	if list := listBefore(e.Request.Route); e.Kind == NotFound && list != "" {
		return list + " shows which there are"
	}
	return adviceByKind[e.Kind]
}

// listBefore names the function that lists what the ids of a route name: the innermost, whose list is of one thing of the next.
func listBefore(r Route) string {
	path := r.Path()
	for i := strings.LastIndex(path, "/{"); i > 0; i = strings.LastIndex(path, "/{") {
		path = path[:i]
		for _, g := range All() {
			for _, op := range g.Operations {
				if info := op.Info(); string(info.Route) == "GET "+path {
					return info.Name
				}
			}
		}
	}
	return ""
}

// newerAPIHint is for an account that the old API no longer answers.
const newerAPIHint = "an account may have the vendor's newer API alone: see VPSNET_PLATFORM_TOKEN"

// hasNewer is for an account that has the newer API too.
const hasNewer = "the account may have the newer API alone, whose functions have platform in their names"

// specialAdvice is what helps with a refusal whose reason the service's own words
// tell; empty for none.
func (e *Error) specialAdvice() string {
	switch {
	case e.blamesAccount():
		return "the account is the reason, not the key: settle it in the VPS.NET portal or with their billing"
	case e.Kind == BadKey && e.Status == 403 && len(e.Faults) == 0:
		return adviceByKind[BadKey] + "; where they are right, a proxy or a firewall on the way may refuse the request"
	case (e.Kind == Invalid || e.Kind == Declined || e.Status == 409) && e.mentions("pending", "locked", "in progress", "busy", "another transaction", "already running"):
		return "a task is under way on it: wait until it has ended (wait_for_server), and call again"
	case e.ShortOfNodes():
		return "list_nodes shows which nodes no server uses; create_nodes buys those that are missing"
	}
	return ""
}

// ShortOfNodes reports a refusal for want of nodes.
func (e *Error) ShortOfNodes() bool {
	return (e.Kind == Invalid || e.Kind == Declined || e.Status == 409 || e.Status == 402) && e.mentions("node", "slice") &&
		e.mentions("not enough", "insufficient", "no available", "need more", "no free", "too few", "not available", "unavailable", "out of", "run out", "short of", "lack")
}

// namesMonitoring gives the field that declines monitoring and that the service
// did not take; empty where it took them.
func (e *Error) namesMonitoring() string {
	if e.Kind != Invalid && e.Kind != Declined {
		return ""
	}
	for _, field := range monitoringFields {
		if slices.ContainsFunc(e.Faults, func(f Fault) bool { return strings.Contains(f.String(), field) }) {
			return field
		}
	}
	return ""
}

// IsNotFound reports that the service does not know the thing.
func IsNotFound(err error) bool { return isKind(err, NotFound) }

// IsAuth reports refused credentials.
func IsAuth(err error) bool { return isKind(err, BadKey) }

// IsInvalid reports input that was refused, by the service or before sending.
func IsInvalid(err error) bool {
	var input *InputError
	return isKind(err, Invalid) || errors.As(err, &input)
}

// isKind reports an *Error of a kind, anywhere in err's chain.
func isKind(err error, k Kind) bool {
	var e *Error
	return errors.As(err, &e) && e.Kind == k
}

// errorOf makes the error of an answer, or nil for success. An answer of the
// class 5xx leaves a change unknown: the service may have failed after it.
func errorOf(r Request, status int, body []byte, valid bool) *Error {
	if r.API == Platform && status < 300 {
		status = platformStatus(status, body, valid)
	}
	e := &Error{Request: r, Status: status, Outcome: Refused}
	e.page = bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) && !r.document(body) && status != 429
	switch {
	case status == 200:
		return errorOfSuccess(e, body, valid)
	case (status == 401 || status == 403 || status == 406) && (e.page || status == 403 && isBlock(serviceWords(body))):
		e.Kind = Unexpected
		e.Err = errors.New("something answers in the service's place: a proxy, a firewall or a filter on the way refuses the request, whatever the key")
	case status == 401, status == 403, status == 406, status == 404 && r.Path == "/profile":
		e.Kind = BadKey
	case status == 404:
		e.Kind = NotFound
	case status == 422, r.API == Platform && (status == 400 || status == 413):
		e.Kind = Invalid
	case status == 429:
		e.Kind = TooMany
	case status >= 500:
		e.Kind, e.Outcome = ServiceFault, Unknown
	case status >= 300 && status < 400:
		e.Kind = Unexpected
		e.Err = errors.New("the service redirects elsewhere; redirects are followed for reads on the same host only")
		if r.Method != "GET" && status < 307 { // where 307 and 308 say "send it there", these may say "done, look there"
			e.Outcome = Unknown
		}
	case status >= 400 && status != 408:
		e.Kind = Unexpected
	default:
		e.Kind, e.Outcome = Unexpected, Unknown
	}
	e.Faults = serviceWords(body)
	return e
}

// isBlock reports the words of what stands before a service and refuses a request without knowing its credentials.
func isBlock(words []Fault) bool {
	return slices.ContainsFunc(words, func(f Fault) bool {
		text := strings.ToLower(f.String())
		return slices.ContainsFunc([]string{"block", "firewall", "waf", "proxy", "filter", "policy", "captcha", "cloudflare", "security rule", "not allowed from"}, func(w string) bool {
			return strings.Contains(text, w)
		})
	})
}

// errorOfSuccess finds the refusals and the unreadable bodies behind a status 200.
func errorOfSuccess(e *Error, body []byte, valid bool) *Error {
	if e.Request.document(body) {
		return nil
	}
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return nil
	case !valid:
		e.Kind, e.Outcome = BadReply, Unknown
		if body[0] == '<' {
			e.Faults = serviceWords(body)
			e.Err = errors.New("the reply is a web page, not JSON; is the base URL right, and is there a proxy in between?")
		} else {
			e.Err = errors.New("the reply is incomplete JSON")
		}
		return e
	case bytes.Equal(body, []byte("false")) && e.Request.Safety != Reads: // to a question, false is an answer
		e.Kind = Declined
		e.Err = errors.New(`the service answered "false" without a reason`)
		return e
	}
	if body[0] == '{' {
		var refusal struct {
			Error  json.RawMessage
			Errors json.RawMessage
		}
		if json.Unmarshal(body, &refusal) == nil && (isTruthy(refusal.Error) || isTruthy(refusal.Errors)) {
			e.Kind, e.Faults = Declined, serviceWords(body)
			return e
		}
	}
	return nil
}

// isTruthy reports a JSON value that means yes: not null, false or empty.
func isTruthy(b json.RawMessage) bool {
	switch string(b) {
	case "", "null", "false", `""`, "[]", "{}":
		return false
	}
	return true
}

// serviceWords reads an error body in every shape that the service is known to
// use: pairs, an object, a list of messages, one message, a web page, text. The
// pairs are also taken without their wrapper, as older Rails writes them.
func serviceWords(body []byte) []Fault {
	body = HideSecrets(bytes.TrimSpace(body))
	var object struct {
		Errors, Error, Message any
	}
	if json.Unmarshal(body, &object) == nil {
		if faults := append(messages("", object.Errors), messages("", object.Error)...); len(faults) > 0 {
			return faults
		}
		return messages("", object.Message)
	}
	var bare any
	if json.Unmarshal(body, &bare) == nil {
		return messages("", bare)
	}
	if len(body) > 0 && body[0] == '<' {
		body = []byte(pageText(string(body)))
	}
	if len(body) == 0 {
		return nil
	}
	return []Fault{{Message: string(body)}}
}

// messages returns the messages of a 422 reply, which are text, lists or objects of either.
func messages(field string, v any) []Fault {
	switch v := v.(type) {
	case string:
		return []Fault{{field, v}}
	case []any:
		var faults []Fault
		for _, element := range v {
			if pair, ok := element.([]any); ok && len(pair) == 2 {
				name, _ := pair[0].(string)
				faults = append(faults, messages(name, pair[1])...)
				continue
			}
			faults = append(faults, messages(field, element)...)
		}
		return faults
	case map[string]any:
		if text, ok := v["description"].(string); ok && v["type"] != nil { // the newer API's own error
			return []Fault{{field, text}}
		}
		var faults []Fault
		for _, key := range sortedKeys(v) {
			name := key
			if key == "message" {
				name = field
			}
			faults = append(faults, messages(name, v[key])...)
		}
		return faults
	default:
		return nil
	}
}

// Patterns of web pages, which take longer to compile than a start has time.
var (
	pageNoise = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`(?is)<(script|style)\b.*?</(script|style)>|<!--.*?-->|<[^>]*>`)
	})
	pageTitle = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?is)<title[^>]*>(.*?)</title>`) })
)

// pageText is a web page's title, or its text without tags.
func pageText(page string) string {
	if m := pageTitle().FindStringSubmatch(page); m != nil {
		page = m[1]
	}
	return strings.Join(strings.Fields(html.UnescapeString(pageNoise().ReplaceAllString(page, " "))), " ")
}

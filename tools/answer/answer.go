// Package answer is how a result reads: fields, tables, charts, pages of a list, and the text beside the structured value. It
// knows neither the account nor the protocol.
package answer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Answer is what a call gives back.
type Answer struct {
	IsError      bool
	Text         string          // for a person and a model to read
	Structured   json.RawMessage // an object that says the same; nil for none
	Image        []byte          // a PNG
	Document     []byte          // a PDF
	DocumentURI  string
	File         []byte // the answer as a text file, for a shell alone: Text has it too
	NeedsConsent bool   // refused only for want of consent
	Pending      bool   // what was waited for is not reached
	Misused      bool   // refused for its arguments as they are written, whatever the account has

	Secrets  []vpsapi.FoundSecret // that the reply had
	Plan     *ShownPlan           // needs consent, for a page that shows it
	Question *Question            // the result asks it, and the client calls again
	Cause    error                // of an error that the way to the service had
}

// WithoutCredentials is the answer as it may leave: text from the account may hold
// the very key by which the account was read.
func (a Answer) WithoutCredentials(c *vpsapi.Client) Answer {
	a.Text = c.Clean(a.Text)
	if a.Structured != nil {
		a.Structured = vpsapi.PlainJSON(mapTexts(a.Structured, c.Clean))
	}
	return a
}

// Refusal is an answer that says no: what, why, and that nothing was sent.
func Refusal(format string, args ...any) *Answer {
	return &Answer{IsError: true, Text: fmt.Sprintf(format, args...)}
}

// Failure returns the answer to a call that ended with an error.
func Failure(c *vpsapi.Client, err error) *Answer {
	text := c.Clean(err.Error())
	var e *vpsapi.Error
	if errors.As(err, &e) && e.Request.Safety != vpsapi.Reads && e.Outcome == vpsapi.Refused {
		text += ". Nothing was changed."
	}
	return &Answer{IsError: true, Text: text, Cause: err}
}

// MarkNotSent adds to the answer of a call that changes something, and failed before it sent anything, that nothing was sent.
func (a *Answer) MarkNotSent(changes bool) *Answer {
	if changes && !strings.Contains(strings.ToLower(a.Text), "nothing was sent") {
		a.Text = strings.TrimRight(a.Text, ".") + ". Nothing was sent."
	}
	return a
}

// FromReply makes the answer of a function's reply.
func FromReply(op vpsapi.Operation, in any, result vpsapi.Result, s Shaping) (*Answer, error) {
	info := op.Info()
	switch out := result.Out.(type) {
	case vpsapi.PDF:
		return &Answer{
			Text:     fmt.Sprintf("%s: a PDF of %d bytes.", info.Title, len(out)),
			Document: out, DocumentURI: "vpsnet:/" + requestPath(op, in),
		}, nil
	case vpsapi.Done:
		return &Answer{Text: info.Title + ": done.", Structured: json.RawMessage(`{"done":true}`)}, nil
	case vpsapi.Raw:
		whole := Unwrap(vpsapi.HideSecrets(out))
		return s.answer(info, rawView(whole), whole)
	case []vpsapi.TemplateGroup:
		rows, err := json.Marshal(templateRows(out))
		if err != nil {
			return nil, fmt.Errorf("%s: the reply could not be written: %w", info.Name, err)
		}
		return s.answer(info, rows, nil)
	default:
		shown, err := json.Marshal(commonView(out))
		if err != nil {
			return nil, fmt.Errorf("%s: the reply could not be written: %w", info.Name, err)
		}
		var whole json.RawMessage
		if len(s.Fields) > 0 || len(s.Filter) > 0 {
			whole = Unwrap(vpsapi.HideSecrets(result.Raw))
		}
		return s.answer(info, withNulls(out, in, shown, result.Raw), whole)
	}
}

// answer shapes a reply: usual has the fields that people use, whole all that
// the service sent.
func (s Shaping) answer(info vpsapi.Info, usual, whole json.RawMessage) (*Answer, error) {
	usual, whole = RemoveInvisible(usual), RemoveInvisible(whole)
	if !bytes.HasPrefix(usual, []byte("[")) {
		if err := s.checkNames(info, []record{{wrapValue(usual), wrapValue(whole)}}); err != nil {
			return nil, err
		}
		return objectAnswer(info.Title, TrimToFit(s.pickFields(wrapValue(usual), wrapValue(whole)))), nil
	}
	items, err := elementsOf(usual)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", info.Name, err)
	}
	records := make([]record, len(items))
	for i, item := range items {
		records[i] = record{item, item}
	}
	if whole != nil && len(items) > 0 { // a reply of null is a list of none
		all, err := elementsOf(whole)
		if err != nil {
			return nil, fmt.Errorf("%s: the reply is not a list: %w", info.Name, err)
		}
		for i := range records {
			if i < len(all) {
				records[i].whole = all[i]
			}
		}
	}
	p, err := s.page(info, slices.Clone(records))
	if err != nil {
		return nil, err
	}
	answer := List(info, p, s.Empty)
	if p.Total == 0 && len(items) > 0 {
		answer.Text = fmt.Sprintf("%s: none of the %d entries matches the filter%s.", info.Title, len(items), s.occurring(records))
	}
	return answer, nil
}

// elementsOf splits a list, of a reply that the client found valid.
func elementsOf(list json.RawMessage) ([]json.RawMessage, error) {
	if !bytes.HasPrefix(list, []byte("[")) {
		return nil, fmt.Errorf("not a list: %s", vpsapi.Quote(string(list[:min(len(list), 200)])))
	}
	var elements []json.RawMessage
	vpsapi.Elements(list, func(value []byte) bool {
		elements = append(elements, value)
		return true
	})
	return elements, nil
}

// objectAnswer is an answer that shows one object.
func objectAnswer(title string, object json.RawMessage) *Answer {
	return &Answer{Text: title + ":\n" + Fence(objectText(object)), Structured: object}
}

// List is an answer that shows a page of a list; empty is what to try when there is nothing.
func List(info vpsapi.Info, p Page, empty string) *Answer {
	object := itemsObject(p.Items)
	object = strconv.AppendInt(append(object, `],"total":`...), int64(p.Total), 10)
	if p.next != "" && info.Safety == vpsapi.Reads {
		object = strconv.AppendQuote(append(object, `,"next_cursor":`...), p.next)
	}
	object = append(object, '}')
	text := fmt.Sprintf("%s: %d.", info.Title, p.Total)
	switch {
	case p.Total == 0:
		text = info.Title + ": none. " + cmp.Or(empty, "The account has none, or none that fits the arguments.")
	case p.next != "" && info.Safety == vpsapi.Reads:
		text = fmt.Sprintf("%s: %d to %d of %d; for more, call again with cursor %q.", info.Title, p.from+1, p.from+len(p.Items), p.Total, p.next)
	case p.next != "": // never again: it would be done twice
		text = fmt.Sprintf("%s: %d, of which the first %d are shown.", info.Title, p.Total, len(p.Items))
	case p.from > 0:
		text = fmt.Sprintf("%s: %d to %d of %d, the end.", info.Title, p.from+1, p.from+len(p.Items), p.Total)
	}
	if len(p.Items) > 0 {
		text += "\n" + Fence(Table(p.Items))
	}
	return &Answer{Text: text, Structured: object}
}

// itemsObject begins an object with its items, and leaves it open.
func itemsObject(items []json.RawMessage) []byte {
	const begin, room = `{"items":[`, 128 // for what follows
	size := len(begin) + room
	for _, item := range items {
		size += len(item) + 1
	}
	b := append(make([]byte, 0, size), begin...)
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(b, item...)
	}
	return b
}

// requestPath returns the path of the request that a call makes; empty when it cannot be made.
func requestPath(op vpsapi.Operation, in any) string {
	request, err := op.Encode(in)
	if err != nil {
		return ""
	}
	return request.Path
}

// Unwrap takes the envelopes off a reply: off an object of one member, and
// off each element of a list.
func Unwrap(body []byte) json.RawMessage {
	body = bytes.TrimSpace(body)
	if bytes.HasPrefix(body, []byte("[")) {
		var compact bytes.Buffer
		if json.Compact(&compact, body) != nil {
			return body
		}
		return joinList(unwrapElements(compact.Bytes()))
	}
	return unwrapObject(body)
}

// unwrapElements lists the elements of a list without their envelopes; the list is valid JSON.
func unwrapElements(list []byte) []json.RawMessage {
	var elements []json.RawMessage
	vpsapi.Elements(list, func(value []byte) bool {
		elements = append(elements, unwrapObject(value))
		return true
	})
	return elements
}

// unwrapObject returns what an object of one member holds, if that is an object or a list.
func unwrapObject(b json.RawMessage) json.RawMessage {
	var only []byte
	members := 0
	vpsapi.Members(b, func(_, value []byte) bool {
		if string(value) != "null" {
			members, only = members+1, value
		}
		return members < 2
	})
	if only = bytes.TrimSpace(only); members == 1 && len(only) > 0 && (only[0] == '{' || only[0] == '[') {
		return only
	}
	return b
}

// wrapValue makes any JSON an object: a scalar stands under value.
func wrapValue(b []byte) json.RawMessage {
	switch {
	case len(b) == 0 || string(b) == "null":
		return json.RawMessage(`{"done":true}`)
	case b[0] == '{':
		return b
	default:
		return append(append([]byte(`{"value":`), b...), '}')
	}
}

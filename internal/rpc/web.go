package rpc

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"net/http"
	"strings"

	"vpsnet-mcp/internal/decode"
)

// Web stands before the protocol library's streamable HTTP. Bodies have been read
// and bounded by then: they come from memory.
type Web struct{ calls *Calls }

// NewWeb makes what stands before the protocol library's streamable HTTP handler.
func NewWeb() *Web { return &Web{NewCalls()} }

const (
	// sessionHeader is the header with the id of a session.
	sessionHeader = "Mcp-Session-Id"
	// versionHeader is the header with the protocol's revision.
	versionHeader       = "Mcp-Protocol-Version"
	firstModernRevision = "2026-07-28" // the revision without sessions, and those after it
	// eventStream is the media type of server-sent events.
	eventStream = "text/event-stream"
)

// Wrap gives next the requests as the library can serve them, and its answers to
// the clients as they asked.
func (web *Web) Wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			next.ServeHTTP(w, r)
			return
		}
		if why := unreadableReason(r.Header); why != "" {
			http.Error(w, why, http.StatusUnsupportedMediaType)
			return
		}
		body, _ := io.ReadAll(r.Body)
		if decoded, err := decode.Text(body); err == nil { // of what cannot be decoded, split says so
			body = decoded
		}
		text := trimText(body)
		texts, batch, refused := splitBatch(text)
		switch {
		case refused != nil:
			writeRejection(w, errorAnswer(nil, refused))
		case batch && r.Header.Get(versionHeader) >= firstModernRevision:
			writeRejection(w, errorAnswer(nil, &Error{Code: InvalidRequest, Message: "Invalid request: this revision has no batches"}))
		case batch:
			web.batch(w, r, next, texts)
		default:
			web.message(w, r, next, texts[0], true)
		}
	})
}

// unreadableReason says why a body cannot be read; nothing when it can.
func unreadableReason(h http.Header) string {
	if encoding := strings.ToLower(h.Get("Content-Encoding")); encoding != "" && encoding != "identity" {
		return "the body must have no Content-Encoding"
	}
	kind, more, err := mime.ParseMediaType(h.Get("Content-Type"))
	if err != nil || kind != "application/json" {
		return "the body must be application/json"
	}
	switch strings.ToLower(more["charset"]) {
	case "", "utf-8", "utf8", "us-ascii", "utf-16": // UTF-16 by its byte order mark
		return ""
	}
	return "the body must be UTF-8"
}

// writeRejection answers 400 with a JSON-RPC error.
func writeRejection(w http.ResponseWriter, answer []byte) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(http.StatusBadRequest)
	_, _ = w.Write(answer)
}

// message takes up one message; talks where the call may tell and ask on its way.
func (web *Web) message(w http.ResponseWriter, r *http.Request, next http.Handler, text []byte, talks bool) {
	m, refused := parse(text)
	session := r.Header.Get(sessionHeader)
	switch {
	case refused != nil && refused.Code == InvalidParams && r.Header.Get(versionHeader) < firstModernRevision:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(errorAnswer(m.ID, refused))
	case refused != nil:
		writeRejection(w, errorAnswer(m.ID, refused))
	case m.Method == "" && session != "" && web.calls.answer(session, m):
		w.WriteHeader(http.StatusAccepted)
	case m.Method == "" && (session != "" || !talks):
		handleLateAnswer(w, withBody(r, text), next)
	case m.Method == "": // of no session, nor beside what is to be answered
		next.ServeHTTP(w, withBody(r, text))
	case m.ID == nil:
		if m.Method == "notifications/cancelled" && session != "" {
			web.calls.cancel(session, m)
		}
		next.ServeHTTP(w, withBody(r, m.notification()))
	default:
		scope, isModern := session, r.Header.Get(versionHeader) >= firstModernRevision
		if isModern {
			scope = ""
		}
		ctx, call := web.calls.begin(r.Context(), scope, m)
		defer web.calls.end(call)
		call.modern = isModern
		reply := &replyWriter{ResponseWriter: w, call: call, header: w.Header().Clone()}
		if talks {
			call.send, call.asks = reply.event, scope != ""
		}
		next.ServeHTTP(reply, withBody(r.WithContext(ctx), m.withID(call.number)))
		reply.finish()
	}
}

// handleLateAnswer takes a response to nobody's question, such as a late one: the library sees
// that its session lives, and what it thinks of the response is not told.
func handleLateAnswer(w http.ResponseWriter, r *http.Request, next http.Handler) {
	seen := &partWriter{header: http.Header{}}
	next.ServeHTTP(seen, r)
	if seen.status != http.StatusNotFound {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	maps.Copy(w.Header(), seen.header)
	w.WriteHeader(seen.status)
	_, _ = w.Write(seen.body.Bytes())
}

// withBody returns the request with another body.
func withBody(r *http.Request, body []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	return r
}

// batch answers the messages of a batch one after the other, in one answer.
func (web *Web) batch(w http.ResponseWriter, r *http.Request, next http.Handler, texts []json.RawMessage) {
	var answers [][]byte
	for _, text := range texts {
		if m, _ := parse(text); m.Method == "initialize" {
			answers = append(answers, errorAnswer(m.ID, errInitialize))
			continue
		}
		part := &partWriter{header: http.Header{}}
		web.message(part, r, next, text, false)
		if part.status == http.StatusAccepted {
			continue
		}
		if !strings.HasPrefix(part.header.Get("Content-Type"), "application/json") { // the session is not there, or such
			w.Header().Set("Content-Type", part.header.Get("Content-Type"))
			w.WriteHeader(part.status)
			_, _ = w.Write(part.body.Bytes())
			return
		}
		answers = append(answers, bytes.TrimSpace(part.body.Bytes()))
	}
	all := joinAnswers(answers)
	if all == nil {
		w.WriteHeader(http.StatusAccepted)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(all)
}

// partWriter is the answer to one message of a batch. It is not a stream.
type partWriter struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header, WriteHeader and Write keep what is answered.
func (p *partWriter) Header() http.Header { return p.header }

// WriteHeader implements http.ResponseWriter; it keeps the status of one message's answer.
func (p *partWriter) WriteHeader(status int) { p.status = status }

// Write implements http.ResponseWriter.
func (p *partWriter) Write(b []byte) (int, error) { return p.body.Write(b) }

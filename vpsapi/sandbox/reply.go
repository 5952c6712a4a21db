package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// refusal is an answer that is not a success, or a success that means no.
type refusal struct {
	status int
	body   string // JSON, or a page when it starts with <
}

func (r *refusal) Error() string { return fmt.Sprintf("HTTP %d %s", r.status, r.body) }

// unknownPage is the answer to an unknown path: not JSON, as the service's own.
var unknownPage = &refusal{status: http.StatusNotFound, body: "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"}

// badCredentials is the answer to credentials that are not the account's.
var badCredentials = &refusal{status: http.StatusNotAcceptable, body: `{"errors":{"message":"Invalid credentials"}}`}

// notFound is the answer to an unknown id.
func notFound(what string, id any) error {
	body, _ := json.Marshal(map[string]any{"errors": []string{fmt.Sprintf("%s %v was not found", what, id)}})
	return &refusal{http.StatusNotFound, string(body)}
}

// invalid is a 422 with pairs of field and message.
func invalid(pairs ...string) error {
	var errs [][2]string
	for i := 0; i+1 < len(pairs); i += 2 {
		errs = append(errs, [2]string{pairs[i], pairs[i+1]})
	}
	body, _ := json.Marshal(map[string]any{"errors": errs})
	return &refusal{http.StatusUnprocessableEntity, string(body)}
}

// falseReply returns a status 200 with the bare body false.
func falseReply() error { return &refusal{http.StatusOK, "false"} }

// errorInSuccess returns a status 200 with an error inside.
func errorInSuccess(message string) error {
	body, _ := json.Marshal(map[string]string{"error": message})
	return &refusal{http.StatusOK, string(body)}
}

func (r *refusal) contentType() string {
	if strings.HasPrefix(r.body, "<") {
		return "text/html; charset=utf-8"
	}
	return "application/json; charset=utf-8"
}

func writeRefusal(w http.ResponseWriter, r *refusal) {
	w.Header().Set("Content-Type", r.contentType())
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, r.body)
}

func writeReply(w http.ResponseWriter, op vpsapi.Operation, out any) {
	body, err := op.EncodeReply(out)
	if err != nil {
		writeRefusal(w, &refusal{http.StatusInternalServerError, err.Error()})
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	if bytes.HasPrefix(body, []byte("%PDF-")) {
		w.Header().Set("Content-Type", "application/pdf")
	}
	if op.Info().API == vpsapi.Platform {
		w.WriteHeader(vpsapi.PlatformStatus(body))
	}
	_, _ = w.Write(body)
}

// RoundTrip answers a client's request without a network.
func (s *Sandbox) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer func() { _ = in.Body.Close() }()
	w := &answerRecorder{header: http.Header{}, status: http.StatusOK}
	s.ServeHTTP(w, in)
	response := &http.Response{
		Status: http.StatusText(w.status), StatusCode: w.status, Header: w.header, Request: r,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()),
	}
	switch {
	case w.broken && r.Context().Err() != nil:
		return nil, r.Context().Err()
	case w.broken:
		return nil, errReset
	case w.spoiled != nil:
		response.Body, response.ContentLength = io.NopCloser(w.spoiled), -1
	}
	return response, nil
}

// answerRecorder is a ResponseWriter that keeps the answer.
type answerRecorder struct {
	header http.Header
	status int
	body   bytes.Buffer

	broken  bool      // there is no answer: the connection was reset
	spoiled io.Reader // the body that comes in place of body
}

func (w *answerRecorder) Header() http.Header         { return w.header }
func (w *answerRecorder) WriteHeader(status int)      { w.status = status }
func (w *answerRecorder) Write(b []byte) (int, error) { return w.body.Write(b) }

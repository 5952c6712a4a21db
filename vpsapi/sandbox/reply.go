package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// refusal is an answer that is not a success, or a success that means no.
type refusal struct {
	status int
	body   string // JSON, or a page when it starts with <
}

// Error implements error.
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

// unparsable is the answer to a body that is no JSON, or none of an object.
func unparsable(api vpsapi.API) error {
	if api == vpsapi.Platform {
		return platformRefusal(http.StatusBadRequest, "The request could not be parsed")
	}
	return invalid("base", "The request could not be parsed")
}

// serviceWord says a fault of an input as the services do, whose words are few.
func serviceWord(f vpsapi.Fault) string {
	if strings.HasPrefix(f.Message, "missing") {
		return "can't be blank"
	}
	return "is invalid"
}

// unknownPath is the answer to a path in which something stands that can be no id; nil where all can.
func unknownPath(info vpsapi.Info, faults []vpsapi.Fault, values map[string]string) error {
	for _, name := range info.Route.Placeholders() {
		switch {
		case info.API == vpsapi.Platform && name != "server_id" && strings.Trim(values[name], "0123456789") != "":
			return platformRefusal(http.StatusBadRequest, "Path parameter "+name+" needs to be numeric")
		case !slices.ContainsFunc(faults, func(f vpsapi.Fault) bool {
			return f.Field == name || name == "server_id" && f.Field == "platform_server_id"
		}):
		case info.API == vpsapi.Platform:
			return platformRefusal(http.StatusNotFound, "server not found")
		default:
			return notFound(kindOf(name), values[name])
		}
	}
	return nil
}

// kindOf is what the service calls the thing that a part of a path names.
func kindOf(name string) string {
	name = strings.ReplaceAll(strings.TrimSuffix(name, "_id"), "_", " ")
	if strings.HasSuffix(name, "server") {
		name = "virtual machine"
	}
	return strings.ToUpper(name[:1]) + name[1:]
}

// falseReply returns a status 200 with the bare body false.
func falseReply() error { return &refusal{http.StatusOK, "false"} }

// errorInSuccess returns a status 200 with an error inside.
func errorInSuccess(message string) error {
	body, _ := json.Marshal(map[string]string{"error": message})
	return &refusal{http.StatusOK, string(body)}
}

// contentType returns the type of the body: HTML or JSON.
func (r *refusal) contentType() string {
	if strings.HasPrefix(r.body, "<") {
		return "text/html; charset=utf-8"
	}
	return "application/json; charset=utf-8"
}

// writeRefusal answers a request with a refusal.
func writeRefusal(w http.ResponseWriter, r *refusal) {
	w.Header().Set("Content-Type", r.contentType())
	w.WriteHeader(r.status)
	_, _ = io.WriteString(w, r.body)
}

// writeReply answers a request with the function's reply, as the service would write it.
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

// Header implements http.ResponseWriter.
func (w *answerRecorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *answerRecorder) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *answerRecorder) Write(b []byte) (int, error) { return w.body.Write(b) }

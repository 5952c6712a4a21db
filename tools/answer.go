package tools

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/mark3labs/mcp-go/mcp"

	"vpsnet-mcp/vpsapi"
)

// Answer is what a call gives back.
type Answer struct {
	IsError      bool
	Text         string          // for a person and a model to read
	Structured   json.RawMessage // an object that says the same; nil for none
	Document     []byte          // a PDF
	DocumentURI  string
	NeedsConsent bool // refused only for want of consent

	question *Question // the result asks it, and the client calls again
}

// result is the answer as the protocol carries it.
func (a *Answer) result() *mcp.CallToolResult {
	if a.question != nil {
		return inputRequired(*a.question)
	}
	content := []mcp.Content{mcp.NewTextContent(a.Text)}
	if a.Document != nil {
		content = append(content, mcp.NewEmbeddedResource(mcp.BlobResourceContents{
			URI: a.DocumentURI, MIMEType: "application/pdf", Blob: base64.StdEncoding.EncodeToString(a.Document),
		}))
	}
	r := &mcp.CallToolResult{Content: content, IsError: a.IsError}
	if a.Structured != nil {
		r.StructuredContent = a.Structured
	}
	return r
}

// refusal is an answer that says no: what, why, and that nothing was sent.
func refusal(format string, args ...any) *Answer {
	return &Answer{IsError: true, Text: fmt.Sprintf(format, args...)}
}

// failure is the answer to an error.
func failure(r *reader, err error) *Answer {
	text := r.client.Clean(err.Error())
	var e *vpsapi.Error
	if errors.As(err, &e) && e.Request.Method != "GET" {
		switch e.Outcome {
		case vpsapi.NotSent:
			text += ". Nothing was sent."
		case vpsapi.Refused:
			text += ". Nothing was changed."
		}
	}
	return &Answer{IsError: true, Text: text}
}

// answerOf makes the answer of a function's reply.
func answerOf(op vpsapi.Operation, in any, result vpsapi.Result) *Answer {
	info := op.Info()
	switch out := result.Out.(type) {
	case vpsapi.PDF:
		uri := "vpsnet:/" + requestPath(op, in)
		return &Answer{Text: fmt.Sprintf("%s: a PDF of %d bytes.", info.Title, len(out)), Document: out, DocumentURI: uri}
	case vpsapi.Done:
		return &Answer{Text: info.Title + ": done.", Structured: json.RawMessage(`{"done":true}`)}
	case vpsapi.Raw:
		return structured(info.Title, wrap(out))
	default:
		b, err := json.Marshal(out)
		if err != nil {
			return refusal("%s: the reply could not be written: %v", info.Name, err)
		}
		return structured(info.Title, wrap(b))
	}
}

func requestPath(op vpsapi.Operation, in any) string {
	request, err := op.Encode(in)
	if err != nil {
		return ""
	}
	return request.Path
}

// wrap makes any JSON an object: a list stands under items, a scalar under value.
func wrap(b []byte) json.RawMessage {
	switch {
	case len(b) == 0 || string(b) == "null":
		return json.RawMessage(`{"done":true}`)
	case b[0] == '{':
		return b
	case b[0] == '[':
		return append(append([]byte(`{"items":`), b...), '}')
	default:
		return append(append([]byte(`{"value":`), b...), '}')
	}
}

// structured is an answer whose text is made from its object.
func structured(title string, object json.RawMessage) *Answer {
	return &Answer{Text: textOf(title, object), Structured: object}
}

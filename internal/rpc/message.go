// Package rpc stands between an MCP client and the protocol library, on stdio and
// on HTTP alike. It reads JSON-RPC messages as they come (BOM, blank lines,
// batches, ids of any size), keeps requests apart under numbers of its own, takes
// cancellations, questions to the client and progress upon itself, and gives each
// answer the id that its request had.
package rpc

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// Message is one JSON-RPC message whose envelope was read.
type Message struct {
	ID     json.RawMessage // as it was sent; nil for a notification
	Method string          // empty for a response
	Params json.RawMessage
	Result json.RawMessage // of a response
	Error  *Error          // of a response

	version json.RawMessage
}

// Codes of JSON-RPC errors.
const (
	// ParseError is the JSON-RPC code of a message that is not JSON.
	ParseError = -32700
	// InvalidRequest is the JSON-RPC code of JSON that is not a request.
	InvalidRequest = -32600
	// MethodNotFound is the JSON-RPC code of an unknown method.
	MethodNotFound = -32601
	// InvalidParams is the JSON-RPC code of parameters that the method does not take.
	InvalidParams = -32602
	// InternalError is the JSON-RPC code of a fault of this program.
	InternalError = -32603
	Busy          = -32000 // no place for another request
)

// Error is a JSON-RPC error.
type Error struct {
	Code    int    `json:"code"`
	Message string `json:"message"`
	Data    any    `json:"data,omitempty"`
}

// Error implements error.
func (e *Error) Error() string { return fmt.Sprintf("JSON-RPC error %d: %s", e.Code, e.Message) }

// byteOrderMark is what some programs put before a text.
var byteOrderMark = []byte("\ufeff")

// trimText returns a text without the BOM and white space around it.
func trimText(text []byte) []byte {
	return bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(text), byteOrderMark))
}

// splitBatch gives the messages of a text: one, or those of a batch.
func splitBatch(text []byte) (messages []json.RawMessage, batch bool, refused *Error) {
	switch {
	case !utf8.Valid(text):
		return nil, false, &Error{Code: ParseError, Message: "Parse error: the message is not UTF-8"}
	case !json.Valid(text):
		return nil, false, &Error{Code: ParseError, Message: "Parse error"}
	case text[0] != '[':
		return []json.RawMessage{text}, false, nil
	}
	if err := json.Unmarshal(text, &messages); err != nil {
		return nil, true, &Error{Code: ParseError, Message: "Parse error"}
	}
	switch n := len(messages); {
	case n == 0:
		return nil, true, &Error{Code: InvalidRequest, Message: "Invalid request: the batch is empty"}
	case n > maxBatch:
		return nil, true, &Error{Code: InvalidRequest, Message: fmt.Sprintf("Invalid request: a batch of more than %d messages", maxBatch)}
	}
	return messages, true, nil
}

// maxBatch bounds what one batch asks for.
const maxBatch = 50

// parse reads the envelope of one message, which is JSON.
func parse(text []byte) (m Message, refused *Error) {
	var members map[string]json.RawMessage
	if err := json.Unmarshal(text, &members); err != nil || members == nil {
		return m, &Error{Code: InvalidRequest, Message: "Invalid request: a message must be an object"}
	}
	m.version, m.ID, m.Params, m.Result = members["jsonrpc"], members["id"], withObjects(members["params"]), resultObject(members["result"])
	method, called := members["method"]
	if failure, failed := members["error"]; !called && failed {
		m.Error = &Error{Code: InternalError, Message: "an error that cannot be read"}
		_ = json.Unmarshal(failure, m.Error)
	}
	switch {
	case !called && m.Error == nil && m.Result == nil:
		refused = &Error{Code: InvalidRequest, Message: "Invalid request: the method is missing"}
	case called && (json.Unmarshal(method, &m.Method) != nil || m.Method == ""):
		refused = &Error{Code: InvalidRequest, Message: "Invalid request: the method must be a string"}
	}
	if m.ID != nil && m.ID[0] != '"' && m.ID[0] != '-' && (m.ID[0] < '0' || m.ID[0] > '9') {
		m.ID = nil // of no kind that an answer could name
		if called {
			refused = &Error{Code: InvalidRequest, Message: "Invalid request: the id must be a string or a number"}
		}
	}
	if refused == nil && m.ID != nil {
		refused = m.checkParams()
	}
	return m, refused
}

// checkParams refuses params of which the library says what nobody understands.
func (m Message) checkParams() *Error {
	switch m.Method {
	case "resources/read":
		var uri string
		if json.Unmarshal(m.field("uri"), &uri) != nil || uri == "" {
			return &Error{Code: InvalidParams, Message: "Invalid params: uri is missing; resources/list lists them"}
		}
	case "tools/list", "prompts/list", "resources/list", "resources/templates/list":
		cursor := m.field("cursor")
		if cursor == nil {
			return nil
		}
		var text string
		err := json.Unmarshal(cursor, &text)
		if err == nil {
			_, err = base64.StdEncoding.DecodeString(text)
		}
		if err != nil {
			return &Error{Code: InvalidParams, Message: "Invalid params: unknown cursor"}
		}
	}
	return nil
}

// withID returns the request as the library is given it, under another id.
func (m Message) withID(id int64) []byte {
	return m.encode(json.RawMessage(strconv.FormatInt(id, 10)))
}

// notification is a message without an id as the library is given it.
func (m Message) notification() []byte { return m.encode(nil) }

// encode returns the message as JSON under an id.
func (m Message) encode(id json.RawMessage) []byte {
	var b bytes.Buffer
	write := func(name string, value json.RawMessage) {
		if value == nil {
			return
		}
		if b.Len() == 0 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		b.WriteString(`"` + name + `":`)
		b.Write(value)
	}
	write("id", id)
	write("jsonrpc", m.version)
	method, _ := marshal(m.Method)
	write("method", method)
	write("params", m.Params)
	b.WriteByte('}')
	return b.Bytes()
}

// field is a member of an object somewhere inside params; nil when it is not there.
func (m Message) field(path ...string) json.RawMessage {
	value := m.Params
	for _, name := range path {
		var members map[string]json.RawMessage
		if json.Unmarshal(value, &members) != nil {
			return nil
		}
		value = members[name]
	}
	return value
}

// errorAnswer returns the answer to what is not a request that can be served.
func errorAnswer(id json.RawMessage, why *Error) []byte {
	if id == nil {
		id = json.RawMessage("null")
	}
	text, err := marshal(struct {
		Version string          `json:"jsonrpc"`
		ID      json.RawMessage `json:"id"`
		Error   *Error          `json:"error"`
	}{"2.0", id, why})
	if err != nil {
		return []byte(`{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"internal error"}}`)
	}
	return text
}

// errInitialize refuses what begins a conversation in the midst of others.
var errInitialize = &Error{Code: InvalidRequest, Message: "Invalid request: initialize must not be in a batch"}

// joinAnswers returns the answer to a batch; nil when none of it is answered.
func joinAnswers(answers [][]byte) []byte {
	if len(answers) == 0 {
		return nil
	}
	return append(append([]byte{'['}, bytes.Join(answers, []byte{','})...), ']')
}

// marshal writes JSON that keeps a client's own texts byte for byte.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

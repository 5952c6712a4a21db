package rpc

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// subscription marks the id of the request that opened a stream, in what is sent on it.
const subscription = `"io.modelcontextprotocol/subscriptionId":`

// restore gives a message of the library the id that the client knows the call by.
// What else the message says stays as it is, but for an internal error that stands
// for another one. done reports the answer to the call.
func (c *Call) restore(message []byte) (restored []byte, done bool) {
	number := strconv.FormatInt(c.number, 10)
	if bytes.Contains(message, []byte(subscription)) {
		for _, end := range []string{"}", ","} {
			message = bytes.ReplaceAll(message, []byte(subscription+number+end), append(append([]byte(subscription), c.id...), end...))
		}
	}
	head := `{"jsonrpc":"2.0","id":` + number + ","
	rest, ok := bytes.CutPrefix(message, []byte(head))
	if !ok {
		return message, false
	}
	if why := c.originalError(rest); why != nil {
		return errorAnswer(c.id, why), true
	}
	restored = make([]byte, 0, len(message)+len(c.id))
	restored = append(restored, `{"jsonrpc":"2.0","id":`...)
	restored = append(restored, c.id...)
	restored = append(restored, ',')
	return append(restored, rest...), true
}

// originalError returns the error that an internal error stands for; nil for any other
// answer. rest is an answer behind its id.
func (c *Call) originalError(rest []byte) *Error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.refused == nil || !bytes.HasPrefix(rest, []byte(`"error":`)) {
		return nil
	}
	var answer struct{ Error Error }
	if json.Unmarshal(append([]byte("{"), rest...), &answer) != nil || answer.Error.Code != InternalError {
		return nil
	}
	why := *c.refused
	if why.Message == "" {
		why.Message = answer.Error.Message
	}
	return &why
}

// acknowledgement returns what stands before the answer to a subscription that had nothing
// to send and so was answered at once: the library may drop it.
func (c *Call) acknowledgement() []byte {
	return notification("notifications/subscriptions/acknowledged", map[string]any{
		"_meta": map[string]any{"io.modelcontextprotocol/subscriptionId": c.id}, "notifications": map[string]any{},
	})
}

package rpc

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// emptyList finds texts that may need withObjects at all.
var emptyList = regexp.MustCompile(`\[\s*\]`)

// withObjects is a request's params with an empty object wherever the protocol has
// an object and the client wrote an empty list, as PHP does. A tool's own arguments
// are read by its schema, and stay.
func withObjects(params json.RawMessage) json.RawMessage {
	if !emptyList.Match(params) {
		return params
	}
	return asObject(params, func(name string, value json.RawMessage) json.RawMessage {
		switch name {
		case "_meta", "capabilities":
			return allObjects(value)
		case "arguments", "clientInfo", "argument", "ref", "notifications", "task":
			return asObject(value, nil)
		case "inputResponses":
			return asObject(value, func(_ string, inner json.RawMessage) json.RawMessage { return resultObject(inner) })
		case "context": // of a completion
			return asObject(value, func(_ string, inner json.RawMessage) json.RawMessage { return asObject(inner, nil) })
		}
		return value
	})
}

// resultObject is a client's result with objects where an empty list stands for one;
// what a person gave in a form stays as it was sent.
func resultObject(result json.RawMessage) json.RawMessage {
	return asObject(result, func(name string, value json.RawMessage) json.RawMessage {
		if name == "content" || name == "_meta" || name == "result" {
			return asObject(value, nil)
		}
		return value
	})
}

// allObjects is a value in which every empty list stands for an object, as deep as
// objects go.
func allObjects(value json.RawMessage) json.RawMessage {
	return asObject(value, func(_ string, inner json.RawMessage) json.RawMessage { return allObjects(inner) })
}

// asObject is a value that is to be an object; members gives its members anew where
// it is one, and may be nil.
func asObject(value json.RawMessage, members func(name string, value json.RawMessage) json.RawMessage) json.RawMessage {
	if text := bytes.TrimSpace(value); len(text) > 1 && text[0] == '[' && len(bytes.TrimSpace(text[1:len(text)-1])) == 0 {
		return json.RawMessage("{}")
	}
	var object map[string]json.RawMessage
	if members == nil || !emptyList.Match(value) || json.Unmarshal(value, &object) != nil || object == nil {
		return value
	}
	for name, inner := range object {
		object[name] = members(name, inner)
	}
	text, err := marshal(object)
	if err != nil {
		return value
	}
	return text
}

package account

import "fmt"

// CallText words a call that an answer advises as it can be made: by the function's own name, or by
// the tool of the search surface that calls it. The arguments are a JSON object, or empty.
func (r *Reader) CallText(function, arguments string) string {
	gate := ""
	if r != nil && r.GateOf != nil {
		gate = r.GateOf(function)
	}
	switch {
	case gate != "" && arguments != "":
		return fmt.Sprintf(`%s {"function":%q,"arguments":%s}`, gate, function, arguments)
	case gate != "":
		return fmt.Sprintf(`%s {"function":%q}`, gate, function)
	case arguments != "":
		return function + " " + arguments
	}
	return function
}

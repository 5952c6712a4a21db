package vpsapi

import (
	"fmt"
	"reflect"
	"strings"
)

// Fault is one thing wrong with an input: the argument's name and what is allowed.
type Fault struct {
	Field   string
	Message string
}

// String returns "field: message", or the message alone.
func (f Fault) String() string {
	if f.Field == "" {
		return f.Message
	}
	return f.Field + ": " + f.Message
}

// Checker is an input with rules that its schema cannot say.
type Checker interface {
	Check() []Fault
}

// InputError is an input that was refused before anything was sent.
type InputError struct {
	Op     string
	Faults []Fault
}

// Error implements error: all faults in one line.
func (e *InputError) Error() string {
	words := make([]string, len(e.Faults))
	for i, f := range e.Faults {
		words[i] = f.String()
	}
	return fmt.Sprintf("%s: %s; nothing was sent", e.Op, strings.Join(words, "; "))
}

// Check returns every fault of an input: ids that are not ids, then the input's own rules.
func Check(in any) []Fault {
	var faults []Fault
	for _, f := range fieldsOf(reflect.TypeOf(in)) {
		v := reflect.ValueOf(in).FieldByIndex(f.index)
		if v.IsZero() && f.omitEmpty {
			continue
		}
		for v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		if v.Kind() == reflect.Pointer {
			continue
		}
		id, ok := v.Interface().(identifier)
		if !ok {
			continue
		}
		if err := id.validID(); err != nil {
			faults = append(faults, Fault{f.name, err.Error()})
		}
	}
	if c, ok := in.(Checker); ok {
		faults = append(faults, c.Check()...)
	}
	return faults
}

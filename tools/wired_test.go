package tools

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"vpsnet-mcp/vpsapi"
)

// wired is a call of a function with the arguments of its first wire case, for a
// function that no table of calls names.
func wired(t *testing.T, op vpsapi.Operation) driven {
	t.Helper()
	name := op.Info().Name
	archive, err := txtar.ParseFile(filepath.Join("../vpsapi/testdata/wire", name+".txtar"))
	if err != nil {
		t.Fatalf("%s is not driven, and has no wire case: %v", name, err)
	}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, "/args.json") {
			var line bytes.Buffer
			if err := json.Compact(&line, f.Data); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			return driven{tool: name, arguments: line.String()}
		}
	}
	return driven{tool: name, arguments: "{}"}
}

// undriven are the calls of the functions that calls do not name. They come first,
// while the sandbox has all of the document's examples.
func undriven(t *testing.T, ops []vpsapi.Operation, calls []driven) []driven {
	t.Helper()
	var rest []driven
	for _, op := range ops {
		if !slices.ContainsFunc(calls, func(c driven) bool { return c.tool == op.Info().Name }) {
			rest = append(rest, wired(t, op))
		}
	}
	return rest
}

// olderOperations lists the functions of the older API.
func olderOperations() []vpsapi.Operation {
	return slices.DeleteFunc(everyOperation(), func(op vpsapi.Operation) bool { return op.Info().API == vpsapi.Platform })
}

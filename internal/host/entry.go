package host

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"regexp"
	"strings"

	"vpsnet-mcp/internal/files"
)

// listItem is an entry's first line in a tokens file.
var listItem = regexp.MustCompile(`(?m)^( *)- `)

// AddEntry adds an entry to a tokens file, which is made when there is none. The
// entry is YAML, a list of one; what stands in the file stays as it is. A file to
// which it cannot be added safely is not changed.
func AddEntry(path, entry string) error {
	before, err := files.ReadSecret(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	had, err := parseEntries(path, before)
	if err != nil {
		return err
	}
	indent, more := "", ""
	switch {
	case len(bytes.TrimSpace(before)) == 0:
		more = "tokens:\n"
	case !bytes.HasSuffix(before, []byte("\n")):
		more = "\n"
	}
	if m := listItem.FindSubmatch(before); m != nil {
		indent = string(m[1])
	}
	for line := range strings.Lines(strings.TrimRight(entry, "\n")) {
		more += indent + strings.TrimRight(line, "\n") + "\n"
	}
	has, err := parseEntries(path, append(bytes.Clone(before), more...))
	if errors.Unwrap(err) != nil { // it can be read, and the server would refuse it
		return fmt.Errorf("%w; nothing was written", err)
	}
	if err != nil || len(has) != len(had)+1 {
		return fmt.Errorf("tokens file %s: an entry cannot be added safely; make it without --tokens, and put it in by hand", path)
	}
	f, err := files.OpenAppend(path, os.O_WRONLY)
	if err != nil {
		return err
	}
	_, err = f.WriteString(more)
	return errors.Join(err, f.Close())
}

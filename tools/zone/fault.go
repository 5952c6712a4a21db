package zone

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// atLine finds where the parser broke off: line and column.
var atLine = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^(?:dns: )?(.*?) ?at line: (\d+):\d+$`) })

// parseFault says of a text that is no zone file where it breaks off, with the line as it stands and what is wrong with it.
func parseFault(err error, text string) string {
	found := atLine().FindStringSubmatch(vpsapi.Visible(strings.ReplaceAll(err.Error(), "\n", " ")))
	if found == nil {
		return vpsapi.Visible(err.Error())
	}
	lines := strings.Split(text, "\n")
	n, _ := strconv.Atoi(found[2])
	if n < 1 || n > len(lines) {
		return vpsapi.Visible(err.Error())
	}
	for n > 1 && strings.TrimSpace(lines[n-1]) == "" { // the parser saw the fault after the line's end
		n--
	}
	line := strings.TrimRight(lines[n-1], "\r")
	why := found[1]
	if oddQuotes(line) {
		why = "a quote is opened and not closed"
	}
	return fmt.Sprintf("line %d (%s): %s", n, vpsapi.Quote(line), why)
}

// oddQuotes reports a line with a quote that is not closed, comments left out.
func oddQuotes(line string) bool {
	open := false
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			i++
		case c == '"':
			open = !open
		case c == ';' && !open:
			return false
		}
	}
	return open
}

// Command record runs a conversation against the embedded VPS.NET and draws it as a
// terminal, for README. `make record` runs it; a test holds the picture to what the
// program prints.
package main

import (
	"flag"
	"fmt"
	"html"
	"log"
	"os"
	"os/exec"
	"slices"
	"strings"
	"unicode/utf8"
)

func main() {
	log.SetFlags(0)
	program := flag.String("program", "bin/vpsnet-mcp", "the program to run")
	out := flag.String("out", "docs/demo.svg", "the picture")
	flag.Parse()
	var lines []line
	for _, s := range demo {
		said, err := s.run(*program)
		if err != nil {
			log.Fatal("record: ", err)
		}
		lines = append(lines, said...)
	}
	if err := os.WriteFile(*out, []byte(draw(lines)), 0o644); err != nil { //nolint:gosec // a picture is for everybody
		log.Fatal("record: ", err)
	}
}

// step is what a person asks, the call that answers it, and how the lines of the
// answer begin that are shown.
type step struct {
	asks  string
	call  []string
	shows []string
}

// demo is the conversation that is recorded: what the person says, and the call that answers.
var demo = []step{
	{
		`"web01 is hard to reach. What is wrong?"`, []string{"diagnose_server", "server_id=web01"},
		[]string{"no DNS record leads to it", "state:"},
	},
	{
		`"What do I pay for and not use?"`, []string{"fleet_report"},
		[]string{"nodes that no server uses", "IP addresses that no server has"},
	},
	{
		`"Delete web01."`, []string{"delete_cloud_server", "server_id=web01"},
		[]string{"vpsnet-mcp: ", "What happens:", "Lost with it:", "Stays, and keeps billing:", "Undo:"},
	},
}

// line is one line of the terminal.
type line struct {
	class string // ask, call or out
	text  string
}

// run makes the call and picks the lines that are shown.
func (s step) run(program string) ([]line, error) {
	arguments := append(append([]string{"call"}, s.call...), "--sandbox")
	said, _ := exec.Command(program, arguments...).CombinedOutput() //nolint:gosec // a plan ends with an exit code of its own
	lines := []line{{"ask", s.asks}, {"call", "$ vpsnet-mcp " + strings.Join(arguments, " ")}}
	all := strings.Split(string(said), "\n")
	for _, begin := range s.shows {
		i := slices.IndexFunc(all, func(l string) bool { return strings.HasPrefix(l, begin) })
		if i < 0 {
			return nil, fmt.Errorf("%v prints no line that begins with %q:\n%s", arguments, begin, said)
		}
		lines = append(lines, line{"out", all[i]})
	}
	return append(lines, line{}), nil
}

const (
	columns   = 104 // of the terminal
	charWidth = 8   // of a character of 13 pixels, rounded up
	height    = 19  // of a line
	// margin is the space around the picture's text, in pixels.
	margin = 18
)

// draw makes the picture. A long line is folded at its words, its parts in one element.
func draw(lines []line) string {
	var b strings.Builder
	y := margin + 26
	for _, l := range lines {
		fmt.Fprintf(&b, `<text class=%q>`, l.class)
		for i, part := range foldText(l.text, columns) {
			x := margin
			if i > 0 {
				x += 2 * charWidth
			}
			fmt.Fprintf(&b, `<tspan x="%d" y="%d">%s</tspan>`, x, y, html.EscapeString(part))
			y += height
		}
		b.WriteString("</text>\n")
	}
	width := columns*charWidth + 2*margin + 2*charWidth
	return fmt.Sprintf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-label="Three questions to the assistant, and the calls that answer them">
<style>
text { font: 13px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; white-space: pre }
.out { fill: #c9d1d9 } .call { fill: #7ee787 } .ask { fill: #79c0ff; font-weight: bold }
</style>
<rect width="100%%" height="100%%" rx="10" fill="#0d1117"/>
<circle cx="22" cy="20" r="6" fill="#ff5f56"/><circle cx="42" cy="20" r="6" fill="#ffbd2e"/><circle cx="62" cy="20" r="6" fill="#27c93f"/>
%s</svg>
`, width, y, b.String())
}

// foldText cuts a text into lines of at most n characters, at spaces; each part but the
// last keeps its space.
func foldText(text string, n int) []string {
	parts := []string{""}
	for _, word := range strings.SplitAfter(text, " ") {
		if last := parts[len(parts)-1]; last != "" && utf8.RuneCountInString(last+strings.TrimSpace(word)) > n {
			parts = append(parts, "")
		}
		parts[len(parts)-1] += word
	}
	return parts
}

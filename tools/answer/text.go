package answer

import (
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// Clip shortens a text that others wrote to what a report has room for.
func Clip(s string, n int) string {
	s = strings.Join(strings.Fields(vpsapi.Visible(s)), " ")
	if runes := []rune(s); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// FirstLines keeps as many lines as the size allows, and says how many it left out.
func FirstLines(lines []string, size int) []string {
	for i, line := range lines {
		if size -= len(line) + 1; size < 0 {
			return append(lines[:i:i], fmt.Sprintf("… and %d more", len(lines)-i))
		}
	}
	return lines
}

package answer

import (
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

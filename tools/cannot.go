package tools

import (
	"regexp"

	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/tools/offer"
)

// namedTool finds the tools that a text names.
var namedTool = regexp.MustCompile(`\b[a-z]+(?:_[a-z]+)+\b`)

// whatCannot says honestly what of a query VPS.NET's API cannot do, and which function that the caller may use comes near it.
func (s *Server) whatCannot(c confirm.Caller, query string) []string {
	var texts []string
	for _, l := range catalog.Limits(query) {
		text := "VPS.NET's API cannot " + l.What
		if s.mayUseAll(c, namedTool.FindAllString(l.Help, -1)) {
			text += "; " + l.Help
		}
		texts = append(texts, text+".")
	}
	return texts
}

// mayUseAll reports that the caller may use each of the named tools.
func (s *Server) mayUseAll(c confirm.Caller, names []string) bool {
	for _, name := range names {
		if t, ok := s.tools[name]; !ok || !offer.IsAllowedTo(c, t) {
			return false
		}
	}
	return true
}

package tools

import (
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// agree decides whether a plan may be sent; a nil answer means yes. Whatever is
// above Changes needs the flag.
func agree(p *Plan, confirm string) *Answer {
	if p.Worst() <= vpsapi.Changes || isYes(confirm) {
		return nil
	}
	text := fmt.Sprintf("%s needs consent (%s). Nothing was sent. This is the plan:\n\n%s\n\n"+
		"Show it to the person. Only when they agree, call %s again with the same arguments and confirm: \"yes\".",
		p.Tool, p.Worst(), p.Text(), p.Tool)
	if confirm != "" {
		text = fmt.Sprintf("confirm: %s is not \"yes\". ", vpsapi.Quote(confirm)) + text
	}
	return &Answer{IsError: true, Text: text, NeedsConsent: true}
}

func isYes(confirm string) bool {
	switch strings.ToLower(strings.TrimSpace(confirm)) {
	case "yes", "true":
		return true
	}
	return false
}

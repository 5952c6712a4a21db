package metrics

import (
	"bytes"
	"io"
	"strings"

	"github.com/VictoriaMetrics/metrics"
)

// help says what each metric counts, and in which unit.
var help = map[string]string{
	"vpsnet_tool_calls_total":    "Calls of tools, by how they ended.",
	"vpsnet_tool_own_seconds":    "Seconds that a call took without the VPS.NET API.",
	"vpsnet_consents_total":      "Changes that went ahead, by how consent was given.",
	"vpsnet_api_request_seconds": "Seconds that a request to the VPS.NET API took, by its status; 0 means no answer.",
	"vpsnet_api_retries_total":   "Requests to the VPS.NET API after the first attempt.",
	"vpsnet_api_wait_seconds":    "Seconds that a request waited before it was sent.",
	"vpsnet_api_breaker_total":   "How often a circuit breaker went into the state.",
	"vpsnet_api_breakers":        "Accounts whose circuit breaker is in the state.",
	"vpsnet_calls_running":       "Calls that are running.",
	"vpsnet_sessions":            "Open sessions of the revisions before 2026-07-28.",
	"vpsnet_refused_total":       "Requests and calls that a limit refused.",
}

func init() { metrics.ExposeMetadata(true) } // HELP and TYPE; the library's HELP has no text

// writeWithHelp writes the set and completes its HELP lines.
func writeWithHelp(w io.Writer, set *metrics.Set) {
	var plain bytes.Buffer
	set.WritePrometheus(&plain)
	for line := range strings.Lines(plain.String()) {
		if name, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "# HELP "); ok && help[name] != "" {
			line = "# HELP " + name + " " + help[name] + "\n"
		}
		if _, err := io.WriteString(w, line); err != nil {
			return // the reader is gone
		}
	}
}

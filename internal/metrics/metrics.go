// Package metrics counts what the server does, for Prometheus. No label holds
// anything that a caller or the account wrote.
package metrics

import (
	"fmt"
	"net/http"
	"slices"

	"github.com/VictoriaMetrics/metrics"

	"vpsnet-mcp/internal/audit"
	"vpsnet-mcp/vpsapi"
)

// Metrics are the counters of one process.
type Metrics struct {
	set   *metrics.Set
	tools []string
}

// unknown stands for whatever is in no list: a label's values must stay few.
const unknown = "unknown"

var (
	ownBuckets = metrics.ExponentialBuckets(0.0005, 4, 7) // seconds that this program itself takes, without the service
	// apiBuckets are the histogram's bounds for requests to the service, in seconds.
	apiBuckets = metrics.ExponentialBuckets(0.01, 3, 8)
)

// New makes metrics for the tools of the given names.
func New(tools []string) *Metrics {
	m := &Metrics{set: metrics.NewSet(), tools: slices.Sorted(slices.Values(tools))}
	for _, tool := range tools {
		m.calls(tool, outcomeUnknown) // from 0: an alert on its rise misses a counter that begins with 1
	}
	return m
}

// outcomeUnknown is the outcome of a change of which nobody knows whether it happened.
const outcomeUnknown = "unknown"

// calls is the counter of a tool's calls that ended so.
func (m *Metrics) calls(tool, outcome string) *metrics.Counter {
	return m.set.GetOrCreateCounter(fmt.Sprintf("vpsnet_tool_calls_total{tool=%q,outcome=%q}", tool, outcome))
}

// Call counts a tool call by its line of the audit.
func (m *Metrics) Call(line audit.Line) {
	tool := unknown
	if _, known := slices.BinarySearch(m.tools, line.Tool); known {
		tool = line.Tool
	}
	m.calls(tool, line.Outcome).Inc()
	m.set.GetOrCreatePrometheusHistogramExt(fmt.Sprintf("vpsnet_tool_own_seconds{tool=%q}", tool), ownBuckets).Update(line.MSOwn / 1000)
	if line.Consent != "" {
		m.set.GetOrCreateCounter(fmt.Sprintf("vpsnet_consents_total{how=%q}", line.How())).Inc()
	}
}

// Exchange counts a request to the API; status 0 means no answer.
func (m *Metrics) Exchange(e vpsapi.Exchange) {
	name := fmt.Sprintf(`vpsnet_api_request_seconds{function=%q,status="%d"}`, e.Request.Op, e.Status)
	m.set.GetOrCreatePrometheusHistogramExt(name, apiBuckets).Update(e.Duration.Seconds())
	if e.Attempt > 1 {
		m.set.GetOrCreateCounter(fmt.Sprintf("vpsnet_api_retries_total{function=%q}", e.Request.Op)).Inc()
	}
	m.set.GetOrCreatePrometheusHistogramExt("vpsnet_api_wait_seconds", apiBuckets).Update(e.Waited.Seconds())
}

// Breaker counts that the calls of an account were paused (open), tried again
// (half-open) or taken up (closed).
func (m *Metrics) Breaker(state string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("vpsnet_api_breaker_total{state=%q}", state)).Inc()
}

// Handler serves /metrics.
func (m *Metrics) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /metrics", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; version=0.0.4; charset=utf-8")
		writeWithHelp(w, m.set)
		metrics.WriteProcessMetrics(w)
	})
	return mux
}

// Refused counts a request or call that a limit refused, by the limit's name.
func (m *Metrics) Refused(limit string) {
	m.set.GetOrCreateCounter(fmt.Sprintf("vpsnet_refused_total{limit=%q}", limit)).Inc()
}

// Watch tells of what is now: the calls under way, the open sessions of older
// revisions, and of how many accounts the way to the API is in each state.
func (m *Metrics) Watch(running func() int, sessions func() (http, sse int), health func() map[string]int) {
	m.set.NewGauge("vpsnet_calls_running", func() float64 { return float64(running()) })
	m.set.NewGauge(`vpsnet_sessions{transport="http"}`, func() float64 { n, _ := sessions(); return float64(n) })
	m.set.NewGauge(`vpsnet_sessions{transport="sse"}`, func() float64 { _, n := sessions(); return float64(n) })
	for _, state := range []string{"closed", "half-open", "open"} {
		m.set.NewGauge(fmt.Sprintf("vpsnet_api_breakers{state=%q}", state), func() float64 { return float64(health()[state]) })
	}
}

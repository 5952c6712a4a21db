package vpsapi

import (
	"fmt"
	"strconv"
	"time"
)

// GetBandwidthUtilisationIn names a server and a span of time.
type GetBandwidthUtilisationIn struct {
	ServerID ServerID `json:"server_id"`
	From     string   `json:"from,omitempty" jsonschema_description:"ISO 8601 or Unix seconds"`
	To       string   `json:"to,omitempty" jsonschema_description:"ISO 8601 or Unix seconds"`
}

// Check refuses what is not a moment, and a span that ends before it begins.
func (in GetBandwidthUtilisationIn) Check() []Fault { return checkSpan(in.From, in.To) }

// GetBandwidthUtilisation reads a server's traffic, one row an hour, oldest first.
var GetBandwidthUtilisation = Op[GetBandwidthUtilisationIn, []NetworkRow]{
	Name: "get_bandwidth_utilisation", Title: "Get bandwidth utilisation",
	Doc:     "Get a server's traffic history: hourly rows, oldest first, KB sent and received in each hour.",
	Heading: "GET bandwidth utilisation for a cloud server",
	Route:   "GET /virtual_machines/{server_id}/network_utilisation", Reply: bareList[NetworkRow](),
	Safety: Reads, Evidence: Clients,
}

// GetCPUUtilisationIn names a server and a span of time.
type GetCPUUtilisationIn struct {
	ServerID ServerID `json:"server_id"`
	From     string   `json:"from,omitempty" jsonschema_description:"ISO 8601 or Unix seconds"`
	To       string   `json:"to,omitempty" jsonschema_description:"ISO 8601 or Unix seconds"`
}

// Check refuses what is not a moment, and a span that ends before it begins.
func (in GetCPUUtilisationIn) Check() []Fault { return checkSpan(in.From, in.To) }

// GetCPUUtilisation reads a server's CPU time, one row an hour, oldest first.
var GetCPUUtilisation = Op[GetCPUUtilisationIn, []CPURow]{
	Name: "get_cpu_utilisation", Title: "Get CPU utilisation",
	Doc:     "Get a server's CPU history: hourly rows, oldest first; per cent is cpu_time / elapsed_time * 10.",
	Heading: "GET CPU utilisation for a cloud server",
	Route:   "GET /virtual_machines/{server_id}/cpu_usage", Reply: bareList[CPURow](),
	Safety: Reads, Evidence: Clients,
}

// Timestamp reads a moment in the forms that from and to of the utilisation
// take: Unix seconds, or ISO 8601 down to the day, in UTC where no offset
// stands. The document says "timestamps" and no more. A bare year and
// milliseconds are refused: as seconds they would name another century.
func Timestamp(s string) (time.Time, error) {
	if seconds, err := strconv.ParseInt(s, 10, 64); err == nil && seconds > 9999 && seconds < 1e11 {
		return time.Unix(seconds, 0).UTC(), nil
	}
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", "2006-01-02T15:04", time.DateTime, ScheduleTime, time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("not a moment: %s; give ISO 8601 such as 2014-05-08T12:00:00Z, or Unix seconds", Quote(s))
}

// checkSpan returns the faults of the two ends of a span of time.
func checkSpan(from, to string) []Fault {
	var faults []Fault
	moment := func(field, s string) (t time.Time) {
		if s == "" {
			return t
		}
		t, err := Timestamp(s)
		if err != nil {
			faults = append(faults, Fault{field, err.Error()})
		}
		return t
	}
	start, end := moment("from", from), moment("to", to)
	if !start.IsZero() && !end.IsZero() && end.Before(start) {
		faults = append(faults, Fault{"to", "earlier than from"})
	}
	return faults
}

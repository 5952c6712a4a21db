package trace

import (
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"vpsnet-mcp/vpsapi"
)

// isWanted reports that the environment asks for traces, and refuses what this
// program cannot do; what the SDK reads, it judges itself.
func isWanted(env map[string]string) (bool, error) {
	kind, off := env["OTEL_TRACES_EXPORTER"], env["OTEL_SDK_DISABLED"]
	switch {
	case strings.EqualFold(off, "true") || kind == "none":
		return false, nil
	case kind == "" && env["OTEL_EXPORTER_OTLP_ENDPOINT"] == "" && env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "":
		return false, nil
	case off != "" && !strings.EqualFold(off, "false"):
		return false, errors.New("traces: OTEL_SDK_DISABLED: give true or false")
	case kind != "" && kind != "otlp":
		return false, fmt.Errorf("traces: OTEL_TRACES_EXPORTER %s: use otlp or none", vpsapi.Quote(kind))
	}
	if protocol := firstVariable(env, "PROTOCOL"); protocol != "" && protocol != "http/protobuf" {
		return false, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_PROTOCOL %s: use http/protobuf, which collectors accept on port 4318", vpsapi.Quote(protocol))
	}
	return true, nil
}

// firstVariable returns a variable of the exporter: that for traces before that for all.
func firstVariable(env map[string]string, name string) string {
	if v := env["OTEL_EXPORTER_OTLP_TRACES_"+name]; v != "" {
		return v
	}
	return env["OTEL_EXPORTER_OTLP_"+name]
}

// maxMilliseconds bounds milliseconds: more than two hours.
const maxMilliseconds = 10_000_000

// parseCount reads a whole number from 1 to most.
func parseCount(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= maxMilliseconds
}

// resourceAttributes returns the attributes of the resource that an operator chose.
func resourceAttributes(env map[string]string) ([]attribute.KeyValue, error) {
	chosen, ok := parsePairs(env["OTEL_RESOURCE_ATTRIBUTES"])
	if !ok {
		return nil, errors.New("traces: OTEL_RESOURCE_ATTRIBUTES: give key=value,key=value, the values as in a URL")
	}
	if name := strings.TrimSpace(env["OTEL_SERVICE_NAME"]); name != "" {
		chosen["service.name"] = name
	}
	var list []attribute.KeyValue
	for key, value := range chosen {
		list = append(list, attribute.String(key, value))
	}
	return list, nil
}

// parsePairs reads key=value,key=value, the values as in a URL. What it cannot read may
// be a secret, so nobody is told more than that.
func parsePairs(text string) (read map[string]string, ok bool) {
	read = map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		if strings.TrimSpace(pair) == "" {
			continue
		}
		key, value, ok := strings.Cut(pair, "=")
		key = strings.TrimSpace(key)
		value, err := url.PathUnescape(strings.TrimSpace(value))
		if !ok || err != nil || key == "" {
			return nil, false
		}
		read[key] = value
	}
	return read, true
}

package trace

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"go.opentelemetry.io/otel/attribute"

	"vpsnet-mcp/vpsapi"
)

// wanted reports that the environment asks for traces, and refuses what this
// program cannot do. The SDK would take its default for some of it in silence.
func wanted(env map[string]string) (bool, error) {
	kind, off := env["OTEL_TRACES_EXPORTER"], env["OTEL_SDK_DISABLED"]
	switch {
	case strings.EqualFold(off, "true") || kind == "none":
		return false, nil
	case kind == "" && env["OTEL_EXPORTER_OTLP_ENDPOINT"] == "" && env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] == "":
		return false, nil
	case off != "" && !strings.EqualFold(off, "false"):
		return false, errors.New("traces: OTEL_SDK_DISABLED: give true or false")
	case kind != "" && kind != "otlp":
		return false, fmt.Errorf("traces: OTEL_TRACES_EXPORTER %s: this program has otlp and none", vpsapi.Quote(kind))
	}
	if protocol := first(env, "PROTOCOL"); protocol != "" && protocol != "http/protobuf" {
		return false, fmt.Errorf("traces: OTEL_EXPORTER_OTLP_PROTOCOL %s: this program speaks http/protobuf, which collectors take on port 4318", vpsapi.Quote(protocol))
	}
	if err := checkSampler(env); err != nil {
		return false, err
	}
	if err := checkNumbers(env); err != nil {
		return false, err
	}
	return true, nil
}

// first is a variable of the exporter: that for traces before that for all.
func first(env map[string]string, name string) string {
	if v := env["OTEL_EXPORTER_OTLP_TRACES_"+name]; v != "" {
		return v
	}
	return env["OTEL_EXPORTER_OTLP_"+name]
}

// checkSampler checks what the SDK reads, which takes another sampler for one
// that it does not know.
func checkSampler(env map[string]string) error {
	known := []string{"always_on", "always_off", "traceidratio", "parentbased_always_on", "parentbased_always_off", "parentbased_traceidratio"}
	sampler := strings.ToLower(strings.TrimSpace(env["OTEL_TRACES_SAMPLER"]))
	if sampler == "" {
		return nil
	}
	if !slices.Contains(known, sampler) {
		return fmt.Errorf("traces: OTEL_TRACES_SAMPLER %s: this program has %s", vpsapi.Quote(sampler), strings.Join(known, ", "))
	}
	ratio := strings.TrimSpace(env["OTEL_TRACES_SAMPLER_ARG"])
	if !strings.HasSuffix(sampler, "traceidratio") || ratio == "" {
		return nil
	}
	if part, err := strconv.ParseFloat(ratio, 64); err != nil || !(part >= 0 && part <= 1) {
		return errors.New("traces: OTEL_TRACES_SAMPLER_ARG: give the part of the traces to keep, from 0 to 1, such as 0.1")
	}
	return nil
}

// most bounds numbers: as milliseconds more than two hours, as spans more than a
// queue may hold.
const most = 10_000_000

// count reads a whole number from 1 to most.
func count(text string) (n int, ok bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 1 && n <= most
}

// checkNumbers checks those that the SDK reads: it takes its default for what is no
// number, and does not bear every number.
func checkNumbers(env map[string]string) error {
	for _, name := range []string{"SCHEDULE_DELAY", "EXPORT_TIMEOUT", "MAX_QUEUE_SIZE", "MAX_EXPORT_BATCH_SIZE"} {
		if text := env["OTEL_BSP_"+name]; text != "" {
			if _, ok := count(text); !ok {
				return fmt.Errorf("traces: OTEL_BSP_%s: give a whole number from 1 to %d", name, most)
			}
		}
	}
	for _, name := range []string{
		"ATTRIBUTE_VALUE_LENGTH", "ATTRIBUTE_COUNT", "SPAN_ATTRIBUTE_VALUE_LENGTH", "SPAN_ATTRIBUTE_COUNT",
		"SPAN_EVENT_COUNT", "EVENT_ATTRIBUTE_COUNT", "SPAN_LINK_COUNT", "LINK_ATTRIBUTE_COUNT",
	} {
		if text := env["OTEL_"+name+"_LIMIT"]; text != "" {
			if _, err := strconv.Atoi(text); err != nil {
				return fmt.Errorf("traces: OTEL_%s_LIMIT: give a whole number", name)
			}
		}
	}
	return nil
}

// about are the attributes of the resource that an operator chose.
func about(env map[string]string) ([]attribute.KeyValue, error) {
	chosen, ok := pairs(env["OTEL_RESOURCE_ATTRIBUTES"])
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

// pairs reads key=value,key=value, the values as in a URL. What it cannot read may
// be a secret, so nobody is told more than that.
func pairs(text string) (read map[string]string, ok bool) {
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

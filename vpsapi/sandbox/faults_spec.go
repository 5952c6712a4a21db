package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// FaultHelp says how a fault is written.
const FaultHelp = `KIND[=VALUE][,op=NAME|NAME|reads|changes][,rate=0.1][,count=N][,after=N]
kinds: latency=2s (or 1s..3s, or ~2s scattered around a mean), status=503, 429[=RETRY-AFTER], expired, reset (nothing was done);
reset-after, status-after=500, late=2s, cut, slow=2s, endless, empty, html, type=text/plain, missing[=KEY], strings (it was done)`

// ParseFault reads a fault from its text; FaultHelp says how it is written.
func ParseFault(spec string) (Fault, error) {
	kind, rest, _ := strings.Cut(spec, ",")
	name, value, valued := strings.Cut(kind, "=")
	f := Fault{Kind: FaultKind(strings.TrimSpace(name))}
	if !slices.Contains(FaultKinds(), f.Kind) {
		return f, fmt.Errorf("fault %s: no such kind; %s", vpsapi.Quote(name), FaultHelp)
	}
	err := f.value(strings.TrimSpace(value), valued)
	for rest != "" && err == nil {
		var part string
		part, rest, _ = strings.Cut(rest, ",")
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		err = f.limit(name, value)
	}
	if err != nil {
		return f, fmt.Errorf("fault %s: %w", vpsapi.Quote(spec), err)
	}
	return f, nil
}

// value reads what stands behind the kind.
func (f *Fault) value(v string, valued bool) (err error) {
	switch f.Kind {
	case FaultLatency, FaultLate, FaultSlow:
		f.Delay, err = parseDelay(v)
		return err
	case FaultStatus, FaultStatusAfter:
		if f.Status, err = strconv.Atoi(v); err != nil || f.Status < 200 || f.Status > 599 {
			return errors.New("give a status from 200 to 599, such as status=503")
		}
		return nil
	case FaultTooMany, FaultMissing:
		f.Text = v
		return nil
	case FaultType:
		if f.Text = v; v == "" {
			f.Text = "text/plain"
		}
		return nil
	}
	if valued {
		return fmt.Errorf("%s takes no value", f.Kind)
	}
	return nil
}

// limit reads one of what says which requests are struck.
func (f *Fault) limit(name, value string) (err error) {
	switch name {
	case "op":
		f.Ops = strings.Split(value, "|")
		for _, op := range f.Ops {
			if _, known := vpsapi.Find(op); !known && op != "reads" && op != "changes" {
				return fmt.Errorf("op=%s is not a function, and neither reads nor changes", vpsapi.Quote(op))
			}
		}
		return nil
	case "rate":
		if f.Rate, err = strconv.ParseFloat(value, 64); err != nil || !(f.Rate > 0 && f.Rate <= 1) {
			return errors.New("rate takes a number above 0 and up to 1")
		}
		return nil
	case "count", "after":
		n, err := strconv.Atoi(value)
		if err != nil || n < 1 {
			return fmt.Errorf("%s takes a whole number from 1", name)
		}
		if name == "count" {
			f.Count = n
		} else {
			f.After = n
		}
		return nil
	}
	return fmt.Errorf("%s is not one of op, rate, count, after", vpsapi.Quote(name))
}

// longestDelay bounds delays, so that a slip of the pen does not hang a test.
const longestDelay = time.Hour

// parseDelay reads 2s, 1s..3s or ~2s.
func parseDelay(text string) (d Delay, err error) {
	mean, scattered := strings.CutPrefix(text, "~")
	first, last, even := strings.Cut(text, "..")
	switch {
	case scattered:
		d.Mean, err = time.ParseDuration(mean)
	case even:
		if d.Min, err = time.ParseDuration(first); err == nil {
			d.Max, err = time.ParseDuration(last)
		}
	default:
		d.Min, err = time.ParseDuration(text)
	}
	longest := max(d.Min, d.Max, d.Mean)
	if err != nil || d.Min < 0 || d.Max < 0 || longest <= 0 || longest > longestDelay || (even && d.Max < d.Min) {
		return Delay{}, errors.New("give a time up to 1h such as 200ms, 1s..3s, or ~2s")
	}
	return d, nil
}

// String is the fault as ParseFault reads it.
func (f Fault) String() string {
	text := string(f.Kind)
	switch {
	case f.Kind == FaultLatency, f.Kind == FaultLate, f.Kind == FaultSlow:
		text += "=" + f.Delay.String()
	case f.Status != 0:
		text += "=" + strconv.Itoa(f.Status)
	case f.Text != "":
		text += "=" + f.Text
	}
	if len(f.Ops) > 0 {
		text += ",op=" + strings.Join(f.Ops, "|")
	}
	if f.Rate > 0 {
		text += ",rate=" + strconv.FormatFloat(f.Rate, 'g', -1, 64)
	}
	if f.Count > 0 {
		text += ",count=" + strconv.Itoa(f.Count)
	}
	if f.After > 0 {
		text += ",after=" + strconv.Itoa(f.After)
	}
	return text
}

// String is the delay as ParseFault reads it.
func (d Delay) String() string {
	switch {
	case d.Mean > 0:
		return "~" + d.Mean.String()
	case d.Max > 0:
		return d.Min.String() + ".." + d.Max.String()
	default:
		return d.Min.String()
	}
}

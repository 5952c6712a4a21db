package answer

import (
	"cmp"
	"fmt"
	"math"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// ChartArgument is added to the arguments of the utilisation functions.
type ChartArgument struct {
	Chart *vpsapi.Flag `json:"chart,omitempty" jsonschema_description:"false leaves the picture out"`
}

// Curve is one line of a chart.
type Curve struct {
	name   string
	values []float64
}

// Chart is what a chart shows: curves over the same hours.
type Chart struct {
	Title string
	unit  string
	adds  bool // its values add up: they are MB
	Times []vpsapi.Time
	lines []Curve
}

// Text is the chart for who sees no picture: figures and a line of blocks for
// each curve.
func (c Chart) Text() string {
	var b strings.Builder
	all, told := 0.0, true
	for _, line := range c.lines {
		mean, peak, at, unknown := summarize(line.values)
		sum := mean * float64(len(line.values)-unknown)
		all, told = all+sum, told && unknown == 0
		when := ""
		if at < len(c.Times) {
			when = " at " + momentText(c.Times[at])
		}
		if unknown > 0 {
			when += fmt.Sprintf(", %d of %d rows unknown", unknown, len(line.values))
		}
		if unknown == len(line.values) {
			fmt.Fprintf(&b, "%s: unknown in all %d rows\n", line.name, unknown)
			continue
		}
		total := ""
		if c.adds {
			total = fmt.Sprintf("%.1f GB in all, ", sum/1024)
		}
		fmt.Fprintf(&b, "%s: %smean %.1f %s, peak %.1f %s%s\n%s\n", line.name, total, mean, c.unit, peak, c.unit, when, sparkline(line.values))
	}
	if c.adds && told {
		fmt.Fprintf(&b, "sent and received: %.1f GB in all\n", all/1024)
	}
	if n := len(c.Times); n > 0 {
		fmt.Fprintf(&b, "%s to %s, %d rows\n", momentText(c.Times[0]), momentText(c.Times[n-1]), n)
	}
	return strings.TrimRight(b.String(), "\n")
}

// momentText is when a row was measured, where the service says it.
func momentText(t vpsapi.Time) string { return cmp.Or(string(t), "an unknown time") }

// summarize returns the mean and the peak of the known values, where the peak is, and how many are unknown (NaN).
func summarize(values []float64) (mean, peak float64, at, unknown int) {
	sum := 0.0
	for i, v := range values {
		switch {
		case math.IsNaN(v):
			unknown++
			continue
		case v > peak:
			peak, at = v, i
		}
		sum += v
	}
	if n := len(values) - unknown; n > 0 {
		mean = sum / float64(n)
	}
	return mean, peak, at, unknown
}

// sparkWidth is the most characters of a sparkline.
const sparkWidth = 48

// sparkline draws values as a line of blocks from 0 to their peak, the peak of
// each piece kept; a piece of which nothing is known is a gap.
func sparkline(values []float64) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	_, peak, _, _ := summarize(values)
	width := min(sparkWidth, len(values))
	var b strings.Builder
	for i := range width {
		from, to := i*len(values)/width, (i+1)*len(values)/width
		_, high, _, unknown := summarize(values[from:to])
		if unknown == to-from {
			b.WriteByte(' ')
			continue
		}
		level := 0
		if peak > 0 {
			level = int(math.Round(high / peak * float64(len(blocks)-1)))
		}
		b.WriteRune(blocks[level])
	}
	return b.String()
}

// ChartOf turns rows of utilisation into a chart; nil for what is none.
func ChartOf(out any) *Chart {
	switch rows := out.(type) {
	case []vpsapi.CPURow:
		c := &Chart{Title: "CPU", unit: perCent, lines: []Curve{{name: "CPU"}}}
		for _, r := range rows {
			c.Times = append(c.Times, r.CreatedAt)
			c.lines[0].values = append(c.lines[0].values, CPUPerCent(r))
		}
		return c
	case []vpsapi.NetworkRow:
		c := &Chart{Title: "Traffic", unit: "MB an hour", adds: true, lines: []Curve{{name: "sent"}, {name: "received"}}}
		for _, r := range rows {
			c.Times = append(c.Times, r.CreatedAt)
			c.lines[0].values = append(c.lines[0].values, r.Sent()/1024)
			c.lines[1].values = append(c.lines[1].values, r.Received()/1024)
		}
		return c
	}
	return nil
}

// MaxTableRows are shown as a table beside the figures.
const MaxTableRows = 24

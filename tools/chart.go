package tools

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// chartArgument is added to the arguments of the utilisation functions.
type chartArgument struct {
	Chart *vpsapi.Flag `json:"chart,omitempty" jsonschema_description:"false leaves the picture out"`
}

// curve is one line of a chart.
type curve struct {
	name   string
	values []float64
}

// chart is what a chart shows: curves over the same hours.
type chart struct {
	title string
	unit  string
	times []vpsapi.Time
	lines []curve
}

// text is the chart for who sees no picture: figures and a line of blocks for
// each curve.
func (c chart) text() string {
	var b strings.Builder
	for _, line := range c.lines {
		mean, peak, at, unknown := figures(line.values)
		when := ""
		if at < len(c.times) {
			when = " at " + string(c.times[at])
		}
		if unknown > 0 {
			when += fmt.Sprintf(", %d of %d rows unknown", unknown, len(line.values))
		}
		if unknown == len(line.values) {
			fmt.Fprintf(&b, "%s: unknown in all %d rows\n", line.name, unknown)
			continue
		}
		fmt.Fprintf(&b, "%s: mean %.1f %s, peak %.1f %s%s\n%s\n", line.name, mean, c.unit, peak, c.unit, when, sparkline(line.values))
	}
	if n := len(c.times); n > 0 {
		fmt.Fprintf(&b, "%s to %s, %d rows\n", c.times[0], c.times[n-1], n)
	}
	return strings.TrimRight(b.String(), "\n")
}

// figures are of the values that are known: NaN is not.
func figures(values []float64) (mean, peak float64, at, unknown int) {
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

const sparkWidth = 48

// sparkline draws values as a line of blocks from 0 to their peak, the peak of
// each piece kept; a piece of which nothing is known is a gap.
func sparkline(values []float64) string {
	blocks := []rune("▁▂▃▄▅▆▇█")
	_, peak, _, _ := figures(values)
	width := min(sparkWidth, len(values))
	var b strings.Builder
	for i := range width {
		from, to := i*len(values)/width, (i+1)*len(values)/width
		_, high, _, unknown := figures(values[from:to])
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

// charted turns rows of utilisation into a chart; nil for what is none.
func charted(out any) *chart {
	switch rows := out.(type) {
	case []vpsapi.CPURow:
		c := &chart{title: "CPU", unit: perCent, lines: []curve{{name: "CPU"}}}
		for _, r := range rows {
			c.times = append(c.times, r.CreatedAt)
			c.lines[0].values = append(c.lines[0].values, cpuPerCent(r))
		}
		return c
	case []vpsapi.NetworkRow:
		c := &chart{title: "Traffic", unit: "MB an hour", lines: []curve{{name: "sent"}, {name: "received"}}}
		for _, r := range rows {
			c.times = append(c.times, r.CreatedAt)
			c.lines[0].values = append(c.lines[0].values, r.Sent()/1024)
			c.lines[1].values = append(c.lines[1].values, r.Received()/1024)
		}
		return c
	}
	return nil
}

// fewRows are shown as a table beside the figures.
const fewRows = 24

// draw adds to an answer of utilisation its figures, and its picture unless that
// was not wanted. Without a picture the answer is still whole.
func (s shaping) draw(r *reader, in any, a *Answer, out any) {
	c := charted(out)
	if c == nil || len(c.times) == 0 {
		return
	}
	if asked := len(s.Fields) > 0 || len(s.Filter) > 0 || s.Limit > 0 || s.Cursor != ""; len(c.times) > fewRows && !asked {
		a.Text, _, _ = strings.Cut(a.Text, "\n")
	}
	a.Text += "\n" + c.text()
	if s.NoChart || len(c.times) < 2 {
		return
	}
	c.title += " of " + r.drawnServer(in)
	if picture, err := c.png(); err == nil {
		a.Image = picture
	}
}

// drawnServer names the server of a chart: by its id where the call has not read its
// name, which is worth no request of its own.
func (r *reader) drawnServer(in any) string {
	var id vpsapi.ServerID
	switch in := in.(type) {
	case vpsapi.GetCPUUtilisationIn:
		id = in.ServerID
	case vpsapi.GetBandwidthUtilisationIn:
		id = in.ServerID
	}
	for _, known := range r.seen {
		list, _ := known.([]vpsapi.Server)
		if i := slices.IndexFunc(list, func(s vpsapi.Server) bool { return s.ID == id }); i >= 0 && list[i].Label != "" {
			return vpsapi.Quote(string(list[i].Label))
		}
	}
	return "cloud server " + words.IDText(id)
}

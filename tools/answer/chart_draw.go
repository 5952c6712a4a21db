package answer

import (
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/go-analyze/charts"
)

// The size of a picture in pixels, and the bounds of what it shows.
const (
	// ChartWidth is the width of a picture in pixels.
	ChartWidth = 800
	// ChartHeight is the height of a picture in pixels.
	ChartHeight = 400
	perCent     = "%"
	maxPoints   = 5000 // of a curve: finer ones than pixels
	oneDay      = 24 * time.Hour
)

// PNG draws the chart. The library and its fonts are set up with the first one.
func (c Chart) PNG() ([]byte, error) {
	x := c.axis()
	values := make([][]float64, len(c.lines))
	names := make([]string, len(c.lines))
	highest := 0.0
	for i, line := range c.lines {
		_, peak, _, _ := summarize(line.values)
		values[i], names[i], highest = x.placeValues(line.values), line.name, max(highest, peak)
	}
	return c.render(x, values, names, highest)
}

// render draws the chart as a PNG of ChartWidth by ChartHeight pixels.
func (c Chart) render(x axis, values [][]float64, names []string, highest float64) ([]byte, error) {
	painter, err := charts.LineRender(values,
		charts.PNGOutputOptionFunc(),
		charts.DimensionsOptionFunc(ChartWidth, ChartHeight),
		charts.TitleTextOptionFunc(c.Title+" ("+c.unit+", "+x.day+"UTC)"),
		charts.LegendLabelsOptionFunc(names),
		charts.XAxisLabelsOptionFunc(x.labels),
		func(o *charts.ChartOption) {
			o.Symbol = charts.Symbol{Shape: charts.SymbolNone}
			o.LineStrokeWidth = 1.6
			o.XAxis.LabelCount = x.ticks
			o.XAxis.BoundaryGap = charts.Ptr(false)
			o.Legend.Offset = charts.OffsetRight
			o.Legend.Show = charts.Ptr(len(names) > 1)
			o.YAxis = []charts.YAxisOption{{Min: charts.Ptr(0.0)}}
			if c.unit == perCent && highest <= 100 {
				o.YAxis[0].Max, o.YAxis[0].LabelCount = charts.Ptr(100.0), 6
			}
			for i := range o.SeriesList {
				o.SeriesList[i].MarkPoint = charts.NewMarkPoint(charts.SeriesMarkTypeMax)
				o.SeriesList[i].MarkPoint.ValueFormatter = func(v float64) string { return strconv.FormatFloat(v, 'f', 0, 64) }
			}
		})
	if err != nil {
		return nil, err
	}
	return painter.Bytes()
}

// axis is the time axis of a chart: points at even distances, from one tick to
// another. A day's ticks are at midnight, shorter ones at even hours.
type axis struct {
	places []int // of each row among the points
	labels []string
	ticks  int
	day    string // of labels that have the hour alone, with a space behind it
}

// labelRoom is how many distances between ticks leave room for the label of the last tick, which the library sets to
// the left of it, beside the one before: by the form of the labels.
var labelRoom = map[string]int{hourForm: 8, dayForm: 6, momentForm: 3}

// The forms of labels.
const (
	hourForm   = "15:04"
	dayForm    = "Jan 2"
	momentForm = "Jan 2 15:04"
)

// axis lays the rows out; rows without moments, or at odd distances, one by one.
func (c Chart) axis() axis {
	moments := make([]time.Time, len(c.Times))
	step := oneDay
	for i, t := range c.Times {
		at, err := time.Parse(time.RFC3339, string(t))
		if err != nil {
			return c.rowAxis()
		}
		moments[i] = at.UTC()
		if i > 0 {
			step = min(step, moments[i].Sub(moments[i-1]))
		}
	}
	tick, form := tickInterval(moments[len(moments)-1].Sub(moments[0]))
	if step < time.Minute || tick%step != 0 {
		return c.rowAxis()
	}
	from := moments[0].Truncate(min(tick, oneDay))
	x := axis{ticks: 1}
	for end := from; end.Before(moments[len(moments)-1]); end = end.Add(tick) {
		x.ticks++
	}
	points := (x.ticks-1)*int(tick/step) + 1
	if points > maxPoints {
		return c.rowAxis()
	}
	if form == hourForm {
		x.day = dayOf(moments[0], moments[len(moments)-1])
	}
	for i := range points {
		x.labels = append(x.labels, from.Add(time.Duration(i)*step).Format(form))
	}
	if x.ticks-1 > labelRoom[form] {
		x.labels[points-1] = ""
	}
	for _, at := range moments {
		x.places = append(x.places, int(math.Round(float64(at.Sub(from))/float64(step))))
	}
	return x
}

// dayOf returns the day of a short span, or its two days.
func dayOf(first, last time.Time) string {
	day, end := first.Format(time.DateOnly), last.Format(time.DateOnly)
	if day != end {
		return day + " to " + end + " "
	}
	return day + " "
}

// tickInterval returns the distance between ticks of a span of time, for at most nine of them.
func tickInterval(span time.Duration) (tick time.Duration, form string) {
	switch {
	case span <= 8*time.Hour:
		return time.Hour, hourForm
	case span <= 2*oneDay:
		return 6 * time.Hour, momentForm
	}
	return time.Duration(math.Ceil(float64(span)/float64(8*oneDay))) * oneDay, dayForm
}

// rowAxis returns an axis with a point a row, labelled by what the service says.
func (c Chart) rowAxis() axis {
	x := axis{ticks: 4}
	for i, t := range c.Times {
		x.places, x.labels = append(x.places, i), append(x.labels, string(t))
	}
	return x
}

// placeValues puts a curve's values at their points; a point without a value is a gap.
func (x axis) placeValues(values []float64) []float64 {
	points := slices.Repeat([]float64{charts.GetNullValue()}, len(x.labels))
	for i, v := range values {
		if !math.IsNaN(v) {
			points[x.places[i]] = v
		}
	}
	return points
}

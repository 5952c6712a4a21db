package answer

import (
	"math"
	"slices"
	"testing"
	"time"

	"github.com/go-analyze/charts"

	"vpsnet-mcp/vpsapi"
)

func TestSparkline(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   string
	}{
		{nil, ""},
		{[]float64{0, 0}, "▁▁"},
		{[]float64{0, 50, 100}, "▁▅█"},
	} {
		if got := sparkline(tt.values); got != tt.want {
			t.Errorf("sparkline(%v) = %q, want %q", tt.values, got, tt.want)
		}
	}
}

// TestTimeAxis: a day's ticks are at midnight, shorter ones at even hours, and what
// was not measured is a gap.
func TestTimeAxis(t *testing.T) {
	rows := func(from string, hours int) (times []vpsapi.Time) {
		at, err := time.Parse(time.RFC3339, from)
		if err != nil {
			t.Fatal(err)
		}
		for i := range hours {
			times = append(times, vpsapi.Time(at.Add(time.Duration(i)*time.Hour).Format(time.RFC3339)))
		}
		return times
	}
	ticked := func(x axis) (labels []string) {
		for i := range x.ticks {
			labels = append(labels, x.labels[i*(len(x.labels)-1)/(x.ticks-1)])
		}
		return labels
	}
	for name, c := range map[string]struct {
		times []vpsapi.Time
		want  []string
		first int // the place of the first row
	}{
		"a week":           {rows("2026-11-17T05:00:00Z", 7*24), []string{"Nov 17", "Nov 18", "Nov 19", "Nov 20", "Nov 21", "Nov 22", "Nov 23", "Nov 24", ""}, 5},
		"in another zone":  {rows("2026-11-17T01:00:00+02:00", 72), []string{"Nov 16", "Nov 17", "Nov 18", "Nov 19", "Nov 20"}, 23},
		"a month":          {rows("2026-11-01T00:00:00Z", 30*24), []string{"Nov 1", "Nov 5", "Nov 9", "Nov 13", "Nov 17", "Nov 21", "Nov 25", "Nov 29", ""}, 0},
		"a day":            {rows("2026-11-17T09:00:00Z", 24), []string{"Nov 17 06:00", "Nov 17 12:00", "Nov 17 18:00", "Nov 18 00:00", "Nov 18 06:00", ""}, 3},
		"some hours":       {rows("2026-11-17T09:00:00Z", 3), []string{"09:00", "10:00", "11:00"}, 0},
		"no moments":       {[]vpsapi.Time{"then", "now"}, []string{"then", "then", "then", "now"}, 0},
		"odd distances":    {append(rows("2026-11-17T09:00:00Z", 3), "2026-11-17T11:07:00Z"), []string{"2026-11-17T09:00:00Z", "2026-11-17T10:00:00Z", "2026-11-17T11:00:00Z", "2026-11-17T11:07:00Z"}, 0},
		"the order of who": {[]vpsapi.Time{"2026-11-17T09:00:00Z", "2026-11-17T08:00:00Z"}, []string{"2026-11-17T09:00:00Z", "2026-11-17T09:00:00Z", "2026-11-17T09:00:00Z", "2026-11-17T08:00:00Z"}, 0},
	} {
		x := Chart{Times: c.times}.axis()
		if got := ticked(x); !slices.Equal(got, c.want) || x.places[0] != c.first {
			t.Errorf("%s: ticks %q, the first row at %d; want %q, %d", name, got, x.places[0], c.want, c.first)
		}
	}
	for want, times := range map[string][]vpsapi.Time{
		"2026-11-17 ": rows("2026-11-17T09:00:00Z", 3), "2026-11-17 to 2026-11-18 ": rows("2026-11-17T22:00:00Z", 4), "": rows("2026-11-17T09:00:00Z", 24),
	} {
		if got := (Chart{Times: times}).axis().day; got != want {
			t.Errorf("the title of hours names %q, want %q", got, want)
		}
	}
	hole := append(rows("2026-11-17T09:00:00Z", 2), "2026-11-17T12:00:00Z", "2026-11-17T13:00:00Z")
	gap := charts.GetNullValue()
	got := Chart{Times: hole}.axis().placeValues([]float64{1, 2, math.NaN(), 4})
	if want := []float64{1, 2, gap, gap, 4}; !slices.Equal(got, want) {
		t.Errorf("with a hole: %v, want %v", got, want)
	}
}

package sandbox

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestUtilisationRowsAreHourlyAndOldestFirst(t *testing.T) {
	l := newLab(t)
	rows := must(l, vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: "1384"})
	if len(rows) != 7*24+1 || rows[0].CreatedAt != "2014-04-29T09:00:00Z" || rows[len(rows)-1].CreatedAt != "2014-05-06T09:00:00Z" {
		t.Fatalf("%d rows from %s to %s, want the last 7 days", len(rows), rows[0].CreatedAt, rows[len(rows)-1].CreatedAt)
	}
	for i := 1; i < len(rows); i++ {
		before, _ := time.Parse(time.RFC3339, string(rows[i-1].CreatedAt))
		if now, _ := time.Parse(time.RFC3339, string(rows[i].CreatedAt)); now.Sub(before) != time.Hour {
			t.Fatalf("row %d is at %s, the one before at %s", i, now, before)
		}
		if rows[i].Sent() <= 0 || rows[i].Received() <= 0 {
			t.Fatalf("no traffic in row %d", i)
		}
	}
}

// Any window of the same past shows the same figures, in every form of the
// timestamps; another server and another seed have figures of their own.
func TestUtilisationIsTheSamePastForEveryRequest(t *testing.T) {
	l := newLab(t)
	from, to := time.Date(2014, 5, 3, 22, 10, 0, 0, time.UTC), time.Date(2014, 5, 4, 3, 0, 0, 0, time.UTC)
	want := must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384", From: strconv.FormatInt(from.Unix(), 10), To: strconv.FormatInt(to.Unix(), 10)})
	if len(want) != 5 || want[0].CreatedAt != "2014-05-03T23:00:00Z" {
		t.Fatalf("got %v, want the 5 hours from 23:00 to 03:00", want)
	}
	week := must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384"})
	offset := map[vpsapi.Time]vpsapi.CPURow{}
	for _, row := range week {
		offset[row.CreatedAt] = row
	}
	for _, row := range want {
		if offset[row.CreatedAt].Percent() != row.Percent() {
			t.Errorf("the week has %v where the window has %v", offset[row.CreatedAt], row)
		}
	}
	for _, span := range [][2]string{
		{"2014-05-03T22:10:00Z", "2014-05-04T03:00:00Z"}, {"2014-05-03T18:10:00-04:00", "2014-05-04T08:30:00+05:30"}, {"2014-05-03 22:10", "2014-05-04T03:00"},
	} {
		got := must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384", From: span[0], To: span[1]})
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v: %s", span, diff)
		}
	}
	if cmp.Equal(week, must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1385"})) {
		t.Error("two servers have the same past")
	}
	l.account.options.Seed++
	if cmp.Equal(week, must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384"})) {
		t.Error("two seeds have the same past")
	}
}

func TestCPUFollowsTheDay(t *testing.T) {
	l := newLab(t)
	sum, count := map[bool]float64{}, map[bool]float64{}
	for _, row := range must(l, vpsapi.GetCPUUtilisation, vpsapi.GetCPUUtilisationIn{ServerID: "1384"}) {
		percent := row.Percent()
		if percent <= 0 || percent > 100 {
			t.Fatalf("%s: %.1f per cent", row.CreatedAt, percent)
		}
		at, _ := time.Parse(time.RFC3339, string(row.CreatedAt))
		if day := at.Hour() >= 12 && at.Hour() < 18; day || at.Hour() < 6 {
			sum[day] += percent
			count[day]++
		}
	}
	if day, night := sum[true]/count[true], sum[false]/count[false]; day < 1.5*night {
		t.Errorf("%.1f per cent by day, %.1f by night: no daily curve", day, night)
	}
}

func TestUtilisationHasBounds(t *testing.T) {
	l := newLab(t)
	rows := func(id vpsapi.ServerID, from, to string) int {
		t.Helper()
		return len(must(l, vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: id, From: from, To: to}))
	}
	if n := rows("1384", "2009-06-01", ""); n != 92*24+1 {
		t.Errorf("%d rows of five years, want the last 92 days", n)
	}
	if n := rows("1384", "2014-05-06T06:00:00Z", "2030-01-01"); n != 4 {
		t.Errorf("%d rows up to the future, want those until now", n)
	}
	if n := rows("1384", "2020-01-01", "2021-01-01"); n != 0 {
		t.Errorf("%d rows of the future, want none", n)
	}
	l.vm("1385").CreatedAt = "2014-05-06T07:30:00Z"
	if n := rows("1385", "", ""); n != 2 {
		t.Errorf("%d rows of a server that is 90 minutes old, want 2", n)
	}
	if status, body := l.send("GET", "/virtual_machines/1384/cpu_usage.api10json?from=yesterday", ""); status != 422 {
		t.Errorf("from=yesterday: HTTP %d %s, want 422", status, body)
	}
}

// The hours of a month come to the traffic that the server's month is told to have.
func TestHoursComeToTheMonth(t *testing.T) {
	l := newLab(t)
	total := func() (sum vpsapi.Int) {
		for _, row := range must(l, vpsapi.GetBandwidthUtilisation, vpsapi.GetBandwidthUtilisationIn{ServerID: "1384", From: l.clock.Format("2006-01") + "-01"}) {
			sum += *row.DataSent + *row.DataReceived
		}
		return sum
	}
	for range 3 {
		if want := total(); *l.get("1384").BandwidthUsed != want || want == 0 {
			t.Errorf("at %s the hours come to %d KB, and the server's month is %d", l.clock, want, *l.get("1384").BandwidthUsed)
		}
		l.clock = l.clock.Add(11*24*time.Hour + time.Minute)
	}
}

package words_test

import (
	"strings"
	"testing"
	"time"

	"vpsnet-mcp/tools/words"
)

func TestEasternMoments(t *testing.T) {
	for text, want := range map[string]string{
		"2027-05-08 12:00": "2027-05-08T16:00:00Z",
		"2027-01-08 12:00": "2027-01-08T17:00:00Z",
		"2027-03-14 01:59": "2027-03-14T06:59:00Z",
		"2027-03-14 03:00": "2027-03-14T07:00:00Z",
		"2027-03-14 02:30": "US Eastern time has no 2027-03-14 02:30, as the clocks go forward then: give 2027-03-14 01:30 or 2027-03-14 03:30",
		"2027-03-14 02:00": "US Eastern time has no 2027-03-14 02:00",
		"2027-11-07 01:30": "2027-11-07T05:30:00Z 2027-11-07T06:30:00Z",
		"2027-11-07 00:59": "2027-11-07T04:59:00Z",
		"2027-11-07 02:00": "2027-11-07T07:00:00Z",
		"2027-02-29 10:00": "not a moment",
		"tomorrow":         "not a moment",
	} {
		moments, err := words.EasternMoments(text)
		var got []string
		for _, m := range moments {
			got = append(got, m.UTC().Format(time.RFC3339))
		}
		said := strings.Join(got, " ")
		if err != nil {
			said = err.Error()
		}
		if !strings.HasPrefix(said, want) {
			t.Errorf("%s: %s, want %s", text, said, want)
		}
	}
}

func TestMoment(t *testing.T) {
	noon := time.Date(2027, 5, 8, 16, 0, 0, 0, time.UTC)
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		t      time.Time
		person *time.Location
		want   string
	}{
		{noon, nil, "2027-05-08 12:00 US Eastern time (16:00 UTC)"},
		{noon, time.UTC, "2027-05-08 12:00 US Eastern time (16:00 UTC)"},
		{noon, newYork, "2027-05-08 12:00 US Eastern time (16:00 UTC)"},
		{noon, berlin, "2027-05-08 12:00 US Eastern time (16:00 UTC, 18:00 CEST)"},
		{noon.Add(9 * time.Hour), berlin, "2027-05-08 21:00 US Eastern time (2027-05-09 01:00 UTC, 2027-05-09 03:00 CEST)"},
	} {
		if got := words.Moment(c.t, c.person); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

package words

import (
	"fmt"
	"strings"
	"sync"
	"time"
	_ "time/tzdata" // US Eastern is known wherever the program runs

	"vpsnet-mcp/vpsapi"
)

// eastern is the time zone in which the service takes and tells moments.
var eastern = sync.OnceValue(func() *time.Location {
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		panic(err) // the zone is part of the program
	}
	return zone
})

// EasternMoments lists the moments that a text may mean, written in US Eastern
// time as vpsapi.ScheduleTime: one, none where the clocks go forward, two where they
// go back. The error says why it is none, and what to write instead.
func EasternMoments(text string) ([]time.Time, error) {
	clock, err := time.Parse(vpsapi.ScheduleTime, text)
	if err != nil {
		return nil, fmt.Errorf("not a moment: %s; give YYYY-MM-DD HH:MM", vpsapi.Quote(text))
	}
	var moments []time.Time
	for _, ahead := range []time.Duration{4 * time.Hour, 5 * time.Hour} { // in summer, in winter
		if t := clock.Add(ahead).In(eastern()); t.Format(vpsapi.ScheduleTime) == text {
			moments = append(moments, t)
		}
	}
	if len(moments) == 0 {
		before, after := clock.Add(4*time.Hour).In(eastern()), clock.Add(5*time.Hour).In(eastern())
		return nil, fmt.Errorf("US Eastern time has no %s, as the clocks go forward then: give %s or %s",
			text, before.Format(vpsapi.ScheduleTime), after.Format(vpsapi.ScheduleTime))
	}
	return moments, nil
}

// Moment is a moment of the service's in US Eastern time, with UTC beside it, and a
// person's own zone where that is known and another.
func Moment(t time.Time, person *time.Location) string {
	there := t.In(eastern())
	beside := []string{timeInZone(there, t.UTC())}
	if person != nil {
		if own := t.In(person); own.Format(time.DateTime) != there.Format(time.DateTime) && own.Format(time.DateTime) != t.UTC().Format(time.DateTime) {
			beside = append(beside, timeInZone(there, own))
		}
	}
	return fmt.Sprintf("%s US Eastern time (%s)", there.Format(vpsapi.ScheduleTime), strings.Join(beside, ", "))
}

// timeInZone returns a moment in another zone, with its date where that is another too.
func timeInZone(there, here time.Time) string {
	if there.Format(time.DateOnly) == here.Format(time.DateOnly) {
		return here.Format("15:04 MST")
	}
	return here.Format("2006-01-02 15:04 MST")
}

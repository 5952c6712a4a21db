package sandbox

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"

	"vpsnet-mcp/vpsapi"
)

// The spans of the utilisation: what is given when nothing is asked for, and
// the most that is kept.
const (
	// defaultSpan is the span of utilisation that is given when none is asked for.
	defaultSpan = 7 * 24 * time.Hour
	// maxSpan is the longest span of utilisation that is kept.
	maxSpan = 92 * 24 * time.Hour
)

// getBandwidthUtilisation answers get_bandwidth_utilisation from the account in memory.
func getBandwidthUtilisation(a *account, in vpsapi.GetBandwidthUtilisationIn) ([]vpsapi.NetworkRow, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	hours, err := a.hours(s, in.From, in.To)
	rows := make([]vpsapi.NetworkRow, len(hours))
	for i, h := range hours {
		sent, received := a.trafficAt(s, h)
		rows[i] = vpsapi.NetworkRow{CreatedAt: formatTime(h), DataSent: &sent, DataReceived: &received}
	}
	return rows, err
}

// trafficAt is what a server sent and received in an hour, in KB.
func (a *account) trafficAt(s *server, hour time.Time) (sent, received vpsapi.Int) {
	load, full := a.loadAt(s, hour), float64(s.fullTraffic)
	return vpsapi.Int(full * 0.77 * load.level * load.noise), vpsapi.Int(full * 0.23 * load.level * load.otherNoise)
}

// monthTraffic is what a server sent and received in the hours of this month, in KB: what
// get_bandwidth_utilisation gives hour by hour comes to what bandwidth_used says.
func (a *account) monthTraffic(s *server) *vpsapi.Int {
	now := a.now.UTC()
	hour := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	if s.trafficSince.Equal(hour) {
		hour = s.trafficNext
	} else {
		s.trafficSince, s.traffic = hour, 0
	}
	if made, err := vpsapi.Timestamp(string(s.CreatedAt)); err == nil && hour.Before(made) {
		hour = made.UTC().Add(time.Hour - 1).Truncate(time.Hour)
	}
	for ; !hour.After(now); hour = hour.Add(time.Hour) {
		sent, received := a.trafficAt(s, hour)
		s.traffic += sent + received
	}
	s.trafficNext = hour
	return ptr(s.traffic)
}

// getCPUUtilisation gives rows whose cpu_time / elapsed_time * 10 is the per
// cent, as the clients of the real service plot them.
func getCPUUtilisation(a *account, in vpsapi.GetCPUUtilisationIn) ([]vpsapi.CPURow, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	hours, err := a.hours(s, in.From, in.To)
	rows := make([]vpsapi.CPURow, len(hours))
	for i, h := range hours {
		load := a.loadAt(s, h)
		percent := min(100, 4+70*load.level*load.noise)
		rows[i] = vpsapi.CPURow{CreatedAt: formatTime(h), CPUTime: ptr(vpsapi.Int(percent / 10 * 3600)), ElapsedTime: ptr(vpsapi.Int(3600))}
	}
	return rows, err
}

// hours lists the full hours of a span, oldest first: none before the server
// was made, none to come, none older than what is kept.
func (a *account) hours(s *server, from, to string) ([]time.Time, error) {
	end := a.now
	if to != "" {
		t, err := vpsapi.Timestamp(to)
		if err != nil {
			return nil, invalid("to", err.Error())
		}
		end = earlierOf(end, t)
	}
	start := end.Add(-defaultSpan)
	if from != "" {
		t, err := vpsapi.Timestamp(from)
		if err != nil {
			return nil, invalid("from", err.Error())
		}
		start = t
	}
	if oldest := a.now.Add(-maxSpan); start.Before(oldest) {
		start = oldest
	}
	if made, err := vpsapi.Timestamp(string(s.CreatedAt)); err == nil && start.Before(made) {
		start = made
	}
	var hours []time.Time
	hour := start.UTC().Truncate(time.Hour)
	if hour.Before(start) {
		hour = hour.Add(time.Hour)
	}
	for ; !hour.After(end); hour = hour.Add(time.Hour) {
		hours = append(hours, hour)
	}
	return hours, nil
}

// hourlyLoad is how busy a server was in an hour: level follows the day from 0 to 1,
// the noises are around 1.
type hourlyLoad struct {
	level, noise, otherNoise float64
}

// loadAt follows from the seed, the server and the hour alone, so that every
// request sees the same past: quiet nights, busy afternoons, calmer weekends,
// each server with a size and a rhythm of its own.
func (a *account) loadAt(s *server, hour time.Time) hourlyLoad {
	id := fnv.New64a()
	_, _ = id.Write([]byte(s.ID))
	own := rand.New(rand.NewPCG(a.options.Seed, id.Sum64()))
	size, peak := 0.3+0.7*own.Float64(), 13+4*own.Float64()
	day := (1 + math.Cos((float64(hour.Hour())-peak)/24*2*math.Pi)) / 2
	if hour.Weekday() == time.Saturday || hour.Weekday() == time.Sunday {
		day *= 0.6
	}
	now := rand.New(rand.NewPCG(a.options.Seed^id.Sum64(), uint64(hour.Unix())))
	return hourlyLoad{size * (0.1 + 0.9*day), 0.85 + 0.3*now.Float64(), 0.85 + 0.3*now.Float64()}
}

// earlierOf returns the earlier of two moments.
func earlierOf(x, y time.Time) time.Time {
	if y.Before(x) {
		return y
	}
	return x
}

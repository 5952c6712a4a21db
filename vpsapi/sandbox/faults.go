package sandbox

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"time"

	"vpsnet-mcp/vpsapi"
)

// Fault is something that goes wrong with some of the requests. ParseFault
// reads one from a text such as "reset-after,op=create_backup,rate=0.1".
type Fault struct {
	Kind  FaultKind
	Ops   []string // functions by name, or "reads", "changes"; all when empty
	Rate  float64  // of the requests that it fits; each when 0
	Count int      // how often at most; 0 for no limit
	After int      // how many requests that it fits pass before the first

	Delay  Delay  // of Latency, Late and Slow
	Status int    // of Status and StatusAfter
	Text   string // of Missing (a key), Type (a content type), TooMany (the Retry-After header)
}

// FaultKind says what goes wrong.
type FaultKind string

// The kinds of faults. A change takes effect under those of the second half.
const (
	FaultLatency FaultKind = "latency" // it takes a while until the request is taken up
	FaultStatus  FaultKind = "status"  // another status, and nothing was done
	FaultTooMany FaultKind = "429"     // too many requests, with Retry-After or without
	FaultExpired FaultKind = "expired" // the credentials are refused
	FaultReset   FaultKind = "reset"   // the connection is reset, and nothing was done

	FaultResetAfter  FaultKind = "reset-after"  // the connection is reset after it was done
	FaultStatusAfter FaultKind = "status-after" // another status, and yet it was done
	FaultLate        FaultKind = "late"         // it was done, and the answer takes a while
	FaultCut         FaultKind = "cut"          // half of the answer comes, then the connection breaks
	FaultSlow        FaultKind = "slow"         // the answer comes in drops
	FaultEndless     FaultKind = "endless"      // the answer never ends
	FaultEmpty       FaultKind = "empty"        // the answer has no body
	FaultHTML        FaultKind = "html"         // a web page in place of the answer, with status 200
	FaultType        FaultKind = "type"         // the answer is called something else than JSON
	FaultMissing     FaultKind = "missing"      // a key is missing wherever it stood; the outermost one when none is named
	FaultStrings     FaultKind = "strings"      // numbers come as strings
)

// FaultKinds lists every kind.
func FaultKinds() []FaultKind {
	return []FaultKind{
		FaultLatency, FaultStatus, FaultTooMany, FaultExpired, FaultReset, FaultResetAfter, FaultStatusAfter, FaultLate,
		FaultCut, FaultSlow, FaultEndless, FaultEmpty, FaultHTML, FaultType, FaultMissing, FaultStrings,
	}
}

// ChangeHappens reports whether a change takes effect under the fault.
func (k FaultKind) ChangeHappens() bool {
	all := FaultKinds()
	return k == FaultLatency || slices.Index(all, k) >= slices.Index(all, FaultResetAfter)
}

// Delay is how long something takes: always Min, evenly between Min and Max, or
// scattered around a mean with a long tail.
type Delay struct{ Min, Max, Mean time.Duration }

// maxDelayFactor is how many times its mean a scattered delay takes at most.
const maxDelayFactor = 10

// sample draws a delay.
func (d Delay) sample(rng *rand.Rand) time.Duration {
	switch {
	case d.Mean > 0:
		return min(maxDelayFactor*d.Mean, time.Duration(rng.ExpFloat64()*float64(d.Mean)))
	case d.Max > d.Min:
		return d.Min + time.Duration(rng.Int64N(int64(d.Max-d.Min)+1))
	default:
		return d.Min
	}
}

// faults are those of a sandbox, with what they have done so far. They draw from
// a source of their own, so that what the account generates stays the same.
type faults struct {
	mu     sync.Mutex
	rng    *rand.Rand
	list   []Fault
	fitted []int // requests that each fitted
	struck []int // requests that each struck
}

// newFaults returns the faults that a sandbox is made with.
func newFaults(o Options) *faults {
	f := &faults{rng: rand.New(rand.NewPCG(o.Seed, 0xfa))}
	f.setList(o.Faults)
	return f
}

// setList puts other faults in place of the present ones.
func (f *faults) setList(list []Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list, f.fitted, f.struck = slices.Clone(list), make([]int, len(list)), make([]int, len(list))
}

// Break puts other faults in the place of those that the sandbox has; none mends it.
func (s *Sandbox) Break(list ...Fault) { s.faults.setList(list) }

// FaultCounts counts how often each fault struck, in their order.
func (s *Sandbox) FaultCounts() []int {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	return slices.Clone(s.faults.struck)
}

// faultStrike is a fault that strikes one request.
type faultStrike struct {
	Fault
	delay time.Duration
	api   vpsapi.API
}

// drawStrikes draws the faults of one request.
func (f *faults) drawStrikes(info vpsapi.Info) []faultStrike {
	f.mu.Lock()
	defer f.mu.Unlock()
	var struck []faultStrike
	for i, fault := range f.list {
		if !fault.appliesTo(info) {
			continue
		}
		f.fitted[i]++
		switch {
		case f.fitted[i] <= fault.After, fault.Count > 0 && f.struck[i] >= fault.Count:
			continue
		case fault.Rate > 0 && f.rng.Float64() >= fault.Rate:
			continue
		}
		f.struck[i]++
		struck = append(struck, faultStrike{fault, fault.Delay.sample(f.rng), info.API})
	}
	return struck
}

// appliesTo reports that the fault strikes a function.
func (f Fault) appliesTo(info vpsapi.Info) bool {
	class := "changes"
	if info.Safety == vpsapi.Reads {
		class = "reads"
	}
	return len(f.Ops) == 0 || slices.Contains(f.Ops, info.Name) || slices.Contains(f.Ops, class)
}

// serveWithFaults answers a request that faults strike: what keeps the change from being
// made first, then serve, then what spoils its answer.
func serveWithFaults(strokes []faultStrike, w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
	for _, s := range strokes {
		switch s.Kind {
		case FaultLatency:
			if waitFor(r.Context(), s.delay) != nil {
				(&faultyDelivery{reset: true}).send(w, r)
				return
			}
		case FaultStatus:
			writeRefusal(w, s.faultAnswer())
			return
		case FaultTooMany:
			if s.Text != "" {
				w.Header().Set("Retry-After", s.Text)
			}
			if s.api == vpsapi.Platform {
				writeRefusal(w, platformRefusal(http.StatusTooManyRequests, "Too many requests"))
			} else {
				writeRefusal(w, &refusal{status: http.StatusTooManyRequests, body: `{"errors":["Too many requests"]}`})
			}
			return
		case FaultExpired:
			if s.api == vpsapi.Platform {
				writeRefusal(w, badToken)
			} else {
				writeRefusal(w, badCredentials)
			}
			return
		case FaultReset:
			(&faultyDelivery{reset: true}).send(w, r)
			return
		}
	}
	got := &answerRecorder{header: http.Header{}, status: http.StatusOK}
	serve(got)
	d := &faultyDelivery{status: got.status, header: got.header, body: got.body.Bytes()}
	for _, s := range strokes {
		d.spoil(r.Context(), s)
	}
	d.send(w, r)
}

// waitFor passes a while, unless the client goes away before.
func waitFor(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

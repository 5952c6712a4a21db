package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// faultCases is what a client is told of each kind of fault. It patiently waits
// for 30 s; the outcome is that of a change.
var faultCases = []struct {
	spec    string
	kind    vpsapi.Kind // empty when the answer arrives
	outcome vpsapi.Outcome
}{
	{"latency=2s", "", ""},
	{"latency=1m", vpsapi.NoConnection, vpsapi.Unknown},
	{"status=503", vpsapi.ServiceFault, vpsapi.Unknown},
	{"status=404", vpsapi.NotFound, vpsapi.Refused},
	{"429", vpsapi.TooMany, vpsapi.Refused},
	{"429=7", vpsapi.TooMany, vpsapi.Refused},
	{"expired", vpsapi.BadKey, vpsapi.Refused},
	{"reset", vpsapi.NoConnection, vpsapi.Unknown},
	{"reset-after", vpsapi.NoConnection, vpsapi.Unknown},
	{"status-after=500", vpsapi.ServiceFault, vpsapi.Unknown},
	{"late=1s..2s", "", ""},
	{"late=1m", vpsapi.NoConnection, vpsapi.Unknown},
	{"cut", vpsapi.BadReply, vpsapi.Unknown},
	{"slow=2s", "", ""},
	{"slow=1m", vpsapi.BadReply, vpsapi.Unknown},
	{"endless", vpsapi.BadReply, vpsapi.Unknown},
	{"empty", vpsapi.BadReply, vpsapi.Unknown},
	{"html", vpsapi.BadReply, vpsapi.Unknown},
	{"type", "", ""},
	{"missing", vpsapi.BadReply, vpsapi.Unknown},
	{"missing=label", "", ""},
	{"strings", "", ""},
}

// TestFaults: what each kind does, without a network, in a time of its own.
func TestFaults(t *testing.T) {
	covered := map[FaultKind]bool{}
	for _, c := range faultCases {
		fault := mustFault(t, c.spec)
		covered[fault.Kind] = true
		t.Run(c.spec, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				sb := New(Options{Faults: []Fault{fault}})
				checkFault(t, sb, sb, "", fault, c.kind, c.outcome)
			})
		})
	}
	for _, k := range FaultKinds() {
		if !covered[k] {
			t.Errorf("%s is not tried", k)
		}
	}
}

// TestFaultsServed does the same over a connection, but for those that take long.
func TestFaultsServed(t *testing.T) {
	for _, c := range faultCases {
		if strings.HasSuffix(c.spec, "m") {
			continue
		}
		fault := mustFault(t, strings.NewReplacer("=2s", "=20ms", "1s..2s", "10ms..20ms").Replace(c.spec))
		t.Run(fault.String(), func(t *testing.T) {
			t.Parallel()
			sb := New(Options{Faults: []Fault{fault}})
			served := httptest.NewServer(sb)
			defer served.Close()
			checkFault(t, sb, nil, served.URL, fault, c.kind, c.outcome)
		})
	}
}

func checkFault(t *testing.T, sb *Sandbox, up http.RoundTripper, url string, fault Fault, kind vpsapi.Kind, outcome vpsapi.Outcome) {
	t.Helper()
	client, err := vpsapi.NewClient(vpsapi.Config{
		Email: Email, APIKey: APIKey, Transport: up, BaseURL: url, PerSecond: -1, Concurrent: -1, MaxReply: 1 << 20,
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := vpsapi.RebootServer.Call(t.Context(), client, vpsapi.RebootServerIn{ServerID: "1384"})
	var failure *vpsapi.Error
	switch {
	case kind == "" && (err != nil || got.ID != "1384"):
		t.Errorf("no answer: %v %+v", err, got)
	case kind != "" && !errors.As(err, &failure):
		t.Errorf("no error: %v", err)
	case kind != "" && (failure.Kind != kind || failure.Outcome != outcome):
		t.Errorf("%s, %s, not %s, %s: %v", failure.Kind, failure.Outcome, kind, outcome, err)
	}
	if fault.Kind == FaultLatency && kind != "" {
		return // who goes away before the request was taken up has it undone
	}
	if happened := len(sb.Changes()) == 1; happened != fault.Kind.ChangeHappens() {
		t.Errorf("it happened: %v", happened)
	}
}

func mustFault(t *testing.T, spec string) Fault {
	t.Helper()
	f, err := ParseFault(spec)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// TestFaultsStrikeSome: by function, by count, after a while, by chance, and the
// same chance again from the same seed.
func TestFaultsStrikeSome(t *testing.T) {
	ask := func(sb *Sandbox, path string) int {
		r := httptest.NewRequest(http.MethodGet, path, http.NoBody)
		r.SetBasicAuth(Email, APIKey)
		w := httptest.NewRecorder()
		sb.ServeHTTP(w, r)
		return w.Code
	}
	sb := New(Options{Faults: []Fault{mustFault(t, "expired,op=get_profile|list_ips,after=1,count=2")}})
	var got []int
	for _, path := range []string{"/profile", "/ips", "/virtual_machines", "/profile", "/profile"} {
		got = append(got, ask(sb, path))
	}
	if want := []int{200, 406, 200, 406, 200}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if struck := sb.FaultCounts(); !slices.Equal(struck, []int{2}) {
		t.Errorf("struck %v", struck)
	}
	sb.Break()
	if status := ask(sb, "/profile"); status != 200 {
		t.Errorf("mended: %d", status)
	}
	draws := func(seed uint64) (statuses []int) {
		sb := New(Options{Seed: seed, Faults: []Fault{mustFault(t, "status=503,op=reads,rate=0.3")}})
		for range 200 {
			statuses = append(statuses, ask(sb, "/profile"))
		}
		return statuses
	}
	first := draws(1)
	struck := 0
	for _, status := range first {
		if status == 503 {
			struck++
		}
	}
	if struck < 40 || struck > 80 || !slices.Equal(first, draws(1)) || slices.Equal(first, draws(2)) {
		t.Errorf("%d of 200 at a rate of 0.3, or not the same from the same seed", struck)
	}
}

// TestFaultsAddUp: several faults strike one request.
func TestFaultsAddUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		sb := New(Options{Faults: []Fault{mustFault(t, "latency=1s"), mustFault(t, "late=2s"), mustFault(t, "strings"), mustFault(t, "slow=3s"), mustFault(t, "type=application/x-yaml")}})
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://sandbox.invalid/profile", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth(Email, APIKey)
		begun := time.Now()
		response, err := sb.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if took := time.Since(begun); err != nil || took < 6*time.Second || took > 7*time.Second {
			t.Errorf("%v after %s", err, took)
		}
		if response.Header.Get("Content-Type") != "application/x-yaml" || !strings.Contains(string(body), `"id":"`) {
			t.Errorf("%v %s", response.Header, body)
		}
	})
}

// TestFaultGivenUp: who waits no longer is let go at once.
func TestFaultGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, spec := range []string{"latency=1h", "late=1h", "slow=1h", "endless"} {
			sb := New(Options{Faults: []Fault{mustFault(t, spec)}})
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			r, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://sandbox.invalid/profile", http.NoBody)
			r.SetBasicAuth(Email, APIKey)
			begun := time.Now()
			response, err := sb.RoundTrip(r)
			if err == nil {
				if spec == "endless" {
					time.Sleep(time.Second)
				}
				_, err = io.Copy(io.Discard, response.Body)
			}
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(begun) > 2*time.Second {
				t.Errorf("%s: %v after %s", spec, err, time.Since(begun))
			}
			cancel()
		}
	})
}

func TestParseFault(t *testing.T) {
	want := Fault{
		Kind: FaultLatency, Delay: Delay{Min: time.Second, Max: 3 * time.Second}, Ops: []string{"reads", "create_backup"},
		Rate: 0.25, Count: 3, After: 7,
	}
	if diff := cmp.Diff(want, mustFault(t, "latency=1s..3s,op=reads|create_backup,rate=0.25,count=3,after=7")); diff != "" {
		t.Error(diff)
	}
	for spec, word := range map[string]string{
		"":                  "no such kind",
		"explode":           "no such kind",
		"reset=1":           "takes no value",
		"latency":           "give a time",
		"latency=-1s":       "give a time",
		"latency=3s..1s":    "give a time",
		"slow=48h":          "give a time",
		"status":            "give a status",
		"status=99":         "give a status",
		"cut,op=fly":        "not a function",
		"cut,rate=0":        "rate takes",
		"cut,rate=NaN":      "rate takes",
		"cut,count=0":       "count takes",
		"cut,after=x":       "after takes",
		"cut,sometimes=yes": "not one of op",
	} {
		if _, err := ParseFault(spec); err == nil || !strings.Contains(err.Error(), word) {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

// FuzzParseFault: what is read can be written, and reads the same again.
func FuzzParseFault(f *testing.F) {
	for _, c := range faultCases {
		f.Add(c.spec + ",op=changes,rate=0.5,count=2,after=1")
	}
	f.Add("latency=~200ms")
	f.Fuzz(func(t *testing.T, spec string) {
		fault, err := ParseFault(spec)
		if err != nil {
			return
		}
		again, err := ParseFault(fault.String())
		if diff := cmp.Diff(fault, again); err != nil || diff != "" {
			t.Errorf("%q: %v %s", fault, err, diff)
		}
	})
}

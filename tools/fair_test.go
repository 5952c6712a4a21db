package tools

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/confirm"
	"vpsnet-mcp/vpsapi"
	"vpsnet-mcp/vpsapi/sandbox"
)

// TestOneCallerAtItsWorst: while one caller asks for 30 fleet reports at once, again
// and again, another's list of servers takes, at the 95th percentile, less than
// twice what it takes alone and one interval of the pace. Time is the test's own.
func TestOneCallerAtItsWorst(t *testing.T) {
	t.Parallel()
	for _, latency := range []time.Duration{100 * time.Millisecond, 2 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			sb := sandbox.New(sandbox.Options{Servers: 20})
			client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
				<-time.After(latency)
				return sb.RoundTrip(r)
			})})
			if err != nil {
				t.Fatal(err)
			}
			s, err := New(Options{Client: client})
			if err != nil {
				t.Fatal(err)
			}
			call := func(ctx context.Context, caller, tool, arguments string) answer.Answer {
				return s.Call(WithCaller(ctx, confirm.Caller{Name: caller, Client: client}), tool, json.RawMessage(arguments))
			}
			measure := func() time.Duration {
				took := make([]time.Duration, 40)
				for i := range took {
					begun := time.Now()
					if a := call(t.Context(), "bert", "list_cloud_servers", `{}`); a.IsError {
						t.Error(a.Text)
					}
					took[i] = time.Since(begun)
					<-time.After(437 * time.Millisecond) // never in step with the pace
				}
				slices.Sort(took)
				return took[len(took)*95/100]
			}
			idle := measure()
			ctx, cancel := context.WithCancel(t.Context())
			var worst sync.WaitGroup
			for range 30 {
				worst.Go(func() {
					for ctx.Err() == nil {
						call(ctx, "anna", "fleet_report", `{"days":7}`)
						<-time.After(time.Millisecond) // what fails at once must not stop the clock
					}
				})
			}
			<-time.After(20 * time.Second)
			loaded := measure()
			cancel()
			worst.Wait()
			t.Logf("service of %s: the list takes %s alone, %s beside 30 fleet reports", latency, idle, loaded)
			if loaded >= 2*idle+200*time.Millisecond {
				t.Errorf("the list takes %s alone, %s beside 30 fleet reports", idle, loaded)
			}
		})
	}
}

package schemas

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkRead coerces and checks arguments with a list of n values, half of
// them of the wrong kind.
func BenchmarkRead(b *testing.B) {
	a := NewArguments(json.RawMessage(`{"type":"object","additionalProperties":false,"properties":{"values":{"type":"array","items":{"type":"string"}}}}`), Marks{})
	for _, n := range []int{10, 1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			raw := json.RawMessage(`{"values":[` + strings.TrimSuffix(strings.Repeat(`1384,"1385",`, n/2), ",") + `]}`)
			b.ReportAllocs()
			for b.Loop() {
				if _, faults := a.Read(raw); faults != nil {
					b.Fatal(faults)
				}
			}
		})
	}
}

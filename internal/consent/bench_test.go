package consent

import (
	"strconv"
	"testing"
	"time"
)

// BenchmarkConsent makes and checks a code for a plan that depends on n facts.
func BenchmarkConsent(b *testing.B) {
	for _, n := range []int{10, 1_000, 10_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			s, c := NewSealer(time.Now), claim()
			for i := range n {
				c.State = append(c.State, "server "+strconv.Itoa(i)+" running=true")
			}
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := s.Open(s.Seal(c), c); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package main

import (
	"fmt"
	"slices"
	"strings"
)

// series are the rounds of one measurement.
type series []float64

func (s series) at(q float64) float64 {
	if len(s) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(s))
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func (s series) median() float64 { return s.at(0.5) }

func (s series) String() string {
	return fmt.Sprintf("%.4g (%.4g to %.4g)", s.median(), s.at(0), s.at(1))
}

// against is the median of the rounds' ratios: what disturbs the machine in one
// round disturbs both.
func (s series) against(other series) string {
	var ratios series
	for i := range min(len(s), len(other)) {
		ratios = append(ratios, s[i]/other[i])
	}
	return fmt.Sprintf("%.2f", ratios.median())
}

// table prints rows under a title.
func table(title string, head []string, rows [][]string) {
	say("### %s\n\n| %s |\n|%s", title, strings.Join(head, " | "), strings.Repeat(" --- |", len(head)))
	for _, row := range rows {
		say("| %s |", strings.Join(row, " | "))
	}
	say("")
}

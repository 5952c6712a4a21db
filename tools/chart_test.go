package tools

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"testing"
)

func TestUtilisationIsDrawn(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	for _, tool := range []string{"get_cpu_utilisation", "get_bandwidth_utilisation"} {
		t.Run(tool, func(t *testing.T) {
			picture := f.call(tool, `{"server_id":"1384"}`).Image
			img, err := png.Decode(bytes.NewReader(picture))
			if err != nil {
				t.Fatal(err)
			}
			if b := img.Bounds(); b.Dx() != chartWidth || b.Dy() != chartHeight {
				t.Errorf("the picture is %v", b)
			}
			seen := map[color.Color]int{}
			for x := range chartWidth {
				for y := range chartHeight {
					seen[img.At(x, y)]++
				}
			}
			if len(seen) < 3 {
				t.Errorf("the picture has %d colours", len(seen))
			}
		})
	}
}

func TestUtilisationWithoutPicture(t *testing.T) {
	f := newFleet(t, Options{}, nil)
	a := f.call("get_cpu_utilisation", `{"server_id":"1384","chart":false}`)
	if a.Image != nil {
		t.Error("a picture that nobody wanted")
	}
	if !strings.Contains(a.Text, "mean") || !strings.Contains(a.Text, "█") {
		t.Errorf("no figures in %q", a.Text)
	}
}

func TestSparkline(t *testing.T) {
	for _, tt := range []struct {
		values []float64
		want   string
	}{
		{nil, ""},
		{[]float64{0, 0}, "▁▁"},
		{[]float64{0, 50, 100}, "▁▅█"},
	} {
		if got := sparkline(tt.values); got != tt.want {
			t.Errorf("sparkline(%v) = %q, want %q", tt.values, got, tt.want)
		}
	}
}

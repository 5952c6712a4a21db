package tools

import (
	"bytes"
	"image/color"
	"image/png"
	"strings"
	"testing"

	"vpsnet-mcp/tools/answer"
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
			if b := img.Bounds(); b.Dx() != answer.ChartWidth || b.Dy() != answer.ChartHeight {
				t.Errorf("the picture is %v", b)
			}
			seen := map[color.Color]int{}
			for x := range answer.ChartWidth {
				for y := range answer.ChartHeight {
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

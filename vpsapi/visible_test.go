package vpsapi

import (
	"strings"
	"testing"
)

// TestVisible: what is read as nothing, or turns the text around it, goes; what a
// person sees stays.
func TestVisible(t *testing.T) {
	for _, r := range "\x00\x1b\x7f\u0085\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180e\u180f\u200b\u200d\u200f\u2028\u2029\u202a\u202e\u2060\u2064\u2065\u2066\u206f\u2800\u3164\ufe00\ufe0f\ufeff\uffa0\ufff0\ufff9\ufffb\U0001d173\U000e0001\U000e007f\U000e01ef\U000e0fff" {
		if got := Visible("web" + string(r) + "01"); got != "web01" {
			t.Errorf("%U stays: %q", r, got)
		}
	}
	const seen = "web 01 – é ä 日本 ١٢ \u0600١ 😀 ½ \t\n"
	if got := Visible(seen); got != seen {
		t.Errorf("%q became %q", seen, got)
	}
	for _, text := range []string{"\x1b[31mred\x1b[0m", "\x1b]0;title\x07red", "\x1b]8;;https://example.com\x1b\\red", "\u009b1;31mred", "\x1b[?25lred"} {
		if got := Visible(text); got != "red" {
			t.Errorf("%q became %q", text, got)
		}
	}
	if got := Quote(strings.Repeat("\u3164", 5)); got != `""` {
		t.Errorf("a label of nothing but fillers: %s", got)
	}
}

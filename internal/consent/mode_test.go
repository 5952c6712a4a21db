package consent

import (
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestParseMode(t *testing.T) {
	for text, want := range map[string]Mode{"flag": Flag, "code": Code, "Person": Person, "DENY": Deny} {
		if got, err := ParseMode(text); got != want || err != nil {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
	for _, text := range []string{"", "none", "yes", " code", "code,person"} {
		got, err := ParseMode(text)
		if got != "" || err == nil || !strings.Contains(err.Error(), "person, code, flag or deny") {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

// A header can ask for more care than the operator did, never for less.
func TestTighter(t *testing.T) {
	for i, a := range strictness {
		for j, b := range strictness {
			if got, want := Stricter(a, b), strictness[max(i, j)]; got != want {
				t.Errorf("%s and %s: %s", a, b, got)
			}
		}
		if Stricter(a, "") != a || Stricter("", a) != a || Stricter(a, "made up") != a {
			t.Errorf("%s is loosened by no opinion", a)
		}
	}
}

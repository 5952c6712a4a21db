package vpsapi

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func scanned(object string) [][2]string {
	var got [][2]string
	Members([]byte(object), func(name, value []byte) bool {
		got = append(got, [2]string{string(name), string(value)})
		return true
	})
	return got
}

func TestMembers(t *testing.T) {
	got := scanned(` {"a" : 1 , "b":{"c":[1,{"d":"}"}]},"e\"":"x\\","f":[],"g":null,"h":"\\\"]"} `)
	want := [][2]string{
		{`"a"`, `1`},
		{`"b"`, `{"c":[1,{"d":"}"}]}`},
		{`"e\""`, `"x\\"`},
		{`"f"`, `[]`},
		{`"g"`, `null`},
		{`"h"`, `"\\\"]"`},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestElements(t *testing.T) {
	var got []string
	Elements([]byte(`[1, "a,]" ,{"b":[2]},[ ] , true]`), func(v []byte) bool {
		got = append(got, string(v))
		return len(got) < 5
	})
	if diff := cmp.Diff([]string{`1`, `"a,]"`, `{"b":[2]}`, `[ ]`, `true`}, got); diff != "" {
		t.Error(diff)
	}
}

// What is handed out has no room behind it: to append to it changes nothing.
func TestPartsAreApart(t *testing.T) {
	list := []byte(`[{"a":1},{"b":2}]`)
	Elements(list, func(v []byte) bool {
		_ = append(v, 'x')
		Members(v, func(name, value []byte) bool {
			_, _ = append(name, 'x'), append(value, 'x')
			return true
		})
		return true
	})
	if string(list) != `[{"a":1},{"b":2}]` {
		t.Errorf("the list has become %s", list)
	}
}

func TestPlain(t *testing.T) {
	for literal, want := range map[string]string{
		`"a b"`: "a b", `"é"`: "é", `""`: "",
		`"a\u0062"`: "none", "\"a\x9b\"": "none", `1`: "none", `12`: "none", ``: "none", `"`: "none", `[]`: "none",
	} {
		got := "none"
		if plain, ok := UnescapedText([]byte(literal)); ok {
			got = string(plain)
		}
		if got != want {
			t.Errorf("%q is %q, want %q", literal, got, want)
		}
	}
}

// A list with something between its elements is not a list, however well its
// elements read.
func TestListsAreWhole(t *testing.T) {
	for _, body := range []string{`[{"ticket":{"id":1}} x]`, `[{"ticket":{"id":1}} {"ticket":{"id":2}}]`, `[{"ticket":{"id":1}},]`, `[{"ticket":{"id":1}}`, `[{"ticket":{"id":1},x}]`, `[] []`} {
		if out, err := readList.DecodeReply([]byte(body)); err == nil {
			t.Errorf("%s is read as %v", body, out)
		}
	}
}

// Nesting without an end is refused, and costs what its bytes cost.
func TestDepth(t *testing.T) {
	for _, open := range []string{"[", `{"a":`, `[{"password":`} {
		bomb := []byte(strings.Repeat(open, 100_000))
		Elements(bomb, func([]byte) bool { return true })
		Members(bomb, func(_, _ []byte) bool { return true })
		HideSecrets(bomb)
		if out, err := readList.DecodeReply(bomb); err == nil {
			t.Errorf("%s... is read as %v", open, out)
		}
	}
	deep := strings.Repeat(`[`, 9_000) + `{"password":"hunter22"}` + strings.Repeat(`]`, 9_000)
	if out := HideSecrets([]byte(deep)); bytes.Contains(out, []byte("hunter22")) || len(out) < 18_000 {
		t.Errorf("%d bytes, the secret in it", len(out))
	}
}

// FuzzMembers holds that the scanner agrees with encoding/json on what is valid,
// and comes to an end on everything.
func FuzzMembers(f *testing.F) {
	for _, s := range []string{`{"a":[1,"\\"],"b":{}}`, `{"a"`, `{"a":`, `{"a":}`, `{"`, `[1,`, `{"a":1]`, `]`, `{"a":"\`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		Elements([]byte(s), func([]byte) bool { return true })
		got := scanned(s)
		var object map[string]json.RawMessage
		if json.Unmarshal([]byte(s), &object) != nil || object == nil {
			return
		}
		last := map[string]string{}
		for _, m := range got {
			var name string
			if err := json.Unmarshal([]byte(m[0]), &name); err != nil {
				t.Fatal(err)
			}
			last[name] = m[1]
		}
		want := map[string]string{}
		for name, value := range object {
			want[name] = string(value)
		}
		if diff := cmp.Diff(want, last); diff != "" {
			t.Error(diff)
		}
	})
}

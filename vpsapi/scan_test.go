package vpsapi

import (
	"encoding/json"
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

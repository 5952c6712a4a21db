package vpsapi

import (
	"encoding/json"
	"math"
	"strconv"
	"strings"
	"testing"
)

// forms decodes JSON into a T and gives what it holds, or a part of the error.
func forms[T any](t *testing.T, want map[string]any, words map[string]string) {
	t.Helper()
	for in, expected := range want {
		var v T
		if err := json.Unmarshal([]byte(in), &v); err != nil || any(v) != expected {
			t.Errorf("%T from %s = %#v, %v; want %#v", v, in, v, err, expected)
		}
	}
	for in, expected := range words {
		var v T
		if err := json.Unmarshal([]byte(in), &v); err == nil || !strings.Contains(err.Error(), expected) {
			t.Errorf("%T from %s = %#v, %v; want an error with %q", v, in, v, err, expected)
		}
	}
}

func TestFormsOfText(t *testing.T) {
	nested := map[string]string{`{}`: "got an object", `[]`: "got a list", `["x"]`: "got a list"}
	forms[Text](t, map[string]any{
		`"a"`: Text("a"), `""`: Text(""), `null`: Text(""), `5`: Text("5"), `1.50`: Text("1.50"), `true`: Text("true"), `false`: Text("false"),
		`"\u00e9\n"`: Text("é\n"), `-1e3`: Text("-1e3"),
	}, nested)
	forms[Money](t, map[string]any{`"15.00"`: Money("15.00"), `99.0`: Money("99.0"), `0`: Money("0"), `null`: Money("")}, nested)
	forms[Time](t, map[string]any{`"2011-04-27T07:09:19-04:00"`: Time("2011-04-27T07:09:19-04:00"), `null`: Time("")}, nested)
	forms[Secret](t, map[string]any{`"hunter22"`: Secret("hunter22"), `1234`: Secret("1234"), `null`: Secret("")}, nested)
	forms[ServerID](t, map[string]any{
		`1384`: ServerID("1384"), `"1384"`: ServerID("1384"), `0`: ServerID("0"), `null`: ServerID(""),
		`9007199254740993`: ServerID("9007199254740993"), // no client's float rounds it
	}, nested)
}

func TestFormsOfInt(t *testing.T) {
	forms[Int](t, map[string]any{
		`5`: Int(5), `"5"`: Int(5), `5.0`: Int(5), `"5.00"`: Int(5), `-5`: Int(-5), `null`: Int(0), `""`: Int(0), `0`: Int(0),
		`9223372036854775807`: Int(9223372036854775807), `"007"`: Int(7),
	}, map[string]string{
		`5.5`: "whole number", `"five"`: `"five"`, `true`: "whole number", `{}`: "an object", `[5]`: "a list", `9223372036854775808`: "whole number",
		`"5 "`: "whole number", `".0"`: "whole number", `"5.0.0"`: "whole number",
	})
}

func TestFormsOfFlag(t *testing.T) {
	forms[Flag](t, map[string]any{
		`true`: Flag(true), `false`: Flag(false), `1`: Flag(true), `0`: Flag(false), `"1"`: Flag(true), `"0"`: Flag(false),
		`"true"`: Flag(true), `"False"`: Flag(false), `"TRUE"`: Flag(true), `null`: Flag(false), `""`: Flag(false),
	}, map[string]string{`2`: `"2"`, `"yes"`: `"yes"`, `{}`: "an object", `[true]`: "a list", `1.0`: "true or false"})
}

func TestRawStaysAsItCame(t *testing.T) {
	var v struct{ A, B, C Raw }
	if err := json.Unmarshal([]byte(`{"A": {"x" : 1.50}, "B": null}`), &v); err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(v)
	if err != nil || string(got) != `{"A":{"x":1.50},"B":null,"C":null}` {
		t.Errorf("%s, %v", got, err)
	}
}

func TestIDs(t *testing.T) {
	for _, good := range []string{"0", "1", "1384", "9999999999999999999"} {
		if err := validID(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
	for id, valid := range map[identifier]bool{ServerID("01385"): false, ServerID("00"): false, DomainRef("051"): false, InvoiceNo("00913"): true} {
		if err := id.validID(); (err == nil) != valid {
			t.Errorf("%T %q: %v", id, id, err)
		}
	}
	for _, bad := range badIDs {
		if err := validID(bad); err == nil {
			t.Errorf("%q is taken for an id", bad)
		} else if text := err.Error(); strings.ContainsAny(text, "\n\x00\u202e") || len(text) > 400 {
			t.Errorf("the error about %q is %q", bad, text)
		}
	}
}

func TestQuote(t *testing.T) {
	for in, want := range map[string]string{
		"":                             `""`,
		"plain":                        `"plain"`,
		"two\n\tlines \r\n here":       `"two lines here"`,
		`say "no"`:                     `"say 'no'"`,
		"a\x00b\x1b[31mc\u007f\u0085":  `"abc"`,
		"a\u202eb\u200bc\ufeffd\u2066": `"abcd"`,
		"tag\U000e0041s\ufe0f":         `"tags"`,
		"bad\xff":                      `"bad?"`,
		"é日本":                          `"é日本"`,
		strings.Repeat("é", 80):        `"` + strings.Repeat("é", 80) + `"`,
		strings.Repeat("é", 81):        `"` + strings.Repeat("é", 79) + `…"`,
		"line\u2028sep\u2029":          `"line sep"`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%q) = %q, want %q", in, got, want)
		}
	}
}

// An address inside a server is read under either key that public clients know.
func TestAddressesUnderEitherKey(t *testing.T) {
	for _, key := range []string{"ip_address", "ip_addresses"} {
		s, err := GetServer.DecodeReply([]byte(`{"virtual_machine":{"id":1,"ip_addresses":[{"` + key + `":{"id":7,"ip_address":"192.0.2.7"}}]}}`))
		if err != nil {
			t.Fatal(err)
		}
		if all := s.(Server).IPAddresses; len(all) != 1 || all[0].IP.Address != "192.0.2.7" || all[0].IP.ID != "7" {
			t.Errorf("%s: %+v", key, all)
		}
	}
}

// A count or a flag that is null or absent is unknown, and neither 0 nor false.
func TestUnknownIsNotNothing(t *testing.T) {
	rows, err := GetCPUUtilisation.DecodeReply([]byte(`[{"created_at":"x","cpu_time":null,"elapsed_time":3600},{"created_at":"x"},{"cpu_time":"720","elapsed_time":3600}]`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"NaN", "NaN", "2"} {
		if got := strconv.FormatFloat(rows.([]CPURow)[i].Percent(), 'g', -1, 64); got != want {
			t.Errorf("row %d: %s, want %s", i, got, want)
		}
	}
	if !math.IsNaN(NetworkRow{DataSent: new(Int)}.Total()) {
		t.Error("one direction alone is a total")
	}
}

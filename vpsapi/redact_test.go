package vpsapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestCleanJSON(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		found          []Found
	}{
		{"nothing secret comes out as it came, save the space", ` { "id" : 1, "label":"a\u0062 c" ,"l":[ 1 , 2.50,true,null, {} ,[]]} `,
			`{"id":1,"label":"a\u0062 c","l":[1,2.50,true,null,{},[]]}`, nil},
		{"password", `{"password":"a8hjsjnbs91"}`, `{"password":"[redacted]"}`, []Found{{"password", "a8hjsjnbs91"}}},
		{"deep in lists and objects", `[{"virtual_machine":{"x":[{"root_password":"s"}]}}]`,
			`[{"virtual_machine":{"x":[{"root_password":"[redacted]"}]}}]`, []Found{{"root_password", "s"}}},
		{"any case", `{"PassWord":"one","API_KEY":"two","Token":"three","SECRET":"four"}`,
			`{"PassWord":"[redacted]","API_KEY":"[redacted]","Token":"[redacted]","SECRET":"[redacted]"}`,
			[]Found{{"PassWord", "one"}, {"API_KEY", "two"}, {"Token", "three"}, {"SECRET", "four"}}},
		{"a letter whose small form is another's", "{\"to\u212aen\":\"one\",\"api_\\u212aey\":\"two\"}", "{\"to\u212aen\":\"[redacted]\",\"api_\\u212aey\":\"[redacted]\"}",
			[]Found{{"to\u212aen", "one"}, {"api_\u212aey", "two"}}},
		{"an escaped key", `{"p\u0061ssword":"one"}`, `{"p\u0061ssword":"[redacted]"}`, []Found{{"password", "one"}}},
		{"an escaped value", `{"password":"a\"b\\c\u00e9"}`, `{"password":"[redacted]"}`, []Found{{"password", `a"b\cé`}}},
		{"a number", `{"password":-12.5e3,"id":7}`, `{"password":"[redacted]","id":7}`, []Found{{"password", "-12.5e3"}}},
		{"a list", `{"password":["one", 2, ["three"]]}`, `{"password":["[redacted]","[redacted]",["[redacted]"]]}`,
			[]Found{{"password", "one"}, {"password", "2"}, {"password", "three"}}},
		{"an object", `{"token":{"id":5,"inner":{"label":"x"}},"id":5}`,
			`{"token":{"id":"[redacted]","inner":{"label":"[redacted]"}},"id":5}`, []Found{{"token", "5"}, {"token", "x"}}},
		{"no value", `{"password":null,"token":"","secret":true}`, `{"password":null,"token":"","secret":true}`, nil},
		{"taken out before", `{"password":"[redacted]"}`, `{"password":"[redacted]"}`, nil},
		{"by value, after and before its key, in a list, in the midst of a text", `["is hunter22.",{"password":"hunter22"},"hunter22"]`,
			`["is [redacted].",{"password":"[redacted]"},"[redacted]"]`, []Found{{"password", "hunter22"}}},
		{"by value, escaped", `{"password":"hun/ter22","note":"hun\/ter22, \u0068un/ter22 \"x\""}`,
			`{"password":"[redacted]","note":"[redacted], [redacted] \"x\""}`, []Found{{"password", "hun/ter22"}}},
		{"too short to look for", `{"password":"web","label":"web01"}`, `{"password":"[redacted]","label":"web01"}`, []Found{{"password", "web"}}},
		{"a part of the mark", `{"password":"redacted","root_password":"hunter22"}`,
			`{"password":"[redacted]","root_password":"[redacted]"}`, []Found{{"password", "redacted"}, {"root_password", "hunter22"}}},
		{"one that begins with another", `{"a":"hunter2233","password":"hunter22","root_password":"hunter2233"}`,
			`{"a":"[redacted]","password":"[redacted]","root_password":"[redacted]"}`, []Found{{"password", "hunter22"}, {"root_password", "hunter2233"}}},
		{"keys that only look secret", `{"passwords_count":1,"textkey":"http","text_key":"service_http","monkey":"x","tokens":2}`,
			`{"passwords_count":1,"textkey":"http","text_key":"service_http","monkey":"x","tokens":2}`, nil},
		{"a bare string", `"hello"`, `"hello"`, nil},
		{"empty", ``, ``, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s secrets
			got, found, _ := s.cleanJSON([]byte(c.in))
			if string(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
			if diff := cmp.Diff(c.found, found, cmp.Transformer("text", func(s Secret) string { return string(s) })); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// Text that is no JSON: a reply that broke off, a page, a form.
func TestCleanText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"broken off after the value", `{"id":1,"password":"a8hjsjnbs91","lab`, `{"id":1,"password":"[redacted]","lab`},
		{"broken off within the value", `{"password":"a8hjs`, `{"password":"[redacted]"`},
		{"broken off within an escape", `{"password":"a8\"hjs\`, `{"password":"[redacted]"`},
		{"broken off in the space before it", `{"password" :  "a8hjs","root_password":  `, `{"password" :  "[redacted]","root_password":  `},
		{"an escaped key", `{"p\u0061ssword":"a8hjs"`, `{"p\u0061ssword":"[redacted]"`},
		{"a number", `[{"password":123456},{"id":123`, `[{"password":"[redacted]"},{"id":123`},
		{"and again elsewhere", `{"a":"hunter22","password":"hunter22",`, `{"a":"[redacted]","password":"[redacted]",`},
		{"single quotes", `{'ssh_password': 'df345dd', 'id': 1}`, `{'ssh_password': "[redacted]", 'id': 1}`},
		{"a dump of parameters", `<pre>{"root_password"=>"F4334Y!", :ssh_password=>"df345dd"}</pre>`, `<pre>{"root_password"=>"[redacted]", :ssh_password=>"[redacted]"}</pre>`},
		{"a form", `body=x&root_password=F4334Y!&vm_id=520`, `body=x&root_password="[redacted]"&vm_id=520`},
		{"plain words", `password: is too short (minimum is 6)`, `password: is too short (minimum is 6)`},
		{"an apostrophe", `can't take "password": "df345dd"`, `can't take "password": "[redacted]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			var s secrets
			if got, _, _ := s.cleanJSON([]byte(c.in)); string(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

// A secret that was seen once is taken out of everything that comes later.
func TestSecretsAreRemembered(t *testing.T) {
	var s secrets
	s.cleanJSON([]byte(`{"password":"hunter22"}`))
	for in, want := range map[string]string{
		`{"label":"hunter22"}`:         `{"label":"[redacted]"}`,
		`{"label":"hunter2"}`:          `{"label":"hunter2"}`,
		`<p>hunter22</p>`:              `<p>[redacted]</p>`,
		`{"hunter22":1,"id":22}`:       `{"hunter22":1,"id":22}`, // keys are the API's own words
		`{"label":"<a>&b hunter22 é"}`: `{"label":"\u003ca\u003e\u0026b [redacted] é"}`,
	} {
		if got, found, _ := s.cleanJSON([]byte(in)); string(got) != want || found != nil {
			t.Errorf("%s = %s, %v; want %s", in, got, found, want)
		}
	}
	if got := s.clean("say hunter22 twice: hunter22"); got != "say [redacted] twice: [redacted]" {
		t.Errorf("clean = %s", got)
	}
}

// Two replies with the same new secret, before its key: whichever call notes it
// first, neither lets it through.
func TestSecretsOfRepliesAtOnce(t *testing.T) {
	body := []byte(`{"note":"hunter22"` + strings.Repeat(`,"x":"y"`, 200) + `,"password":"hunter22"}`)
	for range 300 {
		var s secrets
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				if out, _, _ := s.cleanJSON(body); bytes.Contains(out, []byte("hunter22")) {
					t.Errorf("it survives: %.40s", out)
				}
			})
		}
		all.Wait()
		if t.Failed() {
			return
		}
	}
}

// A key without a secret costs nothing: lists have a hundred thousand.
func TestKeysCostNothing(t *testing.T) {
	name := []byte(`"total_disk_size"`)
	if n := testing.AllocsPerRun(100, func() { innerKey("", name) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What a secret prints as, by every way that logs and results take.
func TestSecretIsNotPrinted(t *testing.T) {
	holder := struct {
		Password Secret `json:"password"`
		Empty    Secret `json:"empty"`
	}{Password: "hunter22"}
	asJSON, err := json.Marshal(holder)
	if err != nil || string(asJSON) != `{"password":"[redacted]","empty":""}` {
		t.Errorf("json.Marshal = %s, %v", asJSON, err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, holder); strings.Contains(text, "hunter22") {
			t.Errorf("%s prints %s", format, text)
		}
	}
	wire, err := encodeWire(holder)
	if err != nil || string(wire) != `{"password":"hunter22","empty":""}` {
		t.Errorf("encodeWire = %s, %v: the service needs the value itself", wire, err)
	}
}

// FuzzCleanJSON plants a secret under a key and elsewhere in any document: none
// survives in a value, and what was JSON stays JSON.
func FuzzCleanJSON(f *testing.F) {
	for _, doc := range []string{
		`{"virtual_machine":{"label":"x","password":"a8hjsjnbs91"}}`, `[1,"two",{"three":[null,true]}]`, `"\u0070"`, `{"password":{"a":[1]}}`,
		`{`, ``, `<html><b>"`, `{"a":"b","password":"`, "\xff", `{"\ud800":1e5}`, `8e800`,
	} {
		f.Add([]byte(doc), "hunter22", "password")
		f.Add([]byte(doc), "p\"\\/\u2028é<&>", "root_password")
	}
	f.Add(append(bytes.Repeat([]byte("["), deepest), bytes.Repeat([]byte("]"), deepest)...), "hunter22", "password")
	f.Add([]byte(`"current"`), string(CurrentPassword), "password")
	f.Add([]byte("\"\xffaaaaa\""), "\ufffdaaaaa", "password")
	f.Fuzz(func(t *testing.T, doc []byte, secret, key string) {
		if !utf8.ValidString(secret) || len(secret) < minSecret || strings.Contains(Redacted, secret) || strings.Contains(secret, "[") || strings.Contains(secret, "]") || secret == string(CurrentPassword) {
			t.Skip("no secret that is looked for")
		}
		if strings.ContainsRune(secret, utf8.RuneError) {
			t.Skip("what reads the document back writes this sign for others")
		}
		if !secretKey(key) || !utf8.ValidString(key) {
			key = "password"
		}
		marshal := func(v any) string {
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			return string(b)
		}
		escaped := ""
		for _, unit := range utf16.Encode([]rune(key)) {
			escaped += fmt.Sprintf(`\u%04x`, unit)
		}
		name := []string{marshal(key), marshal(strings.ToUpper(key)), `"` + escaped + `"`, "\n" + marshal(key) + "\t"}[len(doc)%4]
		under := []string{marshal(secret), `[{"a":[` + marshal(secret) + `]}]`}[len(doc)/4%2]
		planted := []byte(`{"before":` + marshal("x"+secret+"y") + `,` + name + `:` + under + `,"zz":[` + marshal(marshal(secret)) + `,` + marshal(secret) + `]}`)
		body := planted
		if around := bytes.Join([][]byte{[]byte(`[`), doc, []byte(`,`), planted, []byte(`,`), doc, []byte(`]`)}, nil); json.Valid(doc) && json.Valid(around) { // not too deep
			body = around
		}
		var s secrets
		out, found, _ := s.cleanJSON(body)
		if !json.Valid(out) {
			t.Fatalf("no JSON any more: %s", out)
		}
		if len(found) == 0 {
			t.Fatalf("nothing found in %s", body)
		}
		var v any
		numbers := json.NewDecoder(bytes.NewReader(out))
		numbers.UseNumber() // 8e800 is JSON, and no float64
		if err := numbers.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if where := holds(v, secret); where != "" {
			t.Fatalf("%q survives in %q\n in %s\nout %s", secret, where, body, out)
		}
		if text, _, _ := s.cleanJSON(doc); strings.Contains(string(text), secret) && !json.Valid(doc) {
			t.Fatalf("%q survives in %q", secret, text)
		}
	})
}

// FuzzCleanerValid: what the cleaner takes for JSON is what encoding/json does,
// and without a secret in it nothing but white space changes.
func FuzzCleanerValid(f *testing.F) {
	deep := func(n int) []byte {
		return append(bytes.Repeat([]byte("["), n), bytes.Repeat([]byte("]"), n)...)
	}
	for _, doc := range []string{
		``, ` `, `null`, `nul`, `nullx`, `true false`, `-`, `-0`, `01`, `1.`, `.5`, `1e`, `1E+5`, `1e-`, `+1`, `"a`, `"\x"`, `"\u12g4"`, `"\u00"`, `"\`, "\"\n\"", `{`, `{}`,
		`{"a"}`, `{"a":}`, `{"a":1,}`, `{,}`, `{"a":1 "b":2}`, `{a:1}`, `[`, `[]`, `[1,]`, `[,]`, `[1 2]`, `]`, `{]`, `[}`, `"\ud800"`, "\"\xff\"", "\ufeff1", "1\v", "\x00",
		`{"password":`, `{"password":tru}`, `{"password":-}`, `{"password":[1,{"a":"hunter22"}]}`, `{"password":"\u005bredacted]"}`,
	} {
		f.Add([]byte(doc))
	}
	f.Add(deep(deepest))
	f.Add(deep(deepest + 1))
	f.Fuzz(func(t *testing.T, doc []byte) {
		var s secrets
		out, found, valid := s.cleanJSON(doc)
		if want := json.Valid(doc); valid != want {
			t.Fatalf("valid: %v, encoding/json says %v: %q", valid, want, doc)
		}
		if !valid {
			return
		}
		if !json.Valid(out) {
			t.Fatalf("no JSON any more: %q", out)
		}
		var before, after bytes.Buffer
		if json.Compact(&before, doc) != nil || json.Compact(&after, out) != nil {
			t.Fatal("not to be compacted")
		}
		if len(found) == 0 && !bytes.Equal(before.Bytes(), after.Bytes()) && !marked(t, before.Bytes(), after.Bytes()) {
			t.Fatalf("%q became %q", doc, out)
		}
	})
}

// marked reports that two documents say the same, and that the mark of a secret is
// in them: it may come spelled in another way than ours.
func marked(t *testing.T, before, after []byte) bool {
	t.Helper()
	var values [2]any
	for i, text := range [][]byte{before, after} {
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		if err := decoder.Decode(&values[i]); err != nil {
			t.Fatal(err)
		}
	}
	return holds(values[0], Redacted) != "" && cmp.Equal(values[0], values[1])
}

// holds finds a string value that has the secret in it.
func holds(v any, secret string) string {
	switch v := v.(type) {
	case string:
		if strings.Contains(v, secret) {
			return v
		}
	case []any:
		for _, e := range v {
			if where := holds(e, secret); where != "" {
				return where
			}
		}
	case map[string]any:
		for _, e := range v {
			if where := holds(e, secret); where != "" {
				return where
			}
		}
	}
	return ""
}

package vpsapi

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestHideSecrets(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		found          []FoundSecret
	}{
		{"nothing secret comes out as it came, save the space", ` { "id" : 1, "label":"a\u0062 c" ,"l":[ 1 , 2.50,true,null, {} ,[]]} `,
			`{"id":1,"label":"a\u0062 c","l":[1,2.50,true,null,{},[]]}`, nil},
		{"password", `{"password":"a8hjsjnbs91"}`, `{"password":"[redacted]"}`, []FoundSecret{{"password", "a8hjsjnbs91"}}},
		{"deep in lists and objects", `[{"virtual_machine":{"x":[{"root_password":"s"}]}}]`,
			`[{"virtual_machine":{"x":[{"root_password":"[redacted]"}]}}]`, []FoundSecret{{"root_password", "s"}}},
		{"any case", `{"PassWord":"one","API_KEY":"two","Token":"three","SECRET":"four"}`,
			`{"PassWord":"[redacted]","API_KEY":"[redacted]","Token":"[redacted]","SECRET":"[redacted]"}`,
			[]FoundSecret{{"PassWord", "one"}, {"API_KEY", "two"}, {"Token", "three"}, {"SECRET", "four"}}},
		{"a letter whose small form is another's", "{\"to\u212aen\":\"one\",\"api_\\u212aey\":\"two\"}", "{\"to\u212aen\":\"[redacted]\",\"api_\\u212aey\":\"[redacted]\"}",
			[]FoundSecret{{"to\u212aen", "one"}, {"api_\u212aey", "two"}}},
		{"an escaped key", `{"p\u0061ssword":"one"}`, `{"p\u0061ssword":"[redacted]"}`, []FoundSecret{{"password", "one"}}},
		{"an escaped value", `{"password":"a\"b\\c\u00e9"}`, `{"password":"[redacted]"}`, []FoundSecret{{"password", `a"b\cé`}}},
		{"a number", `{"password":-12.5e3,"id":7}`, `{"password":"[redacted]","id":7}`, []FoundSecret{{"password", "-12.5e3"}}},
		{"a list", `{"password":["one", 2, ["three"]]}`, `{"password":["[redacted]","[redacted]",["[redacted]"]]}`,
			[]FoundSecret{{"password", "one"}, {"password", "2"}, {"password", "three"}}},
		{"an object", `{"token":{"id":5,"inner":{"label":"x"}},"id":5}`,
			`{"token":{"id":"[redacted]","inner":{"label":"[redacted]"}},"id":5}`, []FoundSecret{{"token", "5"}, {"token", "x"}}},
		{"no value", `{"password":null,"token":"","secret":true}`, `{"password":null,"token":"","secret":true}`, nil},
		{"taken out before", `{"password":"[redacted]"}`, `{"password":"[redacted]"}`, nil},
		{"a text that equals one stays", `["hunter22",{"password":"hunter22"},"hunter22"]`, `["hunter22",{"password":"[redacted]"},"hunter22"]`,
			[]FoundSecret{{"password", "hunter22"}}},
		{"keys that only look secret", `{"passwords_count":1,"textkey":"http","text_key":"service_http","monkey":"x","tokens":2}`,
			`{"passwords_count":1,"textkey":"http","text_key":"service_http","monkey":"x","tokens":2}`, nil},
		{"a bare string", `"hello"`, `"hello"`, nil},
		{"empty", ``, ``, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := HideSecrets([]byte(c.in)); string(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
			found, _ := findSecrets([]byte(c.in))
			if diff := cmp.Diff(c.found, found, cmp.Transformer("text", func(s Secret) string { return string(s) })); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// Text that is not JSON: a reply that broke off, a page, a form.
func TestHideInText(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"broken off after the value", `{"id":1,"password":"a8hjsjnbs91","lab`, `{"id":1,"password":"[redacted]","lab`},
		{"broken off within the value", `{"password":"a8hjs`, `{"password":"[redacted]"`},
		{"broken off within an escape", `{"password":"a8\"hjs\`, `{"password":"[redacted]"`},
		{"broken off in the space before it", `{"password" :  "a8hjs","root_password":  `, `{"password" :  "[redacted]","root_password":  `},
		{"an escaped key", `{"p\u0061ssword":"a8hjs"`, `{"p\u0061ssword":"[redacted]"`},
		{"a number", `[{"password":123456},{"id":123`, `[{"password":"[redacted]"},{"id":123`},
		{"a text that equals one stays", `{"a":"hunter22","password":"hunter22",`, `{"a":"hunter22","password":"[redacted]",`},
		{"single quotes", `{'ssh_password': 'df345dd', 'id': 1}`, `{'ssh_password': "[redacted]", 'id': 1}`},
		{"a dump of parameters", `<pre>{"root_password"=>"F4334Y!", :ssh_password=>"df345dd"}</pre>`, `<pre>{"root_password"=>"[redacted]", :ssh_password=>"[redacted]"}</pre>`},
		{"a form", `body=x&root_password=F4334Y!&vm_id=520`, `body=x&root_password="[redacted]"&vm_id=520`},
		{"plain words", `password: is too short (minimum is 6)`, `password: is too short (minimum is 6)`},
		{"an apostrophe", `can't take "password": "df345dd"`, `can't take "password": "[redacted]"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := HideSecrets([]byte(c.in)); string(got) != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

// Texts that are replaced are a client's own credentials, and what one exchange knows.
func TestTextReplacer(t *testing.T) {
	for _, c := range []struct {
		name     string
		values   []string
		in, want string
	}{
		{"in the midst", []string{"hunter22"}, "say hunter22 twice: hunter22", "say [redacted] twice: [redacted]"},
		{"too short to look for", []string{"web"}, "web01", "web01"},
		{"a part of the mark", []string{"redacted", "hunter22"}, "hunter22", "[redacted]"},
		{"one that begins with another", []string{"hunter22", "hunter2233"}, "hunter2233 hunter22", "[redacted] [redacted]"},
		{"the word for the present one", []string{string(CurrentPassword)}, "the current load", "the current load"},
		{"none", nil, "hunter22", "hunter22"},
	} {
		if got := newTextReplacer(c.values...).replace(c.in); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
	if got := (textReplacer{}).replace("hunter22"); got != "hunter22" {
		t.Errorf("the zero value: %s", got)
	}
}

// A field whose name is a secret's is of the kind, in every input and reply.
func TestSecretFieldsAreSecrets(t *testing.T) {
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type) int
	walk = func(typ reflect.Type) int {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice || typ.Kind() == reflect.Map {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return 0
		}
		seen[typ] = true
		n := 0
		for _, f := range fieldsOf(typ) {
			ft := typ.FieldByIndex(f.index).Type
			if secretKey(f.name) != (ft == reflect.TypeFor[Secret]()) {
				t.Errorf("%s.%s is a %s", typ, f.name, ft)
			} else if secretKey(f.name) {
				n++
			}
			n += walk(ft)
		}
		return n
	}
	n := 0
	for _, group := range All() {
		for _, op := range group.Operations {
			n += walk(op.Info().In) + walk(op.Info().Out)
		}
	}
	if n < 5 {
		t.Errorf("only %d secret fields were found", n)
	}
}

// A key without a secret costs nothing: lists have a hundred thousand.
func TestKeysCostNothing(t *testing.T) {
	name := []byte(`"total_disk_size"`)
	if n := testing.AllocsPerRun(100, func() { secretKeyOf(name) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// What a secret prints as, by every way that logs and results take.
func TestSecretIsNotPrinted(t *testing.T) {
	holder := struct {
		Password Secret `json:"password"`
		Empty    Secret `json:"empty"`
		Raw      Raw    `json:"raw"`
	}{Password: "hunter22", Raw: Raw(`{"label":"x","root_password":"hunter22"}`)}
	asJSON, err := json.Marshal(holder)
	if err != nil || string(asJSON) != `{"password":"[redacted]","empty":"","raw":{"label":"x","root_password":"[redacted]"}}` {
		t.Errorf("json.Marshal = %s, %v", asJSON, err)
	}
	for _, format := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(format, holder); strings.Contains(text, "hunter22") {
			t.Errorf("%s prints %s", format, text)
		}
	}
	wire, err := encodeWire(holder)
	if err != nil || string(wire) != `{"password":"hunter22","empty":"","raw":{"label":"x","root_password":"hunter22"}}` {
		t.Errorf("encodeWire = %s, %v: the service needs the value itself", wire, err)
	}
}

// maxJSONDepth is how deep encoding/json goes.
const maxJSONDepth = 10000

// FuzzHideSecrets plants a secret under a key in any document: it does not
// survive, and what was JSON stays JSON.
func FuzzHideSecrets(f *testing.F) {
	for _, doc := range []string{
		`{"virtual_machine":{"label":"x","password":"a8hjsjnbs91"}}`, `[1,"two",{"three":[null,true]}]`, `"\u0070"`, `{"password":{"a":[1]}}`,
		`{`, ``, `<html><b>"`, `{"a":"b","password":"`, "\xff", `{"\ud800":1e5}`, `8e800`,
	} {
		f.Add([]byte(doc), "hunter22", "password")
		f.Add([]byte(doc), "p\"\\/\u2028é<&>", "root_password")
	}
	f.Add(append(bytes.Repeat([]byte("["), maxJSONDepth), bytes.Repeat([]byte("]"), maxJSONDepth)...), "hunter22", "password")
	f.Fuzz(func(t *testing.T, doc []byte, secret, key string) {
		if !utf8.ValidString(secret) || secret == "" || secret == Redacted || strings.ContainsRune(secret, utf8.RuneError) {
			t.Skip("no secret, or one that reads back as another")
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
		const mark = "planted:" // what stands elsewhere may equal the secret
		secret = mark + secret
		name := []string{marshal(key), marshal(strings.ToUpper(key)), `"` + escaped + `"`, "\n" + marshal(key) + "\t"}[len(doc)%4]
		under := []string{marshal(secret), `[{"a":[` + marshal(secret) + `]}]`}[len(doc)/4%2]
		planted := []byte(`{"before":1,` + name + `:` + under + `,"zz":[` + marshal("x") + `]}`)
		body := planted
		if around := bytes.Join([][]byte{[]byte(`[`), doc, []byte(`,`), planted, []byte(`,`), doc, []byte(`]`)}, nil); json.Valid(doc) && json.Valid(around) { // not too deep
			body = around
		}
		if bytes.Contains(doc, []byte(mark)) {
			t.Skip("the document has the mark itself")
		}
		out := HideSecrets(body)
		if !json.Valid(out) {
			t.Fatalf("no JSON any more: %s", out)
		}
		found, valid := findSecrets(body)
		if !valid || len(found) == 0 {
			t.Fatalf("%v, nothing found in %s", valid, body)
		}
		var v any
		numbers := json.NewDecoder(bytes.NewReader(out))
		numbers.UseNumber() // 8e800 is JSON, and no float64
		if err := numbers.Decode(&v); err != nil {
			t.Fatal(err)
		}
		if where := holds(v, mark); where != "" {
			t.Fatalf("%q survives in %q\n in %s\nout %s", secret, where, body, out)
		}
	})
}

// FuzzSecretScan: what the scan takes for JSON is what encoding/json does, and
// without a secret in it nothing but white space changes.
func FuzzSecretScan(f *testing.F) {
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
	f.Add(deep(maxJSONDepth))
	f.Add(deep(maxJSONDepth + 1))
	f.Fuzz(func(t *testing.T, doc []byte) {
		out := HideSecrets(doc)
		found, valid := findSecrets(doc)
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

package schemas

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func TestInput(t *testing.T) {
	type choice struct {
		ID     vpsapi.LicenseID `json:"license_id"`
		Action string           `json:"action" jsonschema:"enum=buy,enum=cancel"`
	}
	type arguments struct {
		ServerID vpsapi.ServerID   `json:"server_id"`
		Basic    *vpsapi.Flag      `json:"basic,omitempty" jsonschema_description:"Leave out running, bandwidth"`
		TTL      *vpsapi.Int       `json:"ttl,omitempty" jsonschema:"enum=900,enum=3600"`
		Data     vpsapi.RecordData `json:"data"`
		Choices  []choice          `json:"choices,omitempty"`
		Password vpsapi.Secret     `json:"root_password,omitempty"`
		Hidden   string            `json:"hidden,omitempty" jsonschema:"-"`
	}
	type more struct {
		Confirm string `json:"confirm,omitempty"`
	}
	got, err := Input(reflect.TypeFor[arguments](), reflect.TypeFor[more]())
	if err != nil {
		t.Fatal(err)
	}
	want := `{"properties":{` +
		`"server_id":{"type":"string"},` +
		`"basic":{"type":"boolean","description":"Leave out running, bandwidth"},` +
		`"ttl":{"type":"integer","enum":[900,3600]},` +
		`"data":{"items":{"type":"string"},"type":"array"},` +
		`"choices":{"items":{"properties":{"license_id":{"type":"string"},"action":{"type":"string","enum":["buy","cancel"]}},` +
		`"additionalProperties":false,"type":"object","required":["license_id","action"]},"type":"array"},` +
		`"root_password":{"type":"string"},"confirm":{"type":"string"}},` +
		`"additionalProperties":false,"type":"object","required":["server_id","data"]}`
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Error(diff)
	}
}

func TestInputWithoutArguments(t *testing.T) {
	got, err := Input(reflect.TypeFor[struct{}]())
	if want := `{"properties":{},"additionalProperties":false,"type":"object"}`; err != nil || string(got) != want {
		t.Errorf("got %s, %v; want %s", got, err, want)
	}
}

func TestInputRefusesWhatIsNotPortable(t *testing.T) {
	type untyped struct {
		X any `json:"x"`
	}
	got, err := Input(reflect.TypeFor[untyped]())
	if err != nil || CheckPortable(got) == nil {
		t.Errorf("Input gives %s, %v, which is not to be portable", got, err)
	}
	if got, err := Input(reflect.TypeFor[string]()); err == nil {
		t.Errorf("Input(string) = %s, want an error", got)
	}
}

func TestPortable(t *testing.T) {
	for schema, want := range map[string]string{
		`{"type":"object","properties":{}}`: "",
		`{"properties":{}}`:                 "root has type",
		`{"type":"object"}`:                 "no properties",
		`[]`:                                "not an object",
		`{"type":"object","properties":{"a":true}}`:                                 "a: true is not a schema",
		`{"type":"object","properties":{"a":{}}}`:                                   "a: type is <nil>",
		`{"type":"object","properties":{"a":{"type":["string","null"]}}}`:           "not one word",
		`{"type":"object","properties":{"a":{"type":"array"}}}`:                     "array without items",
		`{"type":"object","properties":{"a":{"type":"string"}},"required":null}`:    "required is <nil>",
		`{"type":"object","properties":{"a":{"type":"string","anyOf":[]}}}`:         "anyOf is not portable",
		`{"type":"object","properties":{"a":{"type":"array","items":{"$ref":""}}}}`: "$ref is not portable",
	} {
		err := CheckPortable(json.RawMessage(schema))
		if (err == nil) != (want == "") || (err != nil && !strings.Contains(err.Error(), want)) {
			t.Errorf("Portable(%s) = %v, want %q", schema, err, want)
		}
	}
}

package schemas

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const argumentsSchema = `{"type":"object","additionalProperties":false,"required":["server_id"],"properties":{
	"server_id":{"type":"string","minLength":1,"maxLength":19},
	"count":{"type":"integer","minimum":1,"maximum":5},
	"ratio":{"type":"number"},
	"on":{"type":"boolean"},
	"ttl":{"type":"integer","enum":[900,3600]},
	"mode":{"type":"string","enum":["recovery"]},
	"label":{"type":"string"},
	"password":{"type":"string"},
	"size":{"type":"integer"},
	"licenses":{"type":"array","items":{"type":"object","additionalProperties":false,"properties":{"license_id":{"type":"string"}}}},
	"data":{"type":"array","items":{"type":"string"},"maxItems":3},
	"rule":{"type":"object","additionalProperties":false,"properties":{"enabled":{"type":"boolean"}},"required":["enabled"]}}}`

func TestArgumentsAreCoerced(t *testing.T) {
	a := NewArguments(json.RawMessage(argumentsSchema), Marks{IDs: []string{"server_id", "license_id"}, Exact: []string{"password"}})
	for in, want := range map[string]string{
		`{"server_id":"1384"}`:                                `{"server_id":"1384"}`,
		`{"server_id":1384}`:                                  `{"server_id":"1384"}`,
		`{"server_id":1384.0}`:                                `{"server_id":"1384"}`,
		`{"server_id":1384e0}`:                                `{"server_id":"1384"}`,
		`{"server_id":"1384.0"}`:                              `{"server_id":"1384.0"}`,
		`{"server_id":9999999999999999999}`:                   `{"server_id":"9999999999999999999"}`,
		`{"licenses":{"license_id":7.0},"server_id":1}`:       `{"licenses":[{"license_id":"7"}],"server_id":"1"}`,
		`{"label":1.0,"server_id":1}`:                         `{"label":"1.0","server_id":"1"}`,
		`{"label":2.10,"server_id":1}`:                        `{"label":"2.10","server_id":"1"}`,
		`{"label":1e1,"server_id":1}`:                         `{"label":"1e1","server_id":"1"}`,
		`{"data":[1.0,2.10],"server_id":1}`:                   `{"data":["1.0","2.10"],"server_id":"1"}`,
		`{"data":"[1]]","server_id":1}`:                       `{"data":["[1]]"],"server_id":"1"}`,
		`{"data":"[1]}","server_id":1}`:                       `{"data":["[1]}"],"server_id":"1"}`,
		`{"data":"[1] ","server_id":1}`:                       `{"data":["1"],"server_id":"1"}`,
		`{"server_id":"1","size":1e1}`:                        `{"server_id":"1","size":10}`,
		`{"server_id":"1","size":"1.5E1"}`:                    `{"server_id":"1","size":15}`,
		`{"server_id":"1","size":-9.223372036854775808e18}`:   `{"server_id":"1","size":-9223372036854775808}`,
		`{"server_id":9007199254740993}`:                      `{"server_id":"9007199254740993"}`,
		`"{\"server_id\":\"1\"}"`:                             `{"server_id":"1"}`,
		`{"server_id":"1","count":"3"}`:                       `{"count":3,"server_id":"1"}`,
		`{"server_id":"1","count":3.0,"ratio":"1.5"}`:         `{"count":3,"ratio":1.5,"server_id":"1"}`,
		`{"server_id":"1","on":"True"}`:                       `{"on":true,"server_id":"1"}`,
		`{"server_id":"1","on":0}`:                            `{"on":false,"server_id":"1"}`,
		`{"server_id":"1","on":null,"count":null}`:            `{"server_id":"1"}`,
		`{"server_id":"1","data":"192.0.2.1"}`:                `{"data":["192.0.2.1"],"server_id":"1"}`,
		`{"server_id":"1","data":"[\"a\",\"b\"]"}`:            `{"data":["a","b"],"server_id":"1"}`,
		`{"server_id":"1","data":[1,true]}`:                   `{"data":["1","true"],"server_id":"1"}`,
		`{"server_id":"1","rule":"{\"enabled\":\"false\"}"}`:  `{"rule":{"enabled":false},"server_id":"1"}`,
		`{"server_id":" 1384 \n","label":" a  b\t"}`:          `{"label":"a  b","server_id":"1384"}`,
		`{"server_id":"1","password":" a "}`:                  `{"password":" a ","server_id":"1"}`,
		`{"server_id":"1","mode":"Recovery "}`:                `{"mode":"recovery","server_id":"1"}`,
		`{"server_id":"1","on":"Yes"}`:                        `{"on":true,"server_id":"1"}`,
		`{"server_id":"1","on":"off"}`:                        `{"on":false,"server_id":"1"}`,
		`{"server_id":"1","licenses":[[]],"data":[]}`:         `{"data":[],"licenses":[{}],"server_id":"1"}`,
		`{"server_id":"1","rule":{"enabled":1},"ttl":"3600"}`: `{"rule":{"enabled":true},"server_id":"1","ttl":3600}`,
	} {
		got, faults := a.Read(json.RawMessage(in))
		if faults != nil || string(got) != want {
			t.Errorf("Read(%s) = %s, %v; want %s", in, got, faults, want)
		}
	}
}

func TestArgumentsAreRefused(t *testing.T) {
	a := NewArguments(json.RawMessage(argumentsSchema), Marks{IDs: []string{"server_id", "license_id"}, Exact: []string{"password"}})
	for in, want := range map[string][]Fault{
		``:                     {{"server_id", "missing"}},
		`[]`:                   {{"server_id", "missing"}},
		`[1]`:                  {{"", "the arguments are a list; an object is needed"}},
		`{"server_id":" "}`:    {{"server_id", "must have at least 1 characters"}},
		`{"server_id":"1"`:     {{"", "the arguments are incomplete JSON: they end too early"}},
		`{"server_id":"1"} {}`: {{"", "the arguments are more than one JSON value"}},
		`{"server_id":{}}`:     {{"server_id", "must be text, not an object"}},
		`{"server_id":""}`:     {{"server_id", "must have at least 1 characters"}},
		`{"server_id":"1","count":9,"mode":"x","wrong":1}`: {
			{"count", "must be at most 5"},
			{"mode", "must be one of recovery"},
			{"wrong", "unknown argument; known are count, data, label, licenses, mode, on, password, ratio, rule, server_id, size, ttl"},
		},
		`{"server_id":"1","count":"many","on":"perhaps"}`: {
			{"count", "must be a whole number, not text"},
			{"on", "must be true or false, not text"},
		},
		`{"server_id":"1","count":2.5}`:                             {{"count", "must be a whole number, not a number"}},
		`{"server_id":"1","count":1e999999}`:                        {{"", "the arguments hold a number that is too large or too small"}},
		`{"server_id":"1","count":1e-999999}`:                       {{"", "the arguments hold a number that is too large or too small"}},
		`{"server_id":"1","count":"1e-999999"}`:                     {{"count", "must be a whole number, not text"}},
		`{"server_id":"1","count":1e-1}`:                            {{"count", "must be a whole number, not a number"}},
		`{"server_id":"1","size":99999999999999999999999}`:          {{"size", "must be at most 9223372036854775807"}},
		`{"server_id":"1","size":"99999999999999999999999"}`:        {{"size", "must be at most 9223372036854775807"}},
		`{"server_id":"1","size":-1e19}`:                            {{"size", "must be at least -9223372036854775808"}},
		`{"server_id":"1","rule":"{\"enabled\":true}}"}`:            {{"rule", "must be an object, not text"}},
		`{"server_id":"1","data":["a","b","c","d"]}`:                {{"data", "must have at most 3 entries, not 4"}},
		`{"server_id":"1","rule":{"on":1}}`:                         {{"rule.enabled", "missing"}, {"rule.on", "unknown argument; known are enabled"}},
		`{"server_id":"1","ttl":60}`:                                {{"ttl", "must be one of 900, 3600"}},
		`{"server_id":"1","server_id":"2"}`:                         {{"", `argument "server_id" is given twice`}},
		`{"server_id":"1","confirm":"yes"}`:                         {{"confirm", "unknown argument: this function asks for no confirmation"}},
		"{\"server_id\":\"\xff\"}":                                  {{"", "the arguments are not valid UTF-8"}},
		strings.Repeat(`{"a":`, 40) + "1" + strings.Repeat("}", 40): {{"", "the arguments are nested more than 32 deep"}},
		`{"server_id":"` + strings.Repeat("1", MaxBytes) + `"}`:     {{"", "the arguments have 2097168 bytes; at most 2097152 are allowed"}},
	} {
		_, got := a.Read(json.RawMessage(in))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("Read(%.60s): %s", in, diff)
		}
	}
}

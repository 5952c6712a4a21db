package vpsapi

import (
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// badIDs are what must never become a segment of a path.
var badIDs = []string{
	"", " ", "..", ".", "../", "/", "//", "../../profile", "1/..", "1/2", "%2e", "%2e%2e", "%2f", "1%2f2", "1?x=1", "1#x", "1;x", "1&x", "1.api10json",
	"-1", "+1", "1.0", "1e3", "0x10", "1,384", "1 384", " 1", "1 ", "1\n", "1\r\nHost: evil", "\x00", "1\x00", "\u200b1", "1\u202e",
	"١٢٣", "１２", "②", "½", "null", "true", "{server_id}", "[1]", `"1"`, "12345678901234567890", strings.Repeat("1", 4096), strings.Repeat("../", 1000), "\xff", "1\\2",
}

// Every id of every route, of every function: nothing but an id fills it.
func TestOnlyIDsReachAPath(t *testing.T) {
	for _, op := range everyOp() {
		info := op.Info()
		for _, f := range fieldsOf(info.In) {
			kind := info.In.FieldByIndex(f.index).Type
			if !kind.Implements(identifierType) || !strings.Contains(string(info.Route), "{"+f.name+"}") {
				continue
			}
			for _, bad := range badIDs {
				if kind == reflect.TypeFor[DomainRef]() && validHostName(bad) == nil {
					continue // a domain's name is split at its first dot
				}
				in := withIDs(info)
				in.FieldByIndex(f.index).SetString(bad)
				request, err := op.Encode(in.Interface())
				var input *InputError
				if !errors.As(err, &input) || request.Path != "" {
					t.Errorf("%s with %s = %q: path %q, %v", info.Name, f.name, bad, request.Path, err)
				}
			}
		}
	}
}

// withIDs is an input whose every id is 1.
func withIDs(info Info) reflect.Value {
	in := reflect.New(info.In).Elem()
	for _, f := range fieldsOf(info.In) {
		if v := in.FieldByIndex(f.index); v.Type().Implements(identifierType) {
			v.SetString("1")
			if v.Type() == platformIDType {
				v.SetString("117-1")
			}
		}
	}
	return in
}

// Inputs of this test's own, for each thing that the one rule does.
type (
	innerIn struct {
		ID    ServerID `json:"id"`
		Count *Int     `json:"count,omitempty" wire:"string"`
	}
	embeddedIn struct {
		ServerID ServerID `json:"server_id"`
	}
	everyIn struct {
		embeddedIn
		Text     string         `json:"text"`
		Empty    string         `json:"empty,omitempty"`
		CloudID  CloudID        `json:"cloud_id"`
		IPID     IPID           `json:"ip_id" wire:"string"`
		Other    *BackupID      `json:"other,omitempty"`
		Flag     *Flag          `json:"flag,omitempty"`
		Digit    Flag           `json:"digit" wire:"digit"`
		Number   Text           `json:"number" wire:"number"`
		NoNumber Text           `json:"no_number" wire:"number"`
		Amount   Money          `json:"amount" wire:"number"`
		Null     *Int           `json:"null" wire:"null"`
		Absent   *Int           `json:"absent"`
		List     []Int          `json:"list" wire:"string"`
		Inner    []innerIn      `json:"inner,omitempty"`
		Prices   map[Text]Money `json:"prices,omitempty" wire:"number"`
		Password Secret         `json:"password"`
		Raw      Raw            `json:"raw,omitempty"`
		Ignored  string         `json:"-"`
		hidden   string
	}
)

func TestBodyOnTheWire(t *testing.T) {
	op := Op[everyIn, Raw]{Name: "every", Route: "POST /servers/{server_id}/x", Envelope: "env", Fixed: Object{{"one_click", true}, {"accept", "1"}}, Reply: rawShape()}
	five, yes := Int(5), Flag(true)
	in := everyIn{
		embeddedIn: embeddedIn{"1384"}, Text: "é \"<&\n", CloudID: "3", IPID: "7", Flag: &yes, Digit: true, Number: "1.50", NoNumber: "1.5.0", Amount: "15.00",
		List: []Int{1, 2}, Inner: []innerIn{{ID: "8", Count: &five}, {ID: "x"}}, Prices: map[Text]Money{"USD": "10.0", "GBP": "7.5"},
		Password: `hun"ter`, Raw: Raw(`{"a": [1]}`), Ignored: "x", hidden: "x",
	}
	request, err := op.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"env":{"text":"é \"\u003c\u0026\n","cloud_id":3,"ip_id":"7","flag":true,"digit":1,"number":1.50,"no_number":"1.5.0","amount":15.00,` +
		`"null":null,"list":["1","2"],"inner":[{"id":8,"count":"5"},{"id":"x"}],"prices":{"GBP":7.5,"USD":10.0},` +
		`"password":"hun\"ter","raw":{"a": [1]},"one_click":true,"accept":"1"}}`
	if diff := cmp.Diff(want, string(request.Body)); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
	if request.URL() != "/servers/1384/x.api10json" || request.Method != "POST" || request.Route != op.Route || request.Op != "every" {
		t.Errorf("request = %+v", request)
	}
	if got, _ := json.Marshal(in); strings.Contains(string(got), "hun") {
		t.Errorf("json.Marshal = %s", got)
	}
}

// An optional id may be absent, but what is given is an id.
func TestOptionalIDs(t *testing.T) {
	type in struct {
		ConsumerID ConsumerID `json:"consumer_id,omitempty"`
		BackupID   *BackupID  `json:"backup_id,omitempty"`
	}
	op := Op[in, Raw]{Name: "x", Route: "PUT /x", Reply: rawShape()}
	id := func(s string) *BackupID { b := BackupID(s); return &b }
	for _, c := range []struct {
		in   in
		want string // the body, or the field at fault
	}{
		{in{}, ``},
		{in{"0", id("7")}, `{"consumer_id":0,"backup_id":7}`},
		{in{"../1", nil}, "consumer_id: not an id"},
		{in{"", id("x")}, "backup_id: not an id"},
		{in{"", id("")}, "backup_id: missing"},
	} {
		r, err := op.Encode(c.in)
		if err != nil && !strings.Contains(err.Error(), c.want) || err == nil && string(r.Body) != c.want {
			t.Errorf("%+v: %s, %v; want %s", c.in, r.Body, err, c.want)
		}
	}
}

type routedIn struct {
	ID   ServerID `json:"id" body:"server_id"`
	Kind string   `json:"kind"`
	More string   `json:"more,omitempty"`
}

// The parts of the rule that depend on the route.
func TestRequestsByRoute(t *testing.T) {
	by := RouteBy{"kind", map[string]Route{"ram": "DELETE /ram_nodes/{id}"}}
	for _, c := range []struct {
		name string
		op   Op[routedIn, Raw]
		in   routedIn
		want string
	}{
		{"a read takes the query", Op[routedIn, Raw]{Route: "GET /x/{id}"}, routedIn{"5", "a b&c", ""}, "GET /x/5.api10json?kind=a+b%26c "},
		{"a read has no body", Op[routedIn, Raw]{Route: "GET /x/{id}", Fixed: Object{{"a", 1}}, Envelope: "e"}, routedIn{"5", "k", "m"}, "GET /x/5.api10json?kind=k&more=m "},
		{"a delete has a body", Op[routedIn, Raw]{Route: "DELETE /x/{id}"}, routedIn{"5", "k", ""}, `DELETE /x/5.api10json {"server_id":5,"kind":"k"}`},
		{"no id in the route", Op[routedIn, Raw]{Route: "PUT /x", Envelope: "e"}, routedIn{"5", "k", ""}, `PUT /x.api10json {"e":{"id":5,"kind":"k"}}`},
		{"by kind", Op[routedIn, Raw]{Route: "DELETE /nodes/{id}", RouteBy: by}, routedIn{"5", "ram", ""}, `DELETE /ram_nodes/5.api10json {"server_id":5}`},
		{"by the empty kind", Op[routedIn, Raw]{Route: "DELETE /nodes/{id}", RouteBy: by}, routedIn{"5", "", ""}, `DELETE /nodes/5.api10json {"server_id":5}`},
	} {
		c.op.Reply = rawShape()
		r, err := c.op.Encode(c.in)
		if got := r.Method + " " + r.URL() + " " + string(r.Body); err != nil || got != c.want {
			t.Errorf("%s: %s, %v; want %s", c.name, got, err, c.want)
		}
	}
}

type ownIn struct {
	ID   ServerID `json:"id"`
	Name string   `json:"name"`
}

func (in ownIn) Check() []Fault {
	if in.Name == "bad" {
		return []Fault{{"name", "not bad"}, {"", "and more"}}
	}
	return nil
}

func (in ownIn) Body(o *Object) {
	o.Set("name", strings.ToUpper(in.Name))
	o.Set("extra", []int{1})
}

func (in ownIn) Path(values map[string]string, query url.Values) {
	values["place"] = in.Name
	query.Set("q", "1")
}

func TestInputsWithRulesOfTheirOwn(t *testing.T) {
	op := Op[ownIn, Raw]{Name: "own", Route: "PUT /x/{id}/{place}", Reply: rawShape()}
	r, err := op.Encode(ownIn{"5", "a/b c"})
	if got, want := r.URL()+" "+string(r.Body), `/x/5/a%2Fb%20c.api10json?q=1 {"name":"A/B C","extra":[1]}`; err != nil || got != want {
		t.Errorf("%s, %v; want %s", got, err, want)
	}
	for name, want := range map[string]string{
		"bad": "own: id: missing: give an id, a whole number such as 1384; name: not bad; and more; nothing was sent",
		"":    "own: id: missing: give an id, a whole number such as 1384; nothing was sent",
	} {
		if _, err := op.Encode(ownIn{"", name}); err == nil || err.Error() != want {
			t.Errorf("name %q: %v, want %s", name, err, want)
		}
	}
	for _, place := range []string{"", ".", ".."} { // of free text in a path these alone are more than text
		var input *InputError
		if _, err := op.Encode(ownIn{"5", place}); !errors.As(err, &input) {
			t.Errorf("place %q: %v", place, err)
		}
	}
}

// DecodeRequest is Encode backwards: the sandbox reads what the client wrote.
func TestRequestsAreReadBack(t *testing.T) {
	op := Op[everyIn, Raw]{Name: "every", Route: "POST /servers/{server_id}/x", Envelope: "env", Fixed: Object{{"one_click", true}}, Reply: rawShape()}
	five, no := Int(5), Flag(false)
	in := everyIn{
		embeddedIn: embeddedIn{"1384"}, Text: "é \"<&\n", CloudID: "3", IPID: "7", Flag: &no, Digit: true, Number: "1.50", Amount: "15.00",
		List: []Int{1, 2}, Inner: []innerIn{{ID: "8", Count: &five}}, Prices: map[Text]Money{"USD": "10.0"}, Password: "hunter22", Raw: Raw(`{"a":[1]}`),
	}
	request, err := op.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	got, missing, err := op.DecodeRequest(map[string]string{"server_id": "1384"}, request.Body)
	if err != nil || len(missing) != 1 || missing[0] != "absent" {
		t.Errorf("missing %q, %v", missing, err)
	}
	show := cmp.Options{cmp.AllowUnexported(everyIn{}, embeddedIn{}), cmp.Transformer("value", func(s Secret) string { return string(s) })}
	if diff := cmp.Diff(in, got, show); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for body, want := range map[string]string{`[1]`: "not a JSON object", `{"env":5}`: "env is not a JSON object", `{"env":{"cloud_id":{}}}`: "got an object"} {
		if _, _, err := op.DecodeRequest(nil, []byte(body)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", body, err, want)
		}
	}
}

// Encode reads its input and changes nothing: the same input, the same request.
func TestEncodeIsPure(t *testing.T) {
	for _, op := range Operations() {
		in := withIDs(op.Info()).Interface()
		first, firstErr := op.Encode(in)
		second, secondErr := op.Encode(in)
		if diff := cmp.Diff(first, second); diff != "" || (firstErr == nil) != (secondErr == nil) {
			t.Errorf("%s: %v, %v (-first +second):\n%s", op.Info().Name, firstErr, secondErr, diff)
		}
	}
}

var serverPath = regexp.MustCompile(`^/virtual_machines/[0-9]{1,19}$`)

// FuzzEncodeGetServer: whatever stands in place of an id, either the request is
// for one server, or there is none.
func FuzzEncodeGetServer(f *testing.F) {
	for _, id := range append(badIDs, "1384", "0") {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, id string) {
		request, err := GetServer.Encode(GetServerIn{ServerID: ServerID(id)})
		var input *InputError
		switch {
		case err == nil && (!serverPath.MatchString(request.Path) || request.URL() != request.Path+".api10json" || request.Body != nil):
			t.Errorf("%q makes %+v", id, request)
		case err != nil && (!errors.As(err, &input) || request.Path != ""):
			t.Errorf("%q: %v with the request %+v", id, err, request)
		}
	})
}

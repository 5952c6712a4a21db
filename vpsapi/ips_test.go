package vpsapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

func TestIPInputs(t *testing.T) {
	note, none := vpsapi.Text("db"), vpsapi.Text("")
	justified := func(js ...vpsapi.Justification) vpsapi.RequestJustifiedIPsIn {
		return vpsapi.RequestJustifiedIPsIn{VirtualMachineID: "99", Justification: js}
	}
	checkRefusals(t, []refusal{
		{vpsapi.AddIPs, vpsapi.AddIPsIn{Quantity: 1, Type: "internal", VirtualMachineID: "99"}, ""},
		{vpsapi.AddIPs, vpsapi.AddIPsIn{Type: "public"}, "virtual_machine_id quantity type"},
		{vpsapi.EditIP, vpsapi.EditIPIn{IPID: "7"}, "notes"},
		{vpsapi.EditIP, vpsapi.EditIPIn{IPID: "7", Notes: &note}, ""},
		{vpsapi.EditIP, vpsapi.EditIPIn{IPID: "7", Notes: &none}, ""},
		{vpsapi.EditIP, vpsapi.EditIPIn{IPID: "7", ConsumerID: "0"}, ""},
		{vpsapi.EditIP, vpsapi.EditIPIn{IPID: "7", ConsumerID: "me"}, "consumer_id"},
		{vpsapi.RequestJustifiedIPs, justified(), "ip_justification"},
		{vpsapi.RequestJustifiedIPs, justified(vpsapi.Justification{Type: "3", Reason: "test.com"}), ""},
		{
			vpsapi.RequestJustifiedIPs, justified(vpsapi.Justification{Type: "0", Reason: "x"}, vpsapi.Justification{Type: "ssl", Reason: " "}),
			"ip_justification[1].justification_type ip_justification[1].justification_reason",
		},
		{vpsapi.CheckIPExists, vpsapi.CheckIPExistsIn{Address: "68.169.23.153"}, ""},
		{vpsapi.CheckIPExists, vpsapi.CheckIPExistsIn{Address: "2001:db8::1"}, ""},
		{vpsapi.CheckIPExists, vpsapi.CheckIPExistsIn{Address: "fe80::1%eth0"}, "ip_address"},
		{vpsapi.CheckIPExists, vpsapi.CheckIPExistsIn{Address: "68.169.23.0/24"}, "ip_address"},
		{vpsapi.CheckIPExists, vpsapi.CheckIPExistsIn{Address: "example.com"}, "ip_address"},
	})
}

// A note is taken away by an empty one, which must go out.
func TestEmptyNoteIsSent(t *testing.T) {
	none := vpsapi.Text("")
	if r, err := vpsapi.EditIP.Encode(vpsapi.EditIPIn{IPID: "7", Notes: &none}); err != nil || string(r.Body) != `{"ip_address":{"notes":""}}` {
		t.Errorf("body %s, %v", r.Body, err)
	}
}

// Keys sort as text, addresses count: the eleventh comes after the second.
func TestJustificationsKeepTheirOrder(t *testing.T) {
	in := vpsapi.RequestJustifiedIPsIn{VirtualMachineID: "99"}
	for i := range 12 {
		in.Justification = append(in.Justification, vpsapi.Justification{Type: "2", Reason: fmt.Sprint("reason ", i)})
	}
	r, err := vpsapi.RequestJustifiedIPs.Encode(in)
	if err != nil {
		t.Fatal(err)
	}
	back, missing, err := vpsapi.RequestJustifiedIPs.DecodeRequest(nil, r.Body)
	if err != nil || len(missing) > 0 || fmt.Sprint(back) != fmt.Sprint(in) {
		t.Errorf("%s reads as %v, %v, %v", r.Body, back, missing, err)
	}
}

func TestJustificationsRefuseOtherKeys(t *testing.T) {
	const one = `{"justification_type":"0","justification_reason":"x"}`
	for body, words := range map[string]string{
		`{"ip_address2":` + one + `}`:                           "ip_address1 is missing",
		`{"ip_address1":` + one + `,"address":` + one + `}`:     `"address" is not`,
		`{"ip_address1":` + one + `,"ip_address3":` + one + `}`: "ip_address2 is missing",
		`"spare"`: "cannot unmarshal",
	} {
		var js vpsapi.Justifications
		if err := json.Unmarshal([]byte(body), &js); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s gives %v, %v; want %q", body, js, err, words)
		}
	}
}

// false refuses a change; to the question whether an address exists it is the answer.
func TestFalseAnswersAQuestion(t *testing.T) {
	client, err := vpsapi.NewClient(vpsapi.Config{Email: "dave@vps.net", APIKey: "abc123ABC456==", PerSecond: -1, Concurrent: -1, Transport: answer("false")})
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := vpsapi.CheckIPExists.Call(t.Context(), client, vpsapi.CheckIPExistsIn{Address: "192.0.2.1"}); err != nil || string(raw) != "false" {
		t.Errorf("check_ip_exists = %s, %v; want false", raw, err)
	}
	var refused *vpsapi.Error
	if _, err := vpsapi.ReassignIP.Call(t.Context(), client, vpsapi.ReassignIPIn{IPID: "7", VirtualMachineID: "99"}); !errors.As(err, &refused) || refused.Kind != vpsapi.Declined {
		t.Errorf("reassign_ip = %v, want a refusal", err)
	}
}

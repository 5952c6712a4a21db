package sandbox

import (
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// spare is the address that no server uses at the start.
func (l *lab) spare() vpsapi.IP {
	l.Helper()
	for _, ip := range must(l, vpsapi.ListIPs, vpsapi.ListIPsIn{}) {
		if ip.VirtualMachineID == nil && ip.CloudID != nil {
			return ip
		}
	}
	l.Fatal("no spare address")
	return vpsapi.IP{}
}

// addresses are a server's, the primary one first, as the service shows them.
func (l *lab) addresses(id vpsapi.ServerID) string {
	l.Helper()
	v := l.get(id)
	var all []string
	for _, ip := range v.IPAddresses {
		all = append(all, string(ip.IP.ID))
	}
	if v.PrimaryIPAddress == nil || len(all) == 0 || string(v.PrimaryIPAddress.IP.ID) != all[0] {
		l.Errorf("server %s: the primary address %+v is not the first of %v", id, v.PrimaryIPAddress, all)
	}
	for _, listed := range must(l, vpsapi.ListServers, vpsapi.ListServersIn{}) {
		if listed.ID == id && (listed.PrimaryIPAddress == nil || listed.PrimaryIPAddress.IP.ID != v.PrimaryIPAddress.IP.ID) {
			l.Errorf("server %s: the list shows another primary address: %+v", id, listed.PrimaryIPAddress)
		}
	}
	return strings.Join(all, " ")
}

func added(l *lab, in vpsapi.AddIPsIn) []vpsapi.IP {
	l.Helper()
	in.Quantity = max(1, in.Quantity)
	return must(l, vpsapi.AddIPs, in)
}

func TestAddressesAreUniqueAndNobodys(t *testing.T) {
	l := newLab(t)
	for range 900 {
		l.account.newIP("3", nil)
		l.account.newIP("", nil)
	}
	var neutral []netip.Prefix
	for _, p := range []string{"192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "10.0.0.0/8"} {
		neutral = append(neutral, netip.MustParsePrefix(p))
	}
	seen := map[vpsapi.Text]bool{documentAddress: false}
	for _, ip := range must(l, vpsapi.ListIPs, vpsapi.ListIPsIn{}) {
		if seen[ip.Address] {
			t.Fatalf("%s is there twice", ip.Address)
		}
		seen[ip.Address] = true
		addr, err := netip.ParseAddr(string(ip.Address))
		if err != nil {
			t.Fatal(err)
		}
		if addr.IsPrivate() != (ip.CloudID == nil) {
			t.Errorf("%s is of cloud %v", addr, ip.CloudID)
		}
		ok := ip.Address == documentAddress
		for _, p := range neutral {
			ok = ok || p.Contains(addr)
		}
		if !ok {
			t.Errorf("%s is somebody's", addr)
		}
	}
}

func TestAddressExists(t *testing.T) {
	l := newLab(t)
	for body, want := range map[string]string{
		`{"ip_address": "68.169.23.153"}`: `{"exists":true}`, // the document's
		`{"ip_address": "68.169.23.154"}`: `{"exists":false}`,
	} {
		if status, got := l.send("POST", "/ips/ip_address_exists.api10json", body); status != http.StatusOK || got != want {
			t.Errorf("%s: HTTP %d %s, want %s", body, status, got, want)
		}
	}
	for _, body := range []string{`{"ip_address": "web01"}`, `{"ip_address": "fe80::1%eth0"}`, `{}`, ``, `[]`} {
		if status, got := l.send("POST", "/ips/ip_address_exists.api10json", body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: HTTP %d %s, want 422", body, status, got)
		}
	}
	if n := len(l.Changes()); n > 0 {
		t.Errorf("a question is counted as %d changes", n)
	}
}

func TestAddedAddresses(t *testing.T) {
	l := newLab(t)
	primary := l.addresses("1384")
	external := added(l, vpsapi.AddIPsIn{Quantity: 2, Type: "external", VirtualMachineID: "1384"})
	internal := added(l, vpsapi.AddIPsIn{Type: "internal", VirtualMachineID: "1384", ConsumerID: "58"})[0]
	if len(external) != 2 || external[0].CloudID == nil || *external[0].CloudID != "3" || external[0].ConsumerID != "0" {
		t.Errorf("external: %+v", external)
	}
	if internal.CloudID != nil || internal.ConsumerID != "58" || internal.VirtualMachineID == nil || *internal.VirtualMachineID != "1384" {
		t.Errorf("internal: %+v", internal)
	}
	if got, want := l.addresses("1384"), fmt.Sprint(primary, " ", external[0].ID, " ", external[1].ID, " ", internal.ID); got != want {
		t.Errorf("addresses %s, want %s", got, want)
	}
	if got, want := fmt.Sprint(l.charged()), "[1.68 2 IP addresses, pro rata for 26 of 31 days]"; got != want {
		t.Errorf("charged %s, want %s", got, want)
	}
	if list := must(l, vpsapi.ListIPs, vpsapi.ListIPsIn{ConsumerID: "58"}); len(list) != 1 || list[0].ID != internal.ID {
		t.Errorf("addresses of consumer 58: %+v", list)
	}
}

func TestAddressesThatCannotBeAdded(t *testing.T) {
	l := newLab(t)
	for body, field := range map[string]string{
		`{"quantity": 0, "type": "external", "virtual_machine_id": 1384}`:        "quantity",
		`{"quantity": 99999999, "type": "external", "virtual_machine_id": 1384}`: "quantity",
		`{"quantity": 1, "type": "public", "virtual_machine_id": 1384}`:          "type",
		`{"quantity": 1, "type": "external", "virtual_machine_id": 99}`:          "virtual_machine_id",
		`{"quantity": 1, "type": "external"}`:                                    "virtual_machine_id",
	} {
		if status, answer := l.send("POST", "/ips.api10json", body); status != http.StatusUnprocessableEntity || !strings.Contains(answer, `["`+field+`"`) {
			t.Errorf("%s: HTTP %d %s, want 422 about %s", body, status, answer, field)
		}
	}
}

// The note is written as notes and read back as description.
func TestNoteOfAnAddress(t *testing.T) {
	l := newLab(t)
	ip := l.spare()
	for _, step := range []struct{ body, note, consumer string }{
		{`{"ip_address":{"notes": "description", "consumer_id": 58}}`, "description", "58"}, // the document's
		{`{"ip_address":{"notes": "web"}}`, "web", "58"},
		{`{"ip_address":{"consumer_id": 0}}`, "web", "0"},
		{`{"ip_address":{"notes": ""}}`, "", "0"},
	} {
		if status, answer := l.send("PUT", "/ips/"+string(ip.ID)+".api10json", step.body); status != http.StatusOK {
			t.Fatalf("%s: HTTP %d %s", step.body, status, answer)
		}
		if got := l.spare(); string(got.Description) != step.note || string(got.ConsumerID) != step.consumer {
			t.Errorf("after %s: note %q, consumer %s", step.body, got.Description, got.ConsumerID)
		}
	}
	if status, answer := l.send("PUT", "/ips/"+string(ip.ID)+".api10json", `{"ip_address":{}}`); status != http.StatusUnprocessableEntity {
		t.Errorf("an edit of nothing: HTTP %d %s", status, answer)
	}
	refused(l, vpsapi.EditIP, vpsapi.EditIPIn{IPID: "99", ConsumerID: "58"}, 404, "99")
}

func TestOnlyAddressOfAServerStays(t *testing.T) {
	l := newLab(t)
	primary := vpsapi.IPID(l.addresses("1384"))
	added(l, vpsapi.AddIPsIn{Type: "internal", VirtualMachineID: "1384"}) // nobody reaches the server by it
	refused(l, vpsapi.DeleteIP, vpsapi.DeleteIPIn{IPID: primary}, 422, "primary")
	refused(l, vpsapi.ReassignIP, vpsapi.ReassignIPIn{IPID: primary, VirtualMachineID: "1385"}, 422, "primary")
	must(l, vpsapi.ReassignIP, vpsapi.ReassignIPIn{IPID: primary, VirtualMachineID: "1384"}) // where it is

	further := added(l, vpsapi.AddIPsIn{Type: "external", VirtualMachineID: "1384"})[0]
	must(l, vpsapi.DeleteIP, vpsapi.DeleteIPIn{IPID: primary})
	refused(l, vpsapi.DeleteIP, vpsapi.DeleteIPIn{IPID: primary}, 404, string(primary))
	if got := l.addresses("1384"); !strings.HasPrefix(got, string(further.ID)+" ") {
		t.Errorf("addresses %s: %s should be the primary one now", got, further.ID)
	}
	refused(l, vpsapi.DeleteIP, vpsapi.DeleteIPIn{IPID: further.ID}, 422, "primary")
}

// An older address than the new server's own does not become its primary one.
func TestReassignedAddressIsAFurtherOne(t *testing.T) {
	l := newLab(t)
	web, db := l.addresses("1384"), l.addresses("1385")
	further := added(l, vpsapi.AddIPsIn{Type: "external", VirtualMachineID: "1384"})[0]
	path := "/ips/" + web + "/reassign.api10json"
	if status, answer := l.send("PUT", path, `{"virtual_machine_id":"1385"}`); status != http.StatusOK || !strings.Contains(answer, `"virtual_machine_id":1385`) {
		t.Fatalf("HTTP %d %s", status, answer)
	}
	if got := l.addresses("1385"); got != db+" "+web {
		t.Errorf("1385 has %s, want %s %s", got, db, web)
	}
	if got := l.addresses("1384"); got != string(further.ID) {
		t.Errorf("1384 has %s, want %s", got, further.ID)
	}
}

func TestAddressStaysOnItsCloudAndWithItsConsumer(t *testing.T) {
	l := newLab(t)
	elsewhere := must(l, vpsapi.CreateServer, documentCreate).ID // on cloud 1
	ip := l.spare().ID
	to := func(id vpsapi.ServerID) vpsapi.ReassignIPIn {
		return vpsapi.ReassignIPIn{IPID: ip, VirtualMachineID: id}
	}
	refused(l, vpsapi.ReassignIP, to(elsewhere), 422, "same cloud")
	refused(l, vpsapi.ReassignIP, to("12345"), 422, "virtual_machine_id")
	refused(l, vpsapi.ReassignIP, vpsapi.ReassignIPIn{IPID: "99", VirtualMachineID: "1384"}, 404, "99")
	must(l, vpsapi.EditIP, vpsapi.EditIPIn{IPID: ip, ConsumerID: "58"})
	refused(l, vpsapi.ReassignIP, to("1384"), 422, "same consumer")
	l.vm("1384").ConsumerID = "58"
	must(l, vpsapi.ReassignIP, to("1384"))

	internal := added(l, vpsapi.AddIPsIn{Type: "internal", VirtualMachineID: "1385"})[0].ID
	refused(l, vpsapi.ReassignIP, vpsapi.ReassignIPIn{IPID: internal, VirtualMachineID: elsewhere}, 422, "same cloud")
	must(l, vpsapi.ReassignIP, vpsapi.ReassignIPIn{IPID: internal, VirtualMachineID: "1384"})
}

func TestJustifiedAddressesAreAskedFor(t *testing.T) {
	l := newLab(t)
	if raw := must(l, vpsapi.ListJustifiedIPs, vpsapi.ListJustifiedIPsIn{}); string(raw) != "[]" {
		t.Errorf("requests at the start: %s", raw)
	}
	status, answer := l.send("POST", "/ip_justifications.api10json", `{"virtual_machine_id": 1384, "ip_justification": {
		"ip_address1": {"justification_type": "0", "justification_reason": "test.com"},
		"ip_address2": {"justification_type": "1", "justification_reason": "test"}}}`)
	if status != http.StatusOK {
		t.Fatalf("HTTP %d %s", status, answer)
	}
	type entry struct {
		Request struct {
			Server int    `json:"virtual_machine_id"`
			Type   string `json:"justification_type"`
			Reason string `json:"justification_reason"`
			Status string `json:"status"`
		} `json:"ip_justification"`
	}
	list := must(l, vpsapi.ListJustifiedIPs, vpsapi.ListJustifiedIPsIn{})
	if got, want := fmt.Sprint(decode[[]entry](l, list)), "[{{1384 0 test.com pending}} {{1384 1 test pending}}]"; got != want {
		t.Errorf("requests %s, want %s", got, want)
	}
	for _, body := range []string{
		`{"virtual_machine_id": 99, "ip_justification": {"ip_address1": {"justification_type": "0", "justification_reason": "x"}}}`,
		`{"virtual_machine_id": 1384, "ip_justification": {}}`,
		`{"virtual_machine_id": 1384, "ip_justification": {"ip_address1": {"justification_type": "4", "justification_reason": "x"}}}`,
		`{"virtual_machine_id": 1384, "ip_justification": {"ip_address2": {"justification_type": "0", "justification_reason": "x"}}}`,
	} {
		if status, answer := l.send("POST", "/ip_justifications.api10json", body); status != http.StatusUnprocessableEntity {
			t.Errorf("%s: HTTP %d %s, want 422", body, status, answer)
		}
	}
}

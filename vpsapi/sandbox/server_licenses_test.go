package sandbox

import (
	"strings"
	"testing"

	"vpsnet-mcp/vpsapi"
)

// purchased names the licenses that a server has.
func purchased(l *lab, id vpsapi.ServerID) string {
	l.Helper()
	type entry struct {
		License struct {
			Name      string
			Purchased bool
		} `json:"virtual_machine_license"`
	}
	var names []string
	for _, e := range decode[[]entry](l, must(l, vpsapi.GetServerLicenses, vpsapi.GetServerLicensesIn{ServerID: id})) {
		if e.License.Purchased {
			names = append(names, e.License.Name)
		}
	}
	return strings.Join(names, ", ")
}

func TestDotDefenderIsBoughtAndCancelled(t *testing.T) {
	l := newLab(t)
	balance := l.account.balance
	in := vpsapi.AddDotdefenderLicenseIn{VirtualMachineID: "1385"}
	must(l, vpsapi.AddDotdefenderLicense, in)
	if l.account.balance != balance-dotDefenderPrice {
		t.Errorf("balance %v, want %v less than %v", l.account.balance, dotDefenderPrice, balance)
	}
	refused(l, vpsapi.AddDotdefenderLicense, in, 422, "already")
	if got := purchased(l, "1385"); got != "dotDefender" {
		t.Errorf("licenses of the server: %q", got)
	}
	must(l, vpsapi.RemoveDotdefenderLicense, vpsapi.RemoveDotdefenderLicenseIn{ServerID: "1385"})
	refused(l, vpsapi.RemoveDotdefenderLicense, vpsapi.RemoveDotdefenderLicenseIn{ServerID: "1385"}, 404, "1385")
	if got := purchased(l, "1385"); got != "" {
		t.Errorf("licenses of the server: %q, want none", got)
	}
}

func TestDotDefenderNeedsAcceptance(t *testing.T) {
	l := newLab(t)
	for _, body := range []string{`{"virtual_machine_id":1385}`, `{"accept":"1"}`} {
		if status, reply := l.send("POST", "/dotdefender_licenses.api10json", body); status != 422 {
			t.Errorf("%s: HTTP %d %s, want 422", body, status, reply)
		}
	}
	if l.vm("1385").dotDefender {
		t.Error("it was bought all the same")
	}
}

func TestServerLicensesHaveTheirNames(t *testing.T) {
	l := newLab(t)
	var w vpsapi.LicenseWrapper
	w.License.ID = "6"
	l.vm("1384").Licenses = []vpsapi.LicenseWrapper{w}
	const want = `{"virtual_machine_license":{"license_id":6,"name":"ISPmanager","kind":"control_panel","price":"6.00","purchased":true}}`
	if got := string(must(l, vpsapi.GetServerLicenses, vpsapi.GetServerLicensesIn{ServerID: "1384"})); !strings.Contains(got, want) || purchased(l, "1384") != "ISPmanager" {
		t.Errorf("got %s, want %s and no other purchased", got, want)
	}
	if got := string(must(l, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{})); !strings.Contains(got, `{"license":{"id":1,"name":"cPanel"`) {
		t.Errorf("on sale: %s", got)
	}
}

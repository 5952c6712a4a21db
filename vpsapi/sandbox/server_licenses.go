package sandbox

import (
	"slices"
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// license is a license on sale. Two ids are known: 1 is cPanel, 6 is ISPmanager;
// the document buys 2 while it cancels 1, so that 2 is taken for another panel.
type license struct {
	ID    int          `json:"id"`
	Name  string       `json:"name"`
	Kind  string       `json:"kind"` // control_panel (a server has one at most) or addon (needs a panel)
	Price vpsapi.Money `json:"price"`
}

// licensesOnSale are the licenses that the sandbox sells, with their price a month in US dollars.
var licensesOnSale = []license{
	{1, "cPanel", controlPanel, "15.00"},
	{2, "DirectAdmin", controlPanel, "10.00"},
	{3, "Softaculous", addOn, "2.50"},
	{4, "Fantastico", addOn, "4.00"},
	{5, "RVSkin", addOn, "3.00"},
	{6, "ISPmanager", controlPanel, "6.00"},
}

const (
	// controlPanel is the kind of a license of which a server can have one.
	controlPanel = "control_panel"
	// addOn is the kind of a license beside a control panel.
	addOn = "addon"

	dotDefenderPrice = 25.0 // a month
)

// listAvailableLicenses answers list_available_licenses from the account in memory.
func listAvailableLicenses(*account, vpsapi.ListAvailableLicensesIn) (vpsapi.Raw, error) {
	all := make([]vpsapi.Object, len(licensesOnSale))
	for i, l := range licensesOnSale {
		all[i] = vpsapi.Object{{Key: "license", Value: l}}
	}
	return vpsapi.RawOf(all)
}

// getServerLicenses lists what a server has and what it may buy: the document
// sends those who buy here for the ids. dotDefender has none, it is bought by a
// function of its own.
func getServerLicenses(a *account, in vpsapi.GetServerLicensesIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	type entry struct {
		ID        int          `json:"license_id,omitempty"`
		Name      string       `json:"name"`
		Kind      string       `json:"kind"`
		Price     vpsapi.Money `json:"price"`
		Purchased bool         `json:"purchased"`
	}
	var all []vpsapi.Object
	add := func(e entry) {
		all = append(all, vpsapi.Object{{Key: "virtual_machine_license", Value: e}})
	}
	for _, l := range licensesOnSale {
		has := slices.ContainsFunc(s.Licenses, func(w vpsapi.LicenseWrapper) bool { return string(w.License.ID) == strconv.Itoa(l.ID) })
		add(entry{l.ID, l.Name, l.Kind, l.Price, has})
	}
	add(entry{Name: "dotDefender", Kind: "firewall", Price: toMoney(dotDefenderPrice), Purchased: s.dotDefender})
	return vpsapi.RawOf(all)
}

// addDotdefenderLicense answers add_dotdefender_license from the account in memory.
func addDotdefenderLicense(a *account, in vpsapi.AddDotdefenderLicenseIn) (vpsapi.Raw, error) {
	s, err := a.server(in.VirtualMachineID)
	if err != nil {
		return nil, err
	}
	if s.dotDefender {
		return nil, invalid("virtual_machine_id", "already has a dotDefender license")
	}
	s.dotDefender = true
	a.charge(dotDefenderPrice, "dotDefender license for "+string(s.Label)+", one month")
	a.logAction(s, "add_dotdefender_license", "complete")
	return vpsapi.RawOf(vpsapi.Object{{Key: "dotdefender_license", Value: vpsapi.Object{
		{Key: "virtual_machine_id", Value: s.ID}, {Key: "price", Value: toMoney(dotDefenderPrice)},
	}}})
}

// removeDotdefenderLicense answers remove_dotdefender_license from the account in memory.
func removeDotdefenderLicense(a *account, in vpsapi.RemoveDotdefenderLicenseIn) (vpsapi.Done, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return vpsapi.Done{}, err
	}
	if !s.dotDefender {
		return vpsapi.Done{}, notFound("dotDefender license of virtual machine", in.ServerID)
	}
	s.dotDefender = false
	a.logAction(s, "remove_dotdefender_license", "complete")
	return vpsapi.Done{}, nil
}

package sandbox

import (
	"fmt"
	"slices"
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// licensesAfter is a server's licenses once changes are made. To cancel what it
// does not have changes nothing: the document does so on a new server.
func (s *server) licensesAfter(changes vpsapi.Licenses) (after, bought []vpsapi.LicenseID) {
	for _, w := range s.Licenses {
		after = append(after, w.License.ID)
	}
	for _, c := range changes {
		had := slices.Contains(after, c.LicenseID)
		switch {
		case c.Action == "cancel":
			after = removeFirst(after, func(id vpsapi.LicenseID) bool { return id == c.LicenseID })
		case !had:
			after, bought = append(after, c.LicenseID), append(bought, c.LicenseID)
		}
	}
	return after, bought
}

// licenseOnSale finds a license by its id.
func licenseOnSale(id vpsapi.LicenseID) (license, bool) {
	i := slices.IndexFunc(licensesOnSale, func(l license) bool { return strconv.Itoa(l.ID) == string(id) })
	if i < 0 {
		return license{}, false
	}
	return licensesOnSale[i], true
}

// checkLicenses wants bought licenses to be on sale, one control panel at most,
// and no add-on without one.
func (s *server) checkLicenses(changes vpsapi.Licenses) []string {
	after, bought := s.licensesAfter(changes)
	for _, id := range bought {
		if _, ok := licenseOnSale(id); !ok {
			return []string{"licenses", fmt.Sprintf("%s is not a license", id)}
		}
	}
	panels, addOns := 0, 0
	for _, id := range after {
		switch l, _ := licenseOnSale(id); l.Kind {
		case controlPanel:
			panels++
		case addOn:
			addOns++
		}
	}
	switch {
	case panels > 1:
		return []string{"licenses", "can't have two control panels: cancel the present one first"}
	case panels == 0 && addOns > 0:
		return []string{"licenses", "can't have control panel add-ons without a control panel"}
	}
	return nil
}

// changeLicenses buys and cancels licenses of a server.
func (a *account) changeLicenses(s *server, changes vpsapi.Licenses) {
	after, bought := s.licensesAfter(changes)
	for _, id := range bought {
		l, _ := licenseOnSale(id)
		price, _ := strconv.ParseFloat(string(l.Price), 64)
		a.charge(price, l.Name+" license for "+string(s.Label)+", one month")
	}
	s.Licenses = nil
	for _, id := range after {
		var w vpsapi.LicenseWrapper
		w.License.ID = id
		s.Licenses = append(s.Licenses, w)
	}
}

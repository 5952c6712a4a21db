package catalog

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// licenseKind is what a license is to the document's rules.
type licenseKind string

const (
	// controlPanel is a license of which a server can have one.
	controlPanel licenseKind = "control panel"
	// addOn is a license beside a control panel.
	addOn       licenseKind = "add-on"
	unknownKind licenseKind = "" // the service's list does not say, or says that it is neither
)

// panelNames are the control panels that the document names, and others that are sold
// as such.
var panelNames = []string{"cpanel", "directadmin", "ispmanager", "plesk"}

// kindOfLicense returns whether a license is a control panel or an add-on, from the service's list.
func kindOfLicense(ctx context.Context, r *account.Reader, id vpsapi.LicenseID) licenseKind {
	raw, err := account.Read(ctx, r, vpsapi.ListAvailableLicenses, vpsapi.ListAvailableLicensesIn{})
	if err != nil {
		return unknownKind
	}
	text := func(key string, l map[string]any) string {
		s, _ := l[key].(string)
		return strings.ToLower(s)
	}
	l := account.FindRaw(raw, string(id), "license_id", "id")
	kind, name := text("kind", l)+text("type", l), text("name", l)
	switch {
	case strings.Contains(kind, "add"):
		return addOn
	case strings.Contains(kind, "panel"), slices.ContainsFunc(panelNames, func(p string) bool { return name == p }):
		return controlPanel
	}
	return unknownKind
}

// licenseRules holds a change of a server's licenses to the document's rules, as far
// as the service's list tells the kinds: one control panel at most, add-ons with a
// panel alone, and none left behind by a panel that goes. What it does not tell is a
// warning.
func licenseRules(ctx context.Context, r *account.Reader, p *plan.Plan, s vpsapi.Server, changes vpsapi.Licenses) error {
	if len(changes) == 0 || r.Restores {
		return nil
	}
	var after, bought []vpsapi.LicenseID
	for _, w := range s.Licenses {
		if !slices.Contains(changes, vpsapi.LicenseChange{LicenseID: w.License.ID, Action: "cancel"}) {
			after = append(after, w.License.ID)
		}
	}
	for _, c := range changes {
		if c.Action == "buy" && !slices.Contains(after, c.LicenseID) {
			after, bought = append(after, c.LicenseID), append(bought, c.LicenseID)
		}
	}
	of := map[licenseKind][]string{}
	for _, id := range after {
		kind := kindOfLicense(ctx, r, id)
		of[kind] = append(of[kind], r.LicenseText(ctx, id, s.CloudID))
		if kind == unknownKind && slices.Contains(bought, id) {
			p.Words.Warnings = append(p.Words.Warnings, fmt.Sprintf("whether %s is a control panel or an add-on could not be looked up: a server has one control panel at most, and an add-on needs one",
				r.LicenseText(ctx, id, s.CloudID)))
		}
	}
	switch {
	case len(of[controlPanel]) > 1:
		return fmt.Errorf("%s: licenses: a server has one control panel at most, and this would make it %s: cancel the old one with it; nothing was sent", p.Tool, words.JoinAnd(of[controlPanel]))
	case len(of[addOn]) > 0 && len(of[controlPanel]) == 0 && len(of[unknownKind]) == 0:
		return fmt.Errorf("%s: licenses: add-ons need a control panel: buy one first, and cancel the add-ons of one that goes with it (%s); nothing was sent", p.Tool, words.JoinAnd(of[addOn]))
	}
	if n := len(of[controlPanel]); n == 1 && len(of[addOn]) > 0 && len(bought) > 0 && slices.ContainsFunc(bought, func(id vpsapi.LicenseID) bool { return kindOfLicense(ctx, r, id) == controlPanel }) {
		p.Words.Warnings = append(p.Words.Warnings, "the document asks for the control panel before its add-ons; whether they are taken in one request is not known")
	}
	return nil
}

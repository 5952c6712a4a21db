package vpsapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// Licenses are the licenses to buy for a server or to cancel on it. On the wire
// they are one object of id and number, {"2": 1, "1": 0}: a list is what schemas
// can describe.
type Licenses []LicenseChange

// LicenseChange buys one license or cancels it.
type LicenseChange struct {
	LicenseID LicenseID `json:"license_id" jsonschema_description:"From get_cloud_server_licenses"`
	Action    string    `json:"action" jsonschema:"enum=buy,enum=cancel"`
}

const (
	// buyLicense is the action that buys a license.
	buyLicense = "buy"
	// cancelLicense is the action that cancels a license.
	cancelLicense = "cancel"
)

// controlPanels are the licenses known to be a control panel, of which a server
// has one at most. The id of DirectAdmin is not public.
var controlPanels = map[LicenseID]string{"1": "cPanel", "6": "ISPmanager"}

// wire returns the form that the service takes: the license's id, with 1 to buy or 0 to cancel.
func (ls Licenses) wire() any {
	o := make(Object, len(ls))
	for i, l := range ls {
		o[i] = Member{string(l.LicenseID), boolDigit(l.Action == buyLicense)}
	}
	return o
}

// UnmarshalJSON takes the list and the object of the wire, whose order is kept.
func (ls *Licenses) UnmarshalJSON(b []byte) error {
	b = bytes.TrimSpace(b)
	if len(b) == 0 || b[0] != '{' {
		var list []LicenseChange
		if err := json.Unmarshal(b, &list); err != nil {
			return err
		}
		*ls = list
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(b))
	if _, err := d.Token(); err != nil {
		return err
	}
	*ls = Licenses{}
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return err
		}
		var value Flag
		if err := d.Decode(&value); err != nil {
			return errors.New("licenses: 1 buys a license, 0 cancels it")
		}
		change := LicenseChange{LicenseID(key.(string)), cancelLicense}
		if value {
			change.Action = buyLicense
		}
		*ls = append(*ls, change)
	}
	return nil
}

// check returns the faults of a list of licenses, such as one that is named twice.
func (ls Licenses) check() []Fault {
	var faults []Fault
	fault := func(format string, args ...any) {
		faults = append(faults, Fault{"licenses", fmt.Sprintf(format, args...)})
	}
	seen := map[LicenseID]bool{}
	var panels []string
	for _, l := range ls {
		if err := l.LicenseID.validID(); err != nil {
			fault("license_id: %v", err)
			continue
		}
		if seen[l.LicenseID] {
			fault("license %s is there twice", l.LicenseID)
		}
		seen[l.LicenseID] = true
		if l.Action != buyLicense && l.Action != cancelLicense {
			fault("action %s: use buy or cancel", Quote(l.Action))
		}
		if name, ok := controlPanels[l.LicenseID]; ok && l.Action == buyLicense {
			panels = append(panels, name)
		}
	}
	if len(panels) > 1 {
		fault("%s: a server can have one control panel only", strings.Join(panels, " and "))
	}
	return faults
}

package vpsapi

import (
	"fmt"
	"strings"
)

// RefuseNamesake refuses a host of VPSnet.com, another company: its product reads
// variables of the same names, and a key of VPS.NET must not reach it.
func RefuseNamesake(host string) error {
	name := strings.TrimRight(strings.ToLower(host), ".")
	if name == "vpsnet.com" || strings.HasSuffix(name, ".vpsnet.com") {
		return fmt.Errorf("%s belongs to VPSnet.com, another company whose product has the same name and variables: credentials of VPS.NET are not sent there; "+
			"leave the URL out for %s", Quote(host), DefaultURL)
	}
	return nil
}

// CheckBaseURL reports why NewClient would refuse a base URL; the empty one is DefaultURL.
func CheckBaseURL(raw string) error {
	_, err := checkURL(orDefault(raw, DefaultURL), DefaultURL)
	return err
}

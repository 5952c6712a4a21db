package account

import (
	"slices"

	"vpsnet-mcp/vpsapi"
)

// AddressesOf returns all IP addresses of a server, each once and in order.
func AddressesOf(s vpsapi.Server) []string {
	var list []string
	if s.PrimaryIPAddress != nil {
		list = append(list, string(s.PrimaryIPAddress.IP.Address))
	}
	for _, w := range slices.Concat(s.IPAddresses, s.AdditionalIPs) {
		list = append(list, string(w.IP.Address))
	}
	slices.Sort(list)
	return slices.DeleteFunc(slices.Compact(list), func(address string) bool { return address == "" })
}

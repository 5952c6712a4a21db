package account

import (
	"slices"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// DrawnServer names the server of a chart: by its id where the call has not read its
// name, which is worth no request of its own.
func (r *Reader) DrawnServer(in any) string {
	var id vpsapi.ServerID
	switch in := in.(type) {
	case vpsapi.GetCPUUtilisationIn:
		id = in.ServerID
	case vpsapi.GetBandwidthUtilisationIn:
		id = in.ServerID
	}
	r.Settle()
	for _, known := range r.seen {
		list, _ := known.out.([]vpsapi.Server)
		if i := slices.IndexFunc(list, func(s vpsapi.Server) bool { return s.ID == id }); i >= 0 && list[i].Label != "" {
			return vpsapi.Quote(string(list[i].Label))
		}
	}
	return "cloud server " + words.IDText(id)
}

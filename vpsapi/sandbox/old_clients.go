package sandbox

import "vpsnet-mcp/vpsapi"

// oldClientHandlers serve requests that public programs send and the document
// does not have. The functions' own routes are served elsewhere.
func oldClientHandlers() []handler {
	return []handler{
		handle(oldReinstall, reinstallAsBefore),
		handle(clouds.by("POST /available_clouds"), func(a *account, _ vpsapi.ListCloudsIn) ([]vpsapi.Cloud, error) { return a.listClouds(false), nil }),
		handle(oneCloud.by("POST /clouds/{cloud_id}"), getCloud),
		handle(console, openConsole),
		handle(networkGraph, func(a *account, in graphIn) ([]vpsapi.NetworkRow, error) {
			return getBandwidthUtilisation(a, vpsapi.GetBandwidthUtilisationIn{ServerID: in.ServerID})
		}),
	}
}

// anotherRoute is a function that clients also reach by another route.
type anotherRoute[In, Out any] vpsapi.Op[In, Out]

// by returns the function under another route, which old clients use.
func (o anotherRoute[In, Out]) by(route vpsapi.Route) vpsapi.Op[In, Out] {
	op := vpsapi.Op[In, Out](o)
	op.Route = route
	return op
}

var (
	// clouds is list_clouds as old clients call it.
	clouds = anotherRoute[vpsapi.ListCloudsIn, []vpsapi.Cloud](vpsapi.ListClouds)
	// oneCloud is get_cloud as old clients call it.
	oneCloud = anotherRoute[vpsapi.GetCloudIn, vpsapi.Cloud](vpsapi.GetCloud)
)

// oldReinstall is how an old public client reinstalls: a POST without a body, on
// the present template.
var oldReinstall = vpsapi.Op[vpsapi.RebuildServerIn, vpsapi.Server]{
	Name: vpsapi.ReinstallServer.Name, Route: "POST /virtual_machines/{server_id}/reinstall",
	Envelope: vpsapi.ReinstallServer.Envelope, Reply: vpsapi.ReinstallServer.Reply, Safety: vpsapi.ReinstallServer.Safety,
}

// console opens a server's VNC console for a while.
var console = vpsapi.Op[vpsapi.GetServerIn, vpsapi.Raw]{
	Name: "console", Route: "GET /virtual_machines/{server_id}/console", Reply: vpsapi.GetActivityLog.Reply, Safety: vpsapi.Reads,
}

// openConsole answers what old clients call to open a server's console.
func openConsole(a *account, in vpsapi.GetServerIn) (vpsapi.Raw, error) {
	if _, err := a.runningServer(in.ServerID); err != nil {
		return nil, err
	}
	return vpsapi.RawOf(vpsapi.Object{{Key: "session", Value: vpsapi.Object{{Key: "port", Value: 5901}, {Key: "password", Value: string(a.password())}}}})
}

// networkGraph gives the rows of a server's traffic by a name of their span.
var networkGraph = vpsapi.Op[graphIn, []vpsapi.NetworkRow]{
	Name: "network_graph", Route: "GET /virtual_machines/{server_id}/network_graph", Reply: vpsapi.GetBandwidthUtilisation.Reply, Safety: vpsapi.Reads,
}

// graphIn names a span: hourly, daily, weekly or monthly. The sandbox gives the
// same rows for each.
type graphIn struct {
	ServerID vpsapi.ServerID `json:"server_id"`
	Period   string          `json:"period,omitempty"`
}

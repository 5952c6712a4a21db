package vpsapi

import "context"

// secondRoutes are the routes that may be right where an inferred one is not.
var secondRoutes = map[string]Route{
	"get_activity_log":           "GET /virtual_machines/{server_id}/activity_logs",
	"get_cloud_server_licenses":  "GET /virtual_machines/{server_id}/virtual_machine_licenses",
	"list_service_types":         "GET /domains/service_type_textkeys",
	"list_managed_services":      "GET /tickets/managed_services",
	"get_billing_info":           "GET /get_credits",
	"list_justified_ips":         "GET /ips/ip_justifications",
	"request_justified_ips":      "POST /ips/ip_justifications",
	"reassign_ip":                "POST /ips/{ip_id}/reassign",
	"edit_autoscaling":           "POST /virtual_machines/{server_id}/auto_scaling",
	"remove_dotdefender_license": "DELETE /virtual_machines/{server_id}/dotdefender_licenses",
	"list_dns_template_records":  "GET /dns_templates/{dns_template_id}/dns_template_records",
	"create_dns_template_record": "POST /dns_templates/{dns_template_id}/dns_template_records",
	"edit_dns_template_record":   "PUT /dns_templates/{dns_template_id}/dns_template_records/{record_id}",
	"delete_dns_template_record": "DELETE /dns_templates/{dns_template_id}/dns_template_records/{record_id}",
}

// SecondRoute is the route that may be right where a function's inferred one is not.
func SecondRoute(name string) (Route, bool) {
	route, ok := secondRoutes[name]
	return route, ok
}

// sendSecond sends a read of an inferred route that was answered with 404 once
// more, by its second candidate. A change is never sent by a guess, and a route
// that was corrected is nobody's guess.
func (c *Client) sendSecond(ctx context.Context, info Info, in any, failed error) (Request, rawReply, bool) {
	route, known := secondRoutes[info.Name]
	_, corrected := c.routes[info.Name]
	if !known || corrected || info.Safety != Reads || info.Evidence != Inferred || !IsNotFound(failed) {
		return Request{}, rawReply{}, false
	}
	info.Route = route
	request, err := encode(info, in)
	if err != nil {
		return Request{}, rawReply{}, false
	}
	rep, err := c.send(ctx, request)
	return request, rep, err == nil
}

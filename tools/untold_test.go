package tools

import (
	"bytes"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"vpsnet-mcp/internal/consent"
)

// TestLeftOutIsUnknown: a key that the service leaves out is as unknown as a null, in lists and of one thing. What is not asked for
// is not told at all.
func TestLeftOutIsUnknown(t *testing.T) {
	left := regexp.MustCompile(`"(running|power_action_pending|bandwidth_used|amount|status|account_credits|per_node_price|premium_price|daily_node)":("[^"]*"|[a-z0-9.]+),|,"(running|amount|status|account_credits|per_node_price|daily_node)":("[^"]*"|[a-z0-9.]+)`)
	f := newFleet(t, Options{}, nil)
	f.tap.edit = func(_ int, body []byte) []byte { return left.ReplaceAll(body, nil) }
	for call, want := range map[string]string{
		"list_cloud_servers {}":                   "running",
		`get_cloud_server {"server_id":"1384"}`:   "running: unknown",
		"list_ssd_servers {}":                     "running",
		"list_invoices {}":                        "amount",
		"get_billing_info {}":                     "account_credits: unknown",
		"get_profile {}":                          "per_node_price: unknown",
		"list_clouds {}":                          "premium_price",
		"list_nodes {}":                           "daily_node",
		"list_tickets {}":                         "status",
		`search_cloud_servers {"search":"web"}`:   "running",
		`get_ssd_server {"ssd_server_id":"2001"}`: "running: unknown",
	} {
		tool, arguments, _ := strings.Cut(call, " ")
		if a := f.call(tool, arguments); a.IsError && !strings.Contains(a.Text, "not found") || !a.IsError && !strings.Contains(a.Text, "none.") && (!strings.Contains(a.Text, want) || !strings.Contains(a.Text, "unknown")) {
			t.Errorf("%s: %s", call, a.Text)
		}
	}
	if a := f.call("list_cloud_servers", `{"basic":true}`); strings.Contains(a.Text, "unknown") {
		t.Errorf("basic: %s", a.Text)
	}
}

// TestUnknownUseIsNotFree: a node, an address or a template of which the service does not say who uses it is not free: no report
// counts it as wasted, and no plan says that no server uses it.
func TestUnknownUseIsNotFree(t *testing.T) {
	user := regexp.MustCompile(`"virtual_machine_id":(null|[0-9]+),?`)
	f := newFleet(t, Options{}, nil)
	f.tap.edit = func(_ int, body []byte) []byte {
		body = user.ReplaceAll(body, nil)
		return bytes.ReplaceAll(body, []byte(",}"), []byte("}"))
	}
	for _, c := range []struct {
		tool, arguments string
		says, never     []string
	}{
		{"fleet_report", `{}`, []string{"nodes_without_server: 0", "nodes_of_unknown_use: ", "ips_without_server: 0", "ips_of_unknown_use: "}, []string{"billed until they are deleted"}},
		{"cost_report", `{}`, nil, []string{"nodes that no server uses", "IP addresses that no server has"}},
		{"list_nodes", `{}`, []string{"unknown"}, nil},
		{"list_nodes", `{"filter":["virtual_machine_id="]}`, []string{"none of"}, nil},
		{"list_ips", `{}`, []string{"unknown"}, nil},
		{"delete_node", `{"node_id":"5005"}`, []string{"does not say whether a server uses it"}, []string{"Nodes that no server uses"}},
		{"clone_cloud_server", `{"server_id":"1384"}`, nil, []string{"Nodes that no server uses"}},
	} {
		a := f.call(c.tool, c.arguments)
		for _, want := range c.says {
			if !strings.Contains(a.Text, want) {
				t.Errorf("%s: no %q in %s", c.tool, want, a.Text)
			}
		}
		for _, never := range c.never {
			if strings.Contains(a.Text, never) {
				t.Errorf("%s: %q in %s", c.tool, never, a.Text)
			}
		}
	}
}

// refusing answers one request with a refusal.
type refusing struct {
	up     http.RoundTripper
	method string
	status int
	body   string
}

func (r *refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method != r.method {
		return r.up.RoundTrip(req)
	}
	return &http.Response{
		StatusCode: r.status, Body: io.NopCloser(strings.NewReader(r.body)), ContentLength: -1, Request: req,
		Header: http.Header{"Content-Type": {"application/json"}}, ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// TestShortOfNodes: a refusal for want of nodes says how many are needed, how many are free, and what to buy.
func TestShortOfNodes(t *testing.T) {
	const create = `{"label":"New 1","fqdn":"new1.example.com","system_template_id":9,"cloud_id":"3","backups_enabled":false,"rsync_backups_enabled":false,"slices_required":6,"storage_nodes_required":2,"confirm":"yes"}`
	for _, c := range []struct{ tool, arguments, method, body, want string }{
		{"edit_cloud_server", `{"server_id":"1384","slices_required":9,"confirm":"yes"}`, "PUT", `{"errors":[["base","Not enough nodes available"]]}`, `7 monthly nodes needed, 2 free, 5 to buy: create_nodes {"quantity":5}`},
		{"edit_cloud_server", `{"server_id":"1384","ram_nodes_required":3,"confirm":"yes"}`, "PUT", `{"errors":["Insufficient ram nodes"]}`, `RAM nodes needed, `},
		{"create_cloud_server", create, "POST", `{"error":"You need more slices"}`, `6 monthly nodes needed, 2 free, 4 to buy: create_nodes {"quantity":4}; 2 storage nodes needed, `},
		{"clone_cloud_server", `{"server_id":"1384","confirm":"yes"}`, "POST", `{"errors":[["base","There are not enough free nodes"]]}`, `2 monthly nodes needed, 2 free, which should be enough`},
	} {
		f := newFleet(t, Options{Consent: consent.Flag, Policy: generous()}, nil)
		f.tap.up = &refusing{f.sb, c.method, 422, c.body}
		a := f.call(c.tool, c.arguments)
		if !a.IsError || !strings.Contains(a.Text, c.want) || !strings.Contains(a.Text, "Nothing was changed") {
			t.Errorf("%s: no %q in %s", c.tool, c.want, a.Text)
		}
	}
}

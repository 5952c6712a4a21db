package vpsapi_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

// scriptedService is a service that gives its scriptedService in turn and counts the requests.
type scriptedService struct {
	bodies []string
	asked  []string
}

func (a *scriptedService) RoundTrip(r *http.Request) (*http.Response, error) {
	a.asked = append(a.asked, r.Method+" "+r.URL.Path)
	body := a.bodies[min(len(a.asked), len(a.bodies))-1]
	return answer(body).RoundTrip(r)
}

func scriptedClient(t *testing.T, service http.RoundTripper) *vpsapi.Client {
	t.Helper()
	c, err := vpsapi.NewClient(vpsapi.Config{Email: "dave@vps.net", APIKey: "abc123ABC456==", Transport: service, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func nodeCount(n int) *vpsapi.Int {
	i := vpsapi.Int(n)
	return &i
}

func TestWithPresentNodes(t *testing.T) {
	in := vpsapi.EditServerIn{ServerID: "1384", Label: "New name"}
	monthly, daily := in, in
	monthly.SlicesRequired, daily.DailyNodesRequired = nodeCount(4), nodeCount(2)
	for name, c := range map[string]struct {
		counts []string // of each read
		want   vpsapi.EditServerIn
		doubt  string
	}{
		"monthly":                {counts: []string{`"regular_nodes_count": 4, "daily_nodes_count": 0, "slices_count": null`}, want: monthly},
		"monthly as text":        {counts: []string{`"regular_nodes_count": "4"`}, want: monthly},
		"by slices_count":        {counts: []string{`"slices_count": 4`}, want: monthly},
		"by type first":          {counts: []string{`"slices_count": 9, "regular_nodes_count": 4`}, want: monthly},
		"daily":                  {counts: []string{`"regular_nodes_count": 0, "daily_nodes_count": 2, "slices_count": 2`}, want: daily},
		"null":                   {counts: []string{`"slices_count": null`}, doubt: "does not say"},
		"none":                   {counts: []string{`"regular_nodes_count": 0, "daily_nodes_count": 0, "slices_count": 4`}, doubt: "does not say"},
		"both":                   {counts: []string{`"regular_nodes_count": 4, "daily_nodes_count": 2`}, doubt: "at once"},
		"a total and daily":      {counts: []string{`"slices_count": 2, "daily_nodes_count": 2`}, doubt: "at once"},
		"changed between":        {counts: []string{`"regular_nodes_count": 4`, `"regular_nodes_count": 3`}, doubt: "changing"},
		"turned daily meanwhile": {counts: []string{`"regular_nodes_count": 2`, `"regular_nodes_count": 0, "daily_nodes_count": 2`}, doubt: "changing"},
	} {
		t.Run(name, func(t *testing.T) {
			service := &scriptedService{}
			for _, counts := range c.counts {
				service.bodies = append(service.bodies, fmt.Sprintf(`{"virtual_machine": {"id": 1384, "label": "x", %s}}`, counts))
			}
			got, err := withPresentNodes(t, in, service)
			if reads := []string{"GET /virtual_machines/1384.api10json", "GET /virtual_machines/1384.api10json"}; !cmp.Equal(reads, service.asked) {
				t.Errorf("asked %v, want two reads", service.asked)
			}
			if c.doubt != "" {
				var refused *vpsapi.InputError
				if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.doubt) || !strings.Contains(err.Error(), "nothing was sent") {
					t.Errorf("got %v, want an input error that says %q", err, c.doubt)
				}
				return
			}
			if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
				t.Errorf("%v (-want +got):\n%s", err, diff)
			}
		})
	}
}

// withPresentNodes reads the server as the service has it first.
func withPresentNodes(t *testing.T, in vpsapi.EditServerIn, service *scriptedService) (vpsapi.EditServerIn, error) {
	t.Helper()
	client := scriptedClient(t, service)
	first, err := vpsapi.GetServer.Call(t.Context(), client, vpsapi.GetServerIn{ServerID: in.ServerID})
	if err != nil {
		t.Fatal(err)
	}
	return in.WithPresentNodes(t.Context(), client, first)
}

// TestWithPresentNodesOfASettledServer: a server that says that no task has it is
// read once; one that a task has, or that is not built yet, twice.
func TestWithPresentNodesOfASettledServer(t *testing.T) {
	for state, reads := range map[string]int{
		`"power_action_pending": false`: 1, `"power_action_pending": false, "built": true`: 1,
		`"power_action_pending": true`: 2, `"power_action_pending": false, "built": false`: 2, `"built": true`: 2,
	} {
		body := fmt.Sprintf(`{"virtual_machine": {"id": 1384, "regular_nodes_count": 4, %s}}`, state)
		service := &scriptedService{bodies: []string{body}}
		got, err := withPresentNodes(t, vpsapi.EditServerIn{ServerID: "1384"}, service)
		if err != nil || got.SlicesRequired == nil || *got.SlicesRequired != 4 || len(service.asked) != reads {
			t.Errorf("%s: %v %v after %v", state, got, err, service.asked)
		}
	}
}

func TestWithPresentNodesKeepsGivenCounts(t *testing.T) {
	service := &scriptedService{}
	in := vpsapi.EditServerIn{ServerID: "1384", DailyNodesRequired: nodeCount(3)}
	got, err := in.WithPresentNodes(t.Context(), scriptedClient(t, service), vpsapi.Server{})
	if diff := cmp.Diff(in, got); diff != "" || err != nil || len(service.asked) > 0 {
		t.Errorf("%v after %v (-want +got):\n%s", err, service.asked, diff)
	}
}

func TestWithPresentNodesNeedsTheServer(t *testing.T) {
	service := &scriptedService{bodies: []string{`{"error": "gone"}`}}
	_, err := vpsapi.EditServerIn{ServerID: "1384"}.WithPresentNodes(t.Context(), scriptedClient(t, service), vpsapi.Server{})
	var failure *vpsapi.Error
	if !errors.As(err, &failure) || failure.Kind != vpsapi.Declined {
		t.Errorf("got %v, want the failure of the read", err)
	}
}

func TestLicensesTakeBothForms(t *testing.T) {
	want := vpsapi.Licenses{{LicenseID: "2", Action: "buy"}, {LicenseID: "1", Action: "cancel"}}
	for _, text := range []string{
		`[{"license_id": "2", "action": "buy"}, {"license_id": 1, "action": "cancel"}]`,
		`{"2": 1, "1": 0}`, ` {"2": "1", "1": false}`,
	} {
		var got vpsapi.Licenses
		err := json.Unmarshal([]byte(text), &got)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", text, err, diff)
		}
	}
	for _, text := range []string{`{"2": 3}`, `{"2": {}}`, `"2"`, `[2]`, `{"2"`} {
		if err := json.Unmarshal([]byte(text), new(vpsapi.Licenses)); err == nil {
			t.Errorf("%s was taken", text)
		}
	}
}

func TestServerInputsRefused(t *testing.T) {
	edit := vpsapi.EditServerIn{ServerID: "1384"}
	with := func(change func(*vpsapi.EditServerIn)) vpsapi.EditServerIn {
		in := edit
		change(&in)
		return in
	}
	licenses := func(ls ...vpsapi.LicenseChange) vpsapi.EditServerIn {
		return with(func(in *vpsapi.EditServerIn) { in.Licenses = ls })
	}
	for _, c := range []struct {
		op    vpsapi.Operation
		in    any
		fault string
	}{
		{vpsapi.EditServer, with(func(in *vpsapi.EditServerIn) { in.SlicesRequired, in.DailyNodesRequired = nodeCount(1), nodeCount(1) }), "daily_nodes_required: "},
		{vpsapi.EditServer, with(func(in *vpsapi.EditServerIn) { in.DelayedStorageUntil = "2010-02-30 14:00" }), "delayed_storage_until: "},
		{vpsapi.EditServer, with(func(in *vpsapi.EditServerIn) { in.DelayedStorageUntil = "2010-04-24T14:00:00Z" }), "US Eastern"},
		{vpsapi.EditServer, licenses(vpsapi.LicenseChange{LicenseID: "1", Action: "buy"}, vpsapi.LicenseChange{LicenseID: "6", Action: "buy"}), "cPanel and ISPmanager"},
		{vpsapi.EditServer, licenses(vpsapi.LicenseChange{LicenseID: "2", Action: "buy"}, vpsapi.LicenseChange{LicenseID: "2", Action: "cancel"}), "twice"},
		{vpsapi.EditServer, licenses(vpsapi.LicenseChange{LicenseID: "cPanel", Action: "buy"}), "license_id"},
		{vpsapi.EditServer, licenses(vpsapi.LicenseChange{LicenseID: "2", Action: "rent"}), "buy or cancel"},
		{vpsapi.CreateServer, vpsapi.CreateServerIn{
			SystemTemplateID: "9", CloudID: "1",
			Licenses: vpsapi.Licenses{{LicenseID: "6", Action: "buy"}, {LicenseID: "1", Action: "buy"}},
		}, "one control panel"},
		{vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: "1384", AlternateSD: "1384"}, "alternate_sd_vps: "},
	} {
		_, err := c.op.Encode(c.in)
		var refused *vpsapi.InputError
		if !errors.As(err, &refused) || !strings.Contains(err.Error(), c.fault) {
			t.Errorf("%s %+v: %v, want an input error with %q", c.op.Info().Name, c.in, err, c.fault)
		}
	}
	swap := licenses(vpsapi.LicenseChange{LicenseID: "1", Action: "cancel"}, vpsapi.LicenseChange{LicenseID: "6", Action: "buy"})
	if _, err := vpsapi.EditServer.Encode(swap); err != nil {
		t.Errorf("one control panel for another: %v", err)
	}
}

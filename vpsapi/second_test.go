package vpsapi

import (
	"io"
	"net/http"
	"slices"
	"testing"
)

// After a 404 a read of an inferred route is tried by its second candidate once,
// and the one that works is told; a change, a proved route and a corrected one are
// sent as they are.
func TestSecondRoutes(t *testing.T) {
	for _, c := range []struct {
		name     string
		op       Operation
		in       any
		routes   map[string]string
		sent     []string
		proposed Route
	}{
		{"works", ListManagedServices, ListManagedServicesIn{}, nil, []string{"GET /managed_services.api10json", "GET /tickets/managed_services.api10json"}, "GET /tickets/managed_services"},
		{"is none either", GetActivityLog, GetActivityLogIn{ServerID: "7"}, nil, []string{"GET /virtual_machines/7/activity_log.api10json", "GET /virtual_machines/7/activity_logs.api10json"}, ""},
		{"change", ReassignIP, ReassignIPIn{IPID: "7", VirtualMachineID: "8"}, nil, []string{"PUT /ips/7/reassign.api10json"}, ""},
		{"proved", GetServer, GetServerIn{ServerID: "7"}, nil, []string{"GET /virtual_machines/7.api10json"}, ""},
		{"corrected", ListManagedServices, ListManagedServicesIn{}, map[string]string{"list_managed_services": "GET /managed"}, []string{"GET /managed.api10json"}, ""},
	} {
		var sent []string
		client := loopback(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			sent = append(sent, r.Method+" "+r.RequestURI)
			if r.URL.Path != "/tickets/managed_services.api10json" {
				w.WriteHeader(http.StatusNotFound)
			}
			_, _ = io.WriteString(w, `{"managed_services":[]}`)
		}))
		client, err := NewClient(Config{Email: testEmail, APIKey: testKey, BaseURL: client.BaseURL(), Routes: c.routes})
		if err != nil {
			t.Fatal(err)
		}
		result, err := c.op.Do(t.Context(), client, c.in)
		if (err == nil) != (c.proposed != "") || result.Proposed != c.proposed || !slices.Equal(sent, c.sent) {
			t.Errorf("%s: %v, proposed %q, sent %q", c.name, err, result.Proposed, sent)
		}
	}
}

package sandbox

import (
	"testing"

	"vpsnet-mcp/vpsapi"
)

// TestSSDServersLife goes through what can be done with an SSD server.
func TestSSDServersLife(t *testing.T) {
	l := newLab(t)
	if got := must(l, vpsapi.ListSSDServers, vpsapi.ListSSDServersIn{}); len(got) != 0 {
		t.Fatalf("the document has no SSD servers: %v", got)
	}
	made := must(l, vpsapi.CreateSSDServer, vpsapi.CreateSSDServerIn{Label: "Fast 1", Plan: "3", FQDN: "fast1.example.com", SystemTemplateID: "78", CloudID: "160"})
	if made.Password == "" || made.PrimaryIPAddress == nil || isOn(made.Running) || !isOn(made.PowerActionPending) {
		t.Fatalf("made %+v", made)
	}
	look := func() vpsapi.SSDServer { return must(l, vpsapi.GetSSDServer, vpsapi.GetSSDServerIn{ID: made.ID}) }
	refused := func(err error) {
		t.Helper()
		if !vpsapi.IsInvalid(err) {
			t.Errorf("not refused: %v", err)
		}
	}
	_, err := vpsapi.ShutdownSSDServer.Call(t.Context(), l.client, vpsapi.ShutdownSSDServerIn{ID: made.ID})
	refused(err) // busy
	l.pass(buildTime)
	if s := look(); !isOn(s.Running) || !isOn(s.Built) || isOn(s.PowerActionPending) {
		t.Fatalf("built %+v", s)
	}
	_, err = vpsapi.StartSSDServer.Call(t.Context(), l.client, vpsapi.StartSSDServerIn{ID: made.ID})
	refused(err) // running
	must(l, vpsapi.RebootSSDServer, vpsapi.RebootSSDServerIn{ID: made.ID})
	l.pass(rebootTime)
	must(l, vpsapi.ShutdownSSDServer, vpsapi.ShutdownSSDServerIn{ID: made.ID})
	l.pass(shutdownTime)
	if s := look(); isOn(s.Running) {
		t.Fatalf("shut down %+v", s)
	}
	must(l, vpsapi.StartSSDServer, vpsapi.StartSSDServerIn{ID: made.ID})
	l.pass(startTime)
	must(l, vpsapi.PowerOffSSDServer, vpsapi.PowerOffSSDServerIn{ID: made.ID})
	l.pass(powerOffTime)
	must(l, vpsapi.DeleteSSDServer, vpsapi.DeleteSSDServerIn{ID: made.ID})
	if _, err := vpsapi.GetSSDServer.Call(t.Context(), l.client, vpsapi.GetSSDServerIn{ID: made.ID}); !vpsapi.IsNotFound(err) {
		t.Errorf("still there: %v", err)
	}
	_, err = vpsapi.CreateSSDServer.Call(t.Context(), l.client, vpsapi.CreateSSDServerIn{Plan: "1", FQDN: "fast2.example.com", SystemTemplateID: "78", CloudID: "3"})
	refused(err) // no SSD cloud
}

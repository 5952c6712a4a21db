package sandbox

import (
	"testing"
	"time"

	"vpsnet-mcp/vpsapi"
)

func remove1384(l *lab) {
	l.Helper()
	must(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: "1384"})
}

func recoverable(l *lab) (ids []vpsapi.ServerID) {
	l.Helper()
	for _, v := range must(l, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{}) {
		ids = append(ids, v.ID)
	}
	return ids
}

func TestDeletedServerIsRecoverable(t *testing.T) {
	l := newLab(t)
	address := l.get("1384").PrimaryIPAddress.IP.Address
	further := l.account.newIP("3", ptr(vpsapi.ServerID("1384")))
	nodesBefore := len(l.account.nodes)
	remove1384(l)
	refused(l, vpsapi.GetServer, vpsapi.GetServerIn{ServerID: "1384"}, 404, "1384")
	refused(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: "1384"}, 404, "1384")
	list := must(l, vpsapi.ListRecoverableServers, vpsapi.ListRecoverableServersIn{})
	if len(list) != 1 || list[0].ID != "1384" || *list[0].RegularNodesCount != 2 || isOn(list[0].Running) {
		t.Fatalf("recoverable: %+v", list)
	}
	if free := l.account.countAllNodes()[""][monthlyNodes]; len(l.account.nodes) != nodesBefore || free < 2 {
		t.Errorf("%d of %d nodes are left, %d free; they stay on the account", len(l.account.nodes), nodesBefore, free)
	}
	if further.VirtualMachineID != nil || len(l.account.serverIPs("1384")) > 0 {
		t.Error("the deleted server still has addresses")
	}
	l.pass(11 * time.Hour)
	v := must(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"})
	if isOn(v.Running) || v.PrimaryIPAddress.IP.Address != address || len(v.IPAddresses) != 1 || len(l.vm("1384").backups) == 0 {
		t.Errorf("recovered: running %v, primary %s, %d addresses, %d backups", isOn(v.Running), v.PrimaryIPAddress.IP.Address, len(v.IPAddresses), len(l.vm("1384").backups))
	}
	l.pass(2 * time.Hour) // past the first deletion's end
	l.expect("1384", false, false, statusStopped)
	refused(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"}, 422, "not deleted")
	if got := recoverable(l); len(got) > 0 {
		t.Errorf("still recoverable: %v", got)
	}
}

func TestRecoveredServerHasItsNodes(t *testing.T) {
	l := newLab(t)
	before := l.account.balance
	remove1384(l)
	v := must(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"})
	if *v.RegularNodesCount != 2 || l.account.balance != before {
		t.Errorf("%d nodes, want 2; balance %v after %v", *v.RegularNodesCount, l.account.balance, before)
	}
}

func TestRecoverNeedsFreeNodes(t *testing.T) {
	l := newLab(t)
	remove1384(l)
	l.account.nodes = nil
	refused(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"}, 422, "free vps nodes")
	if len(recoverable(l)) != 1 {
		t.Error("a refused recovery lost the server")
	}
}

func TestRecoveryEnds(t *testing.T) {
	l := newLab(t)
	remove1384(l)
	l.pass(recoverableFor - time.Second)
	if len(recoverable(l)) != 1 {
		t.Fatal("gone before its time")
	}
	l.pass(time.Second)
	if got := recoverable(l); len(got) > 0 {
		t.Errorf("recoverable after 12 hours: %v", got)
	}
	refused(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"}, 404, "1384")
}

func TestSecondDeletionStartsAnew(t *testing.T) {
	l := newLab(t)
	remove1384(l)
	l.pass(6 * time.Hour)
	must(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"})
	remove1384(l)
	l.pass(11 * time.Hour)
	if got := recoverable(l); len(got) != 1 {
		t.Errorf("recoverable: %v, want 1384 for 12 hours from its second deletion", got)
	}
}

func TestOnlyTheLastThreeAreRecoverable(t *testing.T) {
	l := newLab(t)
	var ids []vpsapi.ServerID
	for range 4 {
		ids = append(ids, must(l, vpsapi.CreateServer, documentCreate).ID)
	}
	l.pass(buildTime)
	for _, id := range ids {
		must(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: id})
	}
	if got := recoverable(l); len(got) != 3 || got[0] != ids[1] || got[2] != ids[3] {
		t.Errorf("recoverable %v of %v, want the last three", got, ids)
	}
	refused(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: ids[0]}, 404, string(ids[0]))
}

func TestDeletedServersAddressGoesToAnother(t *testing.T) {
	l := newLab(t)
	address := l.get("1384").PrimaryIPAddress.IP.Address
	before := l.account.balance
	must(l, vpsapi.DeleteServer, vpsapi.DeleteServerIn{ServerID: "1384", ReassignIP: "1385"})
	heir := l.get("1385")
	if len(heir.AdditionalIPs) != 1 || heir.AdditionalIPs[0].IP.Address != address || before-l.account.balance != ipPrice {
		t.Errorf("1385 has further addresses %+v; it cost %v, want %v", heir.AdditionalIPs, before-l.account.balance, ipPrice)
	}
	v := must(l, vpsapi.RecoverServer, vpsapi.RecoverServerIn{ServerID: "1384"})
	if v.PrimaryIPAddress == nil || v.PrimaryIPAddress.IP.ID == heir.AdditionalIPs[0].IP.ID {
		t.Errorf("recovered with %+v, want a new address", v.PrimaryIPAddress)
	}
}

func TestDeletedServersServiceGoesToAnother(t *testing.T) {
	l := newLab(t)
	l.account.managed = append(l.account.managed, &vpsapi.ManagedService{VirtualMachineID: "1384"})
	l.vm("1385").SystemTemplateID = "1899"
	in := vpsapi.DeleteServerIn{ServerID: "1384", AlternateVPS: "1385", AlternateSD: "1385"}
	refused(l, vpsapi.DeleteServer, in, 422, "Windows")
	l.vm("1385").SystemTemplateID = "41"
	must(l, vpsapi.DeleteServer, in)
	if got := l.account.managed[len(l.account.managed)-1].VirtualMachineID; got != "1385" {
		t.Errorf("the managed service is with %s, want 1385", got)
	}
}

func TestHeirsRefused(t *testing.T) {
	l := newLab(t)
	elsewhere := must(l, vpsapi.CreateServer, documentCreate).ID
	for _, c := range []struct {
		in    vpsapi.DeleteServerIn
		words string
	}{
		{vpsapi.DeleteServerIn{ReassignIP: elsewhere}, "same cloud"},
		{vpsapi.DeleteServerIn{ReassignIP: "1234"}, "reassign_ip"},
		{vpsapi.DeleteServerIn{AlternateVPS: "1221"}, "alternate_vps"},
		{vpsapi.DeleteServerIn{AlternateSD: "1234"}, "alternate_sd_vps"},
	} {
		c.in.ServerID = "1384"
		refused(l, vpsapi.DeleteServer, c.in, 422, c.words)
	}
	l.get("1384")
}

package sandbox

import (
	"slices"
	"time"

	"vpsnet-mcp/vpsapi"
)

// editServer answers edit_cloud_server from the account in memory.
func editServer(a *account, in vpsapi.EditServerIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err != nil {
		return nil, err
	}
	wanted, present := wantedNodes(in), a.countAllNodes()[s.ID]
	resizes := slices.ContainsFunc(wanted, func(w nodeCount) bool { return present[w.kind] != w.count })
	if faults := checkEdit(s, in); len(faults) > 0 {
		return nil, invalid(faults...)
	}
	if resizes && requireIdle(s) != nil {
		return nil, requireIdle(s)
	}
	s.setTexts(in)
	a.changeLicenses(s, in.Licenses)
	a.delayStorage(s, in)
	s.UpdatedAt = a.nowStamp()
	a.logAction(s, "edit", "complete")
	if resizes {
		a.resize(s, wanted, isOn(in.DelayedStorage))
	}
	return a.reply(s)
}

// checkEdit returns the faults of an edit, as pairs of field and message.
func checkEdit(s *server, in vpsapi.EditServerIn) []string {
	var faults []string
	if in.SlicesRequired == nil && in.DailyNodesRequired == nil {
		faults = append(faults, "slices_required", "can't be blank")
	}
	if in.Label != "" {
		faults = append(faults, checkLabel(in.Label)...)
	}
	for _, name := range []struct{ field, text string }{{"public_fqdn", in.PublicFQDN}, {"fqdn", in.FQDN}} {
		if name.text != "" && name.text != string(s.Hostname) { // the vendor's own class sends the host alone where it stays
			faults = append(faults, checkName(name.field, name.text)...)
		}
	}
	for _, count := range []struct {
		field string
		n     *vpsapi.Int
		least vpsapi.Int
	}{
		{"slices_required", in.SlicesRequired, 1}, {"daily_nodes_required", in.DailyNodesRequired, 1},
		{"storage_nodes_required", in.StorageNodesRequired, 0}, {"ram_nodes_required", in.RAMNodesRequired, 0},
		{"bandwidth_nodes_required", in.BandwidthNodesRequired, 0},
	} {
		if count.n != nil {
			faults = append(faults, checkCount(count.field, *count.n, count.least)...)
		}
	}
	if in.DelayedStorageUntil != "" && !isOn(in.DelayedStorage) {
		faults = append(faults, "delayed_storage_until", "needs delayed_storage")
	}
	return append(faults, s.checkLicenses(in.Licenses)...)
}

// setTexts changes what costs nothing and takes no time.
func (s *server) setTexts(in vpsapi.EditServerIn) {
	if in.Label != "" {
		s.Label = vpsapi.Text(in.Label)
	}
	for _, fqdn := range []string{in.FQDN, in.PublicFQDN} {
		if fqdn != "" && fqdn != string(s.Hostname) {
			s.rename(fqdn)
		}
	}
	if in.ConsumerID != "" {
		s.ConsumerID = in.ConsumerID
	}
	for _, flag := range []struct{ to, from **vpsapi.Flag }{
		{&s.BackupsEnabled, &in.BackupsEnabled}, {&s.RsyncEnabled, &in.RsyncEnabled}, {&s.R1SoftEnabled, &in.R1SoftEnabled},
	} {
		if *flag.from != nil {
			*flag.to = *flag.from
		}
	}
}

// nodeCount is how many nodes of a type a server is to have.
type nodeCount struct {
	kind  string
	count int
}

// wantedNodes lists the counts that an edit asks for. Monthly and daily nodes
// stand in for each other: to name one is to give the other back, first.
func wantedNodes(in vpsapi.EditServerIn) []nodeCount {
	var wanted []nodeCount
	if in.SlicesRequired != nil {
		wanted = append(wanted, nodeCount{dailyNodes, 0}, nodeCount{monthlyNodes, int(*in.SlicesRequired)})
	}
	if in.DailyNodesRequired != nil {
		wanted = append(wanted, nodeCount{monthlyNodes, 0}, nodeCount{dailyNodes, int(*in.DailyNodesRequired)})
	}
	for _, more := range []struct {
		kind  string
		count *vpsapi.Int
	}{{storageNodes, in.StorageNodesRequired}, {ramNodes, in.RAMNodesRequired}, {bandwidthNodes, in.BandwidthNodesRequired}} {
		if more.count != nil {
			wanted = append(wanted, nodeCount{more.kind, int(*more.count)})
		}
	}
	return wanted
}

// resize changes a server's nodes at once; the server is busy for a while, and
// its disk follows unless that is delayed.
func (a *account) resize(s *server, wanted []nodeCount, delayed bool) {
	for _, w := range wanted {
		a.setNodes(s, w.kind, w.count)
	}
	a.pending(s, resizeTime, "resize", func() {
		if !delayed {
			a.deploy(s)
		}
	})
}

// delayStorage puts the disk's growth off, until a moment when one is given.
func (a *account) delayStorage(s *server, in vpsapi.EditServerIn) {
	switch {
	case in.DelayedStorage == nil:
		return
	case !isOn(in.DelayedStorage):
		a.deploy(s)
		return
	}
	s.DelayedStorage, s.DelayedStorageUntil = in.DelayedStorage, nil
	until, err := time.ParseInLocation(vpsapi.ScheduleTime, in.DelayedStorageUntil, eastern())
	if err != nil {
		return // none given: Check has seen to its form
	}
	moment := ptr(vpsapi.Time(until.Format(time.RFC3339)))
	s.DelayedStorageUntil = moment
	a.schedule(max(0, until.Sub(a.now)), func() { a.deployWhenIdle(s, moment) })
}

// deployWhenIdle deploys delayed storage, unless that has been done or put off
// anew; a busy server is tried again later.
func (a *account) deployWhenIdle(s *server, moment *vpsapi.Time) {
	switch {
	case s.DelayedStorageUntil != moment:
	case requireIdle(s) != nil:
		a.schedule(resizeTime, func() { a.deployWhenIdle(s, moment) })
	default:
		a.restart(s, deployTime, "deploy_all_storage", func() { a.deploy(s) })
	}
}

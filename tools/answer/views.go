package answer

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"strconv"

	"vpsnet-mcp/vpsapi"
)

// commonView gives a reply with the fields that people use, units in their names.
func commonView(out any) any {
	switch v := out.(type) {
	case []vpsapi.Server:
		return mapEach(v, serverRow)
	case vpsapi.Server:
		return serverDetail(v)
	case []vpsapi.Cloud:
		return mapEach(v, cloudRow)
	case []vpsapi.Backup:
		return mapEach(v, backupRow)
	case []vpsapi.PlatformServer:
		return mapEach(v, platformRow)
	case vpsapi.PlatformServerDetail:
		return platformDetail(v)
	case []vpsapi.NetworkRow:
		return mapEach(v, func(r vpsapi.NetworkRow) any {
			return struct {
				At       vpsapi.Time `json:"hour"`
				Sent     *vpsapi.Int `json:"data_sent_kb"`
				Received *vpsapi.Int `json:"data_received_kb"`
			}{r.CreatedAt, r.DataSent, r.DataReceived}
		})
	case []vpsapi.CPURow:
		return mapEach(v, func(r vpsapi.CPURow) any {
			return struct {
				At      vpsapi.Time `json:"hour"`
				PerCent *float64    `json:"cpu_percent"`
			}{r.CreatedAt, numberOrNil(CPUPerCent(r))}
		})
	case []vpsapi.Record:
		return mapEach(v, recordRow)
	case vpsapi.Record:
		return recordRow(v)
	case []vpsapi.Domain:
		return mapEach(v, func(d vpsapi.Domain) any { return domainRow(d) })
	case vpsapi.Domain:
		return domainRow(v)
	case vpsapi.Profile: // where a person lives is shown when it is asked for
		v.Address, v.City, v.State, v.ZIPCode, v.PhoneCode, v.PhoneNumber = "", "", "", "", "", ""
		v.PayPalAddress, v.PINSecurity, v.CreatedAt, v.UpdatedAt = nil, nil, "", ""
		return v
	default:
		return out
	}
}

// rawView gives a reply whose form nobody has documented; one that is a server or a backup
// reads as elsewhere, its sizes in the same units.
func rawView(whole json.RawMessage) json.RawMessage {
	var s vpsapi.Server
	if bytes.Contains(whole, []byte(`"power_action_pending"`)) && json.Unmarshal(whole, &s) == nil && s.ID != "" {
		if row, err := json.Marshal(serverDetail(s)); err == nil {
			return row
		}
	}
	var b vpsapi.Backup
	if !bytes.Contains(whole, []byte(`"backup_size"`)) || json.Unmarshal(whole, &b) != nil || b.ID == "" {
		return whole
	}
	row, err := json.Marshal(backupRow(b))
	if err != nil {
		return whole
	}
	return row
}

// mapEach returns the row of each thing of a list.
func mapEach[T any](list []T, row func(T) any) []any {
	rows := make([]any, len(list))
	for i, v := range list {
		rows[i] = row(v)
	}
	return rows
}

// CPUPerCent is a row's per cent with one decimal; NaN where it is unknown.
func CPUPerCent(r vpsapi.CPURow) float64 { return math.Round(r.Percent()*10) / 10 }

// numberOrNil returns nil for NaN.
func numberOrNil(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

// serverFields are what a row and a detail have in common.
type serverFields struct {
	ID       vpsapi.ServerID   `json:"id"`
	Label    vpsapi.Text       `json:"label"`
	Hostname vpsapi.Text       `json:"hostname,omitempty"`
	IP       vpsapi.Text       `json:"ip,omitempty"`
	Running  *vpsapi.Flag      `json:"running,omitempty"`
	Pending  *vpsapi.Flag      `json:"power_action_pending,omitempty"`
	Built    *vpsapi.Flag      `json:"built,omitempty"`
	CloudID  vpsapi.CloudID    `json:"cloud_id,omitempty"`
	Template vpsapi.TemplateID `json:"system_template_id,omitempty"`
	Consumer vpsapi.ConsumerID `json:"consumer_id,omitempty"`
	Monthly  *vpsapi.Int       `json:"regular_nodes_count,omitempty"`
	Daily    *vpsapi.Int       `json:"daily_nodes_count,omitempty"`
	Backups  *vpsapi.Flag      `json:"backups_enabled,omitempty"`
	Rsync    *vpsapi.Flag      `json:"rsync_backups_enabled,omitempty"`
	R1Soft   *vpsapi.Flag      `json:"r1_soft_backups_enabled,omitempty"`
	Traffic  *vpsapi.Int       `json:"bandwidth_used_kb,omitempty"` // this month
}

// fieldsOfServer returns the fields of a cloud server that a table shows.
func fieldsOfServer(s vpsapi.Server) serverFields {
	f := serverFields{
		ID: s.ID, Label: s.Label, Hostname: s.Hostname, Running: s.Running, Pending: flagIfSet(s.PowerActionPending), CloudID: s.CloudID,
		Template: s.SystemTemplateID, Monthly: countIfAny(s.RegularNodesCount), Daily: countIfAny(s.DailyNodesCount),
		Backups: s.BackupsEnabled, Rsync: flagIfSet(s.RsyncEnabled), R1Soft: flagIfSet(s.R1SoftEnabled), Traffic: s.BandwidthUsed,
	}
	if s.DomainName != "" {
		f.Hostname = s.Hostname + "." + s.DomainName
	}
	if s.RegularNodesCount == nil {
		f.Monthly = countIfAny(s.SlicesCount)
	}
	if s.PrimaryIPAddress != nil {
		f.IP = s.PrimaryIPAddress.IP.Address
	}
	if s.ConsumerID != "0" {
		f.Consumer = s.ConsumerID
	}
	if s.Built != nil && !bool(*s.Built) {
		f.Built = s.Built
	}
	return f
}

// flagIfSet returns a flag; nil for false, so that a table leaves it out.
func flagIfSet(f *vpsapi.Flag) *vpsapi.Flag {
	if f == nil || !bool(*f) {
		return nil
	}
	return f
}

// countIfAny returns a count; nil for 0, so that a table leaves it out.
func countIfAny(n *vpsapi.Int) *vpsapi.Int {
	if n == nil || *n == 0 {
		return nil
	}
	return n
}

// serverRow returns a cloud server as a row of a table.
func serverRow(s vpsapi.Server) any { return fieldsOfServer(s) }

// serverDetail is a server with what a list leaves out. Its password is never
// among it.
func serverDetail(s vpsapi.Server) any {
	common := fieldsOfServer(s)
	common.Rsync, common.R1Soft = s.RsyncEnabled, s.R1SoftEnabled
	d := struct {
		serverFields
		Status    vpsapi.Text        `json:"virtual_machine_status,omitempty"`
		MoreIPs   []vpsapi.Text      `json:"additional_ips,omitempty"`
		RAM       *vpsapi.Int        `json:"ram_nodes_count,omitempty"`
		Storage   *vpsapi.Int        `json:"storage_nodes_count,omitempty"`
		Fusion    *vpsapi.Int        `json:"fusion_nodes_count,omitempty"`
		Bandwidth *vpsapi.Int        `json:"bandwidth_nodes_count,omitempty"`
		Licenses  []vpsapi.LicenseID `json:"license_ids,omitempty"`
		Schedules int                `json:"scheduled_upgrades,omitempty"`
		Disk      vpsapi.Text        `json:"deployed_disk_size,omitempty"`
		DiskLeft  vpsapi.Text        `json:"available_disk_size,omitempty"`
		Delayed   *vpsapi.Flag       `json:"delayed_storage,omitempty"`
		Until     *vpsapi.Time       `json:"delayed_storage_until,omitempty"`
		Password  vpsapi.Secret      `json:"password,omitempty"`
		Created   vpsapi.Time        `json:"created_at,omitempty"`
		Updated   vpsapi.Time        `json:"updated_at,omitempty"`
	}{
		serverFields: common, Status: s.Status, RAM: countIfAny(s.RAMNodesCount), Storage: countIfAny(s.StorageNodesCount),
		Fusion: countIfAny(s.FusionNodesCount), Bandwidth: countIfAny(s.BandwidthNodesCount),
		Schedules: len(s.UpgradeSchedules), Disk: s.DeployedDiskSize, DiskLeft: s.AvailableDiskSize,
		Delayed: flagIfSet(s.DelayedStorage), Until: s.DelayedStorageUntil, Password: s.Password, Created: s.CreatedAt, Updated: s.UpdatedAt,
	}
	for _, w := range s.AdditionalIPs {
		d.MoreIPs = append(d.MoreIPs, w.IP.Address)
	}
	for _, w := range s.Licenses {
		d.Licenses = append(d.Licenses, w.License.ID)
	}
	return d
}

// cloudRow returns a cloud as a row of a table.
func cloudRow(c vpsapi.Cloud) any {
	return struct {
		ID        vpsapi.CloudID         `json:"id"`
		Label     vpsapi.Text            `json:"label"`
		Available *vpsapi.Flag           `json:"available,omitempty"`
		Premium   vpsapi.Money           `json:"premium_price,omitempty"`
		Currency  vpsapi.Text            `json:"currency_code,omitempty"`
		Daily     *vpsapi.Int            `json:"daily_node_bandwidth_gb,omitempty"`
		Monthly   *vpsapi.Int            `json:"monthly_node_bandwidth_gb,omitempty"`
		Templates []vpsapi.CloudTemplate `json:"system_templates,omitempty"`
	}{c.ID, c.Label, c.Available, c.PremiumPrice, c.CurrencyCode, c.DailyNodeBandwidth, c.MonthlyNodeBandwidth, c.SystemTemplates}
}

// recordRow is a DNS record; a failover record's primary address stands apart, as it
// is written, and what it checks is told as unknown where the service does not say it.
func recordRow(r vpsapi.Record) any {
	if r.Type == "failover" {
		var primary string
		primary, r.Data = r.Failover()
		r.PrimaryData = vpsapi.Text(primary)
		r.ServiceType = cmp.Or(r.ServiceType, "not told")
	}
	return r
}

// domainRow is a domain without the address that it was made with, which stays when its records lead elsewhere.
func domainRow(d vpsapi.Domain) vpsapi.Domain {
	d.IPAddress = ""
	return d
}

// backupRow returns a backup as a row of a table; the size is in MB, which the service gives in KB.
func backupRow(b vpsapi.Backup) any {
	row := struct {
		ID      vpsapi.BackupID `json:"id"`
		Label   vpsapi.Text     `json:"label,omitempty"`
		Type    vpsapi.Text     `json:"backup_type,omitempty"`
		Built   *vpsapi.Flag    `json:"built,omitempty"`
		Locked  *vpsapi.Flag    `json:"locked,omitempty"`
		SizeMB  int             `json:"backup_size_mb,omitempty"`
		MinDisk *vpsapi.Int     `json:"min_disk_size_gb,omitempty"`
		BuiltAt *vpsapi.Time    `json:"built_at,omitempty"`
		Created vpsapi.Time     `json:"created_at,omitempty"`
	}{ID: b.ID, Label: b.Label, Type: b.Type, Built: b.Built, Locked: flagIfSet(b.Locked), MinDisk: b.MinDiskSize, BuiltAt: b.BuiltAt, Created: b.CreatedAt}
	if kb, err := strconv.Atoi(string(b.Size)); err == nil {
		row.SizeMB = (kb + 512) / 1024
	}
	return row
}

// platformRow is a server of the newer API as a list shows it.
func platformRow(s vpsapi.PlatformServer) any {
	return struct {
		ID         vpsapi.PlatformServerID `json:"id"`
		Label      vpsapi.Text             `json:"label"`
		Hostname   vpsapi.Text             `json:"hostname"`
		IP         vpsapi.Text             `json:"ip,omitempty"`
		Location   vpsapi.Text             `json:"location,omitempty"`
		LocationID vpsapi.LocationID       `json:"location_id"`
		Backups    *vpsapi.Flag            `json:"backups,omitempty"`
		PlanID     vpsapi.Text             `json:"plan_id,omitempty"`
		ServiceID  vpsapi.Text             `json:"service_id,omitempty"`
	}{s.ServerID(), s.Label, s.Hostname, s.IPAddress, s.Location.Name, s.Location.ID, s.Backups, s.PlanID, s.ServiceID}
}

// platformDetail is one server without the id that names it within its location
// alone.
func platformDetail(s vpsapi.PlatformServerDetail) any {
	d := struct {
		Label     vpsapi.Text   `json:"label"`
		Hostname  vpsapi.Text   `json:"hostname"`
		IPs       []vpsapi.Text `json:"ips,omitempty"`
		MemoryMB  *vpsapi.Int   `json:"memory_mb,omitempty"`
		CPUs      *vpsapi.Int   `json:"cpus,omitempty"`
		DiskGB    *vpsapi.Int   `json:"disk_gb,omitempty"`
		System    vpsapi.Text   `json:"operating_system,omitempty"`
		Distro    vpsapi.Text   `json:"operating_system_distro,omitempty"`
		Built     *vpsapi.Flag  `json:"built,omitempty"`
		Booted    *vpsapi.Flag  `json:"booted,omitempty"`
		Suspended *vpsapi.Flag  `json:"suspended,omitempty"`
		Backups   *vpsapi.Flag  `json:"backups,omitempty"`
		Note      vpsapi.Text   `json:"note,omitempty"`
		Password  vpsapi.Secret `json:"initial_root_password,omitempty"`
		Created   vpsapi.Time   `json:"created_at,omitempty"`
	}{
		s.Label, s.Hostname, nil, s.Memory, s.CPUs, s.DiskSize, s.OperatingSystem, s.Distribution, s.Built, s.Booted, s.Suspended, s.Backups, s.Note,
		s.RootPassword, s.CreatedAt,
	}
	for _, w := range s.IPAddresses {
		d.IPs = append(d.IPs, w.IP.Address)
	}
	return d
}

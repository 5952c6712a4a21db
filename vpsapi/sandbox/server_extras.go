package sandbox

import (
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

func serverExtraHandlers() []handler {
	return []handler{
		on(vpsapi.GetRsyncBackupInfo, getRsyncBackupInfo),
		on(vpsapi.ConvertBackupToTemplate, convertBackupToTemplate),
		on(vpsapi.CreateTemplateFromServer, createTemplateFromServer),
		on(vpsapi.ListScheduledUpgrades, listScheduledUpgrades),
		on(vpsapi.CreateScheduledUpgrade, createScheduledUpgrade),
		on(vpsapi.DeleteScheduledUpgrade, deleteScheduledUpgrade),
		on(vpsapi.RestoreServer, restoreServer),
		on(vpsapi.GetBandwidthUtilisation, getBandwidthUtilisation),
		on(vpsapi.GetCPUUtilisation, getCPUUtilisation),
		on(vpsapi.AddDotdefenderLicense, addDotdefenderLicense),
		on(vpsapi.RemoveDotdefenderLicense, removeDotdefenderLicense),
		on(vpsapi.ListAvailableLicenses, listAvailableLicenses),
		on(vpsapi.GetServerLicenses, getServerLicenses),
		on(vpsapi.GetAutoscaling, getAutoscaling),
		on(vpsapi.EditAutoscaling, editAutoscaling),
	}
}

// diskGB is the size of a server's disk, from the number that its text opens
// with; otherwise where the text has none.
func (s *server) diskGB(otherwise int) int {
	text := string(s.DeployedDiskSize)
	digits := text[:len(text)-len(strings.TrimLeft(text, "0123456789"))]
	if n, err := strconv.Atoi(digits); err == nil && n > 0 {
		return n
	}
	return otherwise
}

// countNodes counts the nodes of a type that a server uses; "daily" is the vps
// nodes billed by the day, "vps" the others.
func (a *account) countNodes(s *server, kind vpsapi.Text) int {
	return a.countAllNodes()[s.ID][string(kind)]
}

func decimal(n int) string { return strconv.Itoa(n) }

func isOn(f *vpsapi.Flag) bool { return f != nil && bool(*f) }

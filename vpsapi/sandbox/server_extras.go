package sandbox

import (
	"strconv"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// serverFeatureHandlers returns the handlers of the functions for what belongs to a server: backups by rsync, upgrades,
// licenses, auto scaling.
func serverFeatureHandlers() []handler {
	return []handler{
		handle(vpsapi.GetRsyncBackupInfo, getRsyncBackupInfo),
		handle(vpsapi.ConvertBackupToTemplate, convertBackupToTemplate),
		handle(vpsapi.CreateTemplateFromServer, createTemplateFromServer),
		handle(vpsapi.ListScheduledUpgrades, listScheduledUpgrades),
		handle(vpsapi.CreateScheduledUpgrade, createScheduledUpgrade),
		handle(vpsapi.DeleteScheduledUpgrade, deleteScheduledUpgrade),
		handle(vpsapi.RestoreServer, restoreServer),
		handle(vpsapi.GetBandwidthUtilisation, getBandwidthUtilisation),
		handle(vpsapi.GetCPUUtilisation, getCPUUtilisation),
		handle(vpsapi.AddDotdefenderLicense, addDotdefenderLicense),
		handle(vpsapi.RemoveDotdefenderLicense, removeDotdefenderLicense),
		handle(vpsapi.ListAvailableLicenses, listAvailableLicenses),
		handle(vpsapi.GetServerLicenses, getServerLicenses),
		handle(vpsapi.GetAutoscaling, getAutoscaling),
		handle(vpsapi.EditAutoscaling, editAutoscaling),
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

// decimalText returns a whole number as text.
func decimalText(n int) string { return strconv.Itoa(n) }

// isOn reports a flag that is set to true; a missing one is not.
func isOn(f *vpsapi.Flag) bool { return f != nil && bool(*f) }

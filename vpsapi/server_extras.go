package vpsapi

// serverExtras is the part of the Servers group that stands in the files beside
// servers.go, in the document's order.
var serverExtras = []Operation{
	GetRsyncBackupInfo, ConvertBackupToTemplate, CreateTemplateFromServer,
	ListScheduledUpgrades, CreateScheduledUpgrade, DeleteScheduledUpgrade,
	RestoreServer, GetBandwidthUtilisation, GetCPUUtilisation,
	AddDotdefenderLicense, RemoveDotdefenderLicense,
	ListAvailableLicenses, GetServerLicenses, GetAutoscaling, EditAutoscaling,
}

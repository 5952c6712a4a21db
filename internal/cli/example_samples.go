package cli

import (
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/vpsapi"
)

// toolExampleValues are example values by tool, for arguments that the general ones (samples) do not fit, or that the
// schema leaves optional and a call needs.
var toolExampleValues = map[string]map[string]string{
	vpsapi.EditAutoscaling.Name:         {"max_nodes": `{"enabled": true, "nodes": 2}`},
	vpsapi.EditIP.Name:                  {"notes": "spare"},
	vpsapi.CreateDomain.Name:            {"name": "example.com"},
	vpsapi.CreateDomainRecord.Name:      {"type": "a", "host": "shop", "data": "192.0.2.10", "ttl": "3600"},
	vpsapi.UpdateDomainRecords.Name:     {"domain_records": `[{"type": "ns", "host": "@", "data": ["dns1.vps.net."], "ttl": 86400}, {"type": "a", "host": "www", "data": ["192.0.2.10"], "ttl": 3600}]`},
	vpsapi.EditDomainRecord.Name:        {"ttl": "7200"},
	vpsapi.CreateDNSTemplateRecord.Name: {"type": "a", "host": "shop", "data": "192.0.2.10", "ttl": "3600"},
	vpsapi.EditDNSTemplateRecord.Name:   {"ttl": "7200"},
	vpsapi.EditCustomTemplate.Name:      {"system_template_id": "115", "description": "web servers"},
	vpsapi.DeleteCustomTemplate.Name:    {"system_template_id": "115"},
	vpsapi.AddCloudLinuxTemplate.Name:   {"system_template_id": "106"},
	vpsapi.EditCloudLinuxTemplate.Name:  {"system_template_id": "107"},
	vpsapi.AddWindowsTemplate.Name:      {"system_template_id": "17"},
	vpsapi.EditWindowsTemplate.Name:     {"system_template_id": "17"},
	vpsapi.CreateSSDServer.Name:         {"cloud_id": "160", "system_template_id": "78"},
	vpsapi.RequestJustifiedIPs.Name:     {"ip_justification": `[{"justification_type": "3", "justification_reason": "a certificate"}]`},
	vpsapi.CreatePlatformServer.Name:    {"os_component_code": "SSDVPSDEBIAN12"},
	catalog.WaitForServer:               {"server_id": "1384", "state": "running"},
}

// exampleSetups are the tools for things that a fresh sandbox has none of: their
// example runs after the call that makes one.
var exampleSetups = map[string]string{
	vpsapi.DeleteScheduledUpgrade.Name:   vpsapi.CreateScheduledUpgrade.Name,
	vpsapi.RestoreServer.Name:            vpsapi.ShutdownServer.Name,
	vpsapi.RemoveDotdefenderLicense.Name: vpsapi.AddDotdefenderLicense.Name,
	vpsapi.EditDNSTemplateRecord.Name:    vpsapi.CreateDNSTemplateRecord.Name,
	vpsapi.DeleteDNSTemplateRecord.Name:  vpsapi.CreateDNSTemplateRecord.Name,
	vpsapi.GetSSDServer.Name:             vpsapi.CreateSSDServer.Name,
	vpsapi.ShutdownSSDServer.Name:        vpsapi.CreateSSDServer.Name,
	vpsapi.PowerOffSSDServer.Name:        vpsapi.CreateSSDServer.Name,
	vpsapi.StartSSDServer.Name:           vpsapi.CreateSSDServer.Name,
	vpsapi.RebootSSDServer.Name:          vpsapi.CreateSSDServer.Name,
	vpsapi.DeleteSSDServer.Name:          vpsapi.CreateSSDServer.Name,
	catalog.Undo:                         "a call that can be reversed",
}

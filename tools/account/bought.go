package account

import (
	"context"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// BoughtTemplate is a CloudLinux or Windows template of the account.
type BoughtTemplate struct {
	Id       string
	Template vpsapi.TemplateID
	User     vpsapi.ServerID
}

// Bought lists the bought templates of an operation's family.
func (r *Reader) Bought(ctx context.Context, windows bool) ([]BoughtTemplate, error) {
	var list []BoughtTemplate
	if windows {
		all, err := Read(ctx, r, vpsapi.ListWindowsTemplates, vpsapi.ListWindowsTemplatesIn{})
		for _, t := range all {
			list = append(list, BoughtTemplate{string(t.ID), t.SystemTemplateID, words.UsingServer(t.VirtualMachineID)})
		}
		return list, err
	}
	all, err := Read(ctx, r, vpsapi.ListCloudLinuxTemplates, vpsapi.ListCloudLinuxTemplatesIn{})
	for _, t := range all {
		list = append(list, BoughtTemplate{string(t.ID), t.SystemTemplateID, words.UsingServer(t.VirtualMachineID)})
	}
	return list, err
}

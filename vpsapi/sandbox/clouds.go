package sandbox

import (
	"slices"

	"vpsnet-mcp/vpsapi"
)

// cloudHandlers returns the handlers of the functions for clouds.
func cloudHandlers() []handler {
	return []handler{
		handle(vpsapi.ListClouds, func(a *account, _ vpsapi.ListCloudsIn) ([]vpsapi.Cloud, error) { return a.listClouds(false), nil }),
		handle(vpsapi.ListSSDClouds, func(a *account, _ vpsapi.ListSSDCloudsIn) ([]vpsapi.Cloud, error) { return a.listClouds(true), nil }),
		handle(vpsapi.GetCloud, getCloud),
		handle(vpsapi.ListCloudGroups, listCloudGroups),
	}
}

// seedClouds makes the document's clouds (3, 15, 153, the SSD cloud 160), those
// that its list of templates names (1, 2, 4), and one that is not available.
func seedClouds(a *account) {
	stats := vpsapi.Raw(`{"stats":{"memory":{"usage":"3488","total":"4094","free":"606"},"tasks":{"pending":"3"},` +
		`"templates":{"system":"72","custom":"148"},"disk_space":{"usage":"150.0","total":"232.0","free":"82.0"}}}`)
	for _, c := range []struct {
		id        vpsapi.CloudID
		label     vpsapi.Text
		available vpsapi.Flag
		premium   vpsapi.Money
		ssd       bool
		templates []vpsapi.CloudTemplate
	}{
		{"1", "London Cloud A", true, "0", false, nil},
		{"2", "Salt Lake City Cloud B", true, "0", false, nil},
		{"3", "Test Cloud", true, "0", false, nil},
		{"4", "Amsterdam Cloud C", true, "2.5", false, nil},
		{"15", "Atlanta Cloud D", true, "0", false, nil},
		{"99", "Chicago Cloud E", false, "0", false, []vpsapi.CloudTemplate{}}, // none is offered for new servers
		{"153", "test cloud", true, "0", false, []vpsapi.CloudTemplate{{ID: "78", Label: "Ubuntu 8.04 x64"}, {ID: "92", Label: "Ubuntu 10.04 x64"}}},
		{"160", "test SSD cloud", true, "0", true, []vpsapi.CloudTemplate{{ID: "78", Label: "Ubuntu 8.04 x64"}, {ID: "92", Label: "Ubuntu 10.04 x64"}}},
	} {
		if c.templates == nil {
			c.templates = []vpsapi.CloudTemplate{
				{ID: "41", Label: "CentOS 5.5 x64"}, {ID: "9", Label: "Debian 5.0 x64"}, {ID: "78", Label: "Ubuntu 8.04 x64"},
				{ID: "92", Label: "Ubuntu 10.04 x64"}, {ID: "87", Label: "10.04 (Lucid) x64"},
			}
		}
		made := &cloud{ssd: c.ssd, Cloud: vpsapi.Cloud{
			ID: c.id, Label: c.label, Available: &c.available, Version: ptr(vpsapi.Int(1)),
			PremiumPrice: c.premium, CurrencyCode: "USD", SystemTemplates: c.templates, ClusterStats: stats,
			DailyNodeBandwidth: ptr(vpsapi.Int(100)), MonthlyNodeBandwidth: ptr(vpsapi.Int(150)),
		}}
		if !c.ssd {
			made.FusionIO = ptr(vpsapi.Flag(false))
		}
		a.clouds = append(a.clouds, made)
	}
}

// listClouds leaves out what the document shows for a single cloud alone.
func (a *account) listClouds(ssd bool) []vpsapi.Cloud {
	list := []vpsapi.Cloud{}
	for _, c := range a.clouds {
		if c.ssd == ssd {
			shown := a.shownCloud(c)
			shown.ClusterStats = nil
			list = append(list, shown)
		}
	}
	return list
}

// shownCloud is a cloud with every template that the list of templates has for it.
func (a *account) shownCloud(c *cloud) vpsapi.Cloud {
	shown := c.Cloud
	shown.SystemTemplates = slices.Clone(shown.SystemTemplates)
	for _, group := range a.templateGroups {
		for _, t := range group.Templates {
			for _, on := range t.Clouds {
				known := func(own vpsapi.CloudTemplate) bool { return own.ID == on.SystemTemplateID }
				if on.CloudID == c.ID && !slices.ContainsFunc(shown.SystemTemplates, known) {
					shown.SystemTemplates = append(shown.SystemTemplates, vpsapi.CloudTemplate{ID: on.SystemTemplateID, Label: t.Name})
				}
			}
		}
	}
	return shown
}

// getCloud answers get_cloud from the account in memory.
func getCloud(a *account, in vpsapi.GetCloudIn) (vpsapi.Cloud, error) {
	c, err := a.cloud(in.CloudID)
	if err != nil {
		return vpsapi.Cloud{}, err
	}
	shown := a.shownCloud(c)
	shown.PremiumPrice, shown.CurrencyCode, shown.DailyNodeBandwidth, shown.MonthlyNodeBandwidth = "", "", nil, nil
	return shown, nil
}

// listCloudGroups gives one group for each kind of cloud; nobody has published
// the reply.
func listCloudGroups(a *account, _ vpsapi.ListCloudGroupsIn) (vpsapi.Raw, error) {
	var standard, ssd []vpsapi.CloudID
	for _, c := range a.clouds {
		if c.ssd {
			ssd = append(ssd, c.ID)
		} else {
			standard = append(standard, c.ID)
		}
	}
	group := func(id int, label string, clouds []vpsapi.CloudID) vpsapi.Object {
		return vpsapi.Object{{Key: "cloud_group", Value: vpsapi.Object{{Key: "id", Value: id}, {Key: "label", Value: label}, {Key: "clouds", Value: clouds}}}}
	}
	return vpsapi.RawOf([]vpsapi.Object{group(1, "Standard", standard), group(2, "SSD", ssd)})
}

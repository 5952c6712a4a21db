package sandbox

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// createServer buys the nodes that the account lacks. Whether the real service
// does so itself is unknown.
func createServer(a *account, in vpsapi.CreateServerIn) (vpsapi.Server, error) {
	var storage, ram vpsapi.Int
	if in.StorageNodes != nil {
		storage = *in.StorageNodes
	}
	if in.RAMNodes != nil {
		ram = *in.RAMNodes
	}
	faults := slices.Concat(checkLabel(in.Label), checkName("fqdn", in.FQDN), checkCount("slices_required", in.SlicesRequired, 1),
		checkCount("storage_nodes_required", storage, 0), checkCount("ram_nodes_required", ram, 0),
		a.checkCloud(in.CloudID), a.checkTemplate(in.CloudID, in.SystemTemplateID), new(server).checkLicenses(in.Licenses))
	if len(faults) > 0 {
		return vpsapi.Server{}, invalid(faults...)
	}
	s := a.newServer(vpsapi.Server{
		Label: vpsapi.Text(in.Label), CloudID: in.CloudID, SystemTemplateID: in.SystemTemplateID, ConsumerID: in.ConsumerID,
		BackupsEnabled: &in.BackupsEnabled, RsyncEnabled: &in.RsyncEnabled, R1SoftEnabled: in.R1SoftEnabled,
	}, in.FQDN, int(in.SlicesRequired))
	a.setNodes(s, storageNodes, int(storage))
	a.setNodes(s, ramNodes, int(ram))
	a.changeLicenses(s, in.Licenses)
	return a.serverView(s), nil
}

// createInstantServer hands out a small server that was built in advance.
func createInstantServer(a *account, in vpsapi.CreateInstantServerIn) (vpsapi.Server, error) {
	c := a.instantCloud(string(in.Country))
	if c == nil {
		return vpsapi.Server{}, invalid("country", "No instant server is available there")
	}
	s := a.addServer(vpsapi.Server{CloudID: c.ID, SystemTemplateID: c.SystemTemplates[0].ID}, "", 1)
	s.Label = vpsapi.Text("Instant Server " + string(s.ID))
	s.rename(fmt.Sprintf("instant%s.example.com", s.ID))
	a.build(s, instantTime, "build")
	return a.serverView(s), nil
}

// countryNames are the words by which a cloud's label tells its country.
var countryNames = map[string]*regexp.Regexp{
	"1": regexp.MustCompile(`(?i)\b(uk|london|england|united kingdom)\b`),
	"2": regexp.MustCompile(`(?i)\b(us|usa|united states|atlanta|chicago|dallas|new york|los angeles|salt lake city|miami)\b`),
}

// instantCloud picks a cloud with templates in a country, or any where no label
// tells the country.
func (a *account) instantCloud(country string) *cloud {
	name, known := countryNames[country]
	if !known {
		return nil
	}
	var first *cloud
	for _, c := range a.clouds {
		switch {
		case c.ssd || !c.isAvailable() || len(c.SystemTemplates) == 0:
		case name.MatchString(string(c.Label)):
			return c
		case first == nil:
			first = c
		}
	}
	return first
}

// isAvailable takes a cloud that does not say so for available.
func (c *cloud) isAvailable() bool { return c.Available == nil || bool(*c.Available) }

// build makes a server from its template; what was on it is lost. Its password
// stays the one that the account shows.
func (a *account) build(s *server, d time.Duration, action string) {
	s.setBooted(false)
	s.Built, s.Status = ptr(vpsapi.Flag(false)), statusBuilding
	a.pending(s, d, action, func() {
		s.Built = ptr(vpsapi.Flag(true))
		s.setBooted(true)
	})
}

// rebuildServer takes a server that is still being built: its build begins again.
func rebuildServer(a *account, in vpsapi.RebuildServerIn) (vpsapi.Raw, error) {
	s, err := a.server(in.ServerID)
	if err == nil && s.built() {
		err = requireIdle(s)
	}
	if err == nil {
		err = a.rebuild(s, in.SystemTemplateID, "rebuild")
	}
	if err != nil {
		return nil, err
	}
	return a.reply(s)
}

// reinstallServer answers reinstall_cloud_server from the account in memory.
func reinstallServer(a *account, in vpsapi.ReinstallServerIn) (vpsapi.Server, error) {
	return reinstallAsBefore(a, vpsapi.RebuildServerIn(in))
}

// reinstallAsBefore answers a rebuild or reinstall, from the server's own template unless another is given.
func reinstallAsBefore(a *account, in vpsapi.RebuildServerIn) (vpsapi.Server, error) {
	s, err := a.idleServer(in.ServerID)
	if err == nil {
		err = a.rebuild(s, in.SystemTemplateID, "reinstall")
	}
	if err != nil {
		return vpsapi.Server{}, err
	}
	return a.serverView(s), nil
}

// rebuild installs a server anew from a template; its disk is empty afterwards.
func (a *account) rebuild(s *server, template vpsapi.TemplateID, action string) error {
	if template != "" && template != s.SystemTemplateID {
		if faults := a.checkTemplate(s.CloudID, template); len(faults) > 0 {
			return invalid(faults...)
		}
		s.SystemTemplateID = template
	}
	a.build(s, buildTime, action)
	return nil
}

// The faulty functions give a pair of field and message for what is wrong with
// a value, and nothing for a good one.

// plainLabel is what a label may be made of.
var plainLabel = regexp.MustCompile(`^[A-Za-z0-9 ._-]+$`)

// checkLabel returns the faults of a server's label, as pairs of field and message.
func checkLabel(label string) []string {
	switch {
	case strings.TrimSpace(label) == "":
		return []string{"label", "can't be blank"}
	case !plainLabel.MatchString(label):
		return []string{"label", "can't contain special characters"}
	}
	return nil
}

// fullName is the form of a fully qualified domain name.
var fullName = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]*[A-Za-z][A-Za-z0-9-]*$`)

// checkName returns the faults of a host name, as a pair of field and message.
func checkName(field, fqdn string) []string {
	if !fullName.MatchString(fqdn) {
		return []string{field, "must be a fully qualified domain name"}
	}
	return nil
}

// checkCount returns the faults of a number of nodes, as a pair of field and message.
func checkCount(field string, count vpsapi.Int, least vpsapi.Int) []string {
	switch {
	case count < least:
		return []string{field, fmt.Sprintf("must be at least %d", least)}
	case count > maxCount:
		return []string{field, fmt.Sprintf("must be at most %d", maxCount)}
	}
	return nil
}

// maxCount bounds what one request buys: the sandbox lives in memory.
const maxCount = 1000

// checkCloud returns the faults of a cloud's id, as a pair of field and message.
func (a *account) checkCloud(id vpsapi.CloudID) []string {
	c, err := a.cloud(id)
	switch {
	case err != nil:
		return []string{"cloud_id", "is not a cloud"}
	case c.ssd:
		return []string{"cloud_id", "is for SSD virtual machines alone"}
	case !c.isAvailable():
		return []string{"cloud_id", "is not available for new virtual machines"}
	}
	return nil
}

// checkTemplate looks for a template where the account may have it: among the
// cloud's own, in the groups of the template list, and among the custom ones,
// which fit everywhere.
func (a *account) checkTemplate(id vpsapi.CloudID, template vpsapi.TemplateID) []string {
	if _, err := a.template(template); err != nil {
		return []string{"system_template_id", "is not a template"}
	}
	c, err := a.cloud(id)
	if err != nil {
		return nil // the cloud is the fault
	}
	custom := slices.ContainsFunc(a.customTemplates, func(t *vpsapi.SystemTemplate) bool { return t.ID == template })
	own := slices.ContainsFunc(c.SystemTemplates, func(t vpsapi.CloudTemplate) bool { return t.ID == template })
	if custom || own || a.isOnCloud(id, template) {
		return nil
	}
	return []string{"system_template_id", fmt.Sprintf("is not available on cloud %s", id)}
}

// isOnCloud reports a template that a cloud has.
func (a *account) isOnCloud(id vpsapi.CloudID, template vpsapi.TemplateID) bool {
	for _, group := range a.templateGroups {
		for _, t := range group.Templates {
			if slices.Contains(t.Clouds, vpsapi.TemplateCloud{CloudID: id, SystemTemplateID: template}) {
				return true
			}
		}
	}
	return false
}

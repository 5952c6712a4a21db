package sandbox

import (
	"fmt"
	"strings"

	"vpsnet-mcp/vpsapi"
)

// documentTraffic is what the document's servers, and new ones, send and receive in an hour at full load, in KB.
const documentTraffic = 31_000

// seedServers makes the document's servers, then those that the options ask for.
// Their nodes and addresses are made by the seeds of those groups, which read
// here how many nodes of each type a server is to have.
func seedServers(a *account) {
	a.servers = append(a.servers, documentServer(vpsapi.Server{
		ID: "1384", Label: "Web Server 01", Hostname: "web01", Password: "a8hjsjnbs91",
		RsyncEnabled:   ptr(vpsapi.Flag(true)),
		DelayedStorage: ptr(vpsapi.Flag(true)), DelayedStorageUntil: ptr(vpsapi.Time("2010-05-01T10:00:00-04:00")),
	}), documentServer(vpsapi.Server{
		ID: "1385", Label: "MySQL Server 01", Hostname: "mysql01", Password: "dsi8h38hd2s",
		RsyncEnabled:   ptr(vpsapi.Flag(false)),
		DelayedStorage: ptr(vpsapi.Flag(false)),
	}))
	for i := range a.options.Servers {
		a.servers = append(a.servers, generatedServer(a, i))
	}
}

// documentServer adds what the document's two servers have in common.
func documentServer(v vpsapi.Server) *server {
	v.DomainName, v.CloudID, v.SystemTemplateID, v.ConsumerID = "demodomain.com", "3", "41", noConsumer
	v.PowerActionPending, v.Built = ptr(vpsapi.Flag(false)), ptr(vpsapi.Flag(true))
	v.BackupsEnabled, v.R1SoftEnabled = ptr(vpsapi.Flag(false)), ptr(vpsapi.Flag(false))
	v.RegularNodesCount, v.DeployedDiskSize = ptr(vpsapi.Int(2)), gigabytes(2*diskGBPerNode)
	v.CreatedAt, v.UpdatedAt = "2009-04-16T08:17:39-04:00", "2009-05-15T06:55:02-04:00"
	s := &server{Server: v, fullTraffic: documentTraffic, log: []logEntry{
		{1, "build", "complete", "2009-04-16T08:19:52-04:00"},
		{2, "reboot", "complete", "2009-05-15T06:55:02-04:00"},
	}}
	s.setBooted(true)
	return s
}

// generatedRoles are what servers of a generated fleet are called after.
var generatedRoles = []string{"web", "app", "db", "cache", "mail", "queue", "worker", "proxy"}

// generatedServer makes one of a fleet: spread over the clouds, some stopped,
// some without backups, some on daily nodes, some of a consumer.
func generatedServer(a *account, i int) *server {
	role, no := generatedRoles[i%len(generatedRoles)], i/len(generatedRoles)+1
	nodes := 1 + a.rng.IntN(6)
	created := formatTime(a.now.AddDate(0, 0, -1-a.rng.IntN(700)))
	s := &server{Server: vpsapi.Server{
		ID:       newID[vpsapi.Server](a),
		Label:    vpsapi.Text(fmt.Sprintf("%s%s %03d", strings.ToUpper(role[:1]), role[1:], no)),
		Hostname: vpsapi.Text(fmt.Sprintf("%s%03d", role, no)), DomainName: "fleet.example.com",
		ConsumerID: noConsumer, Password: a.password(),
		PowerActionPending: ptr(vpsapi.Flag(false)), Built: ptr(vpsapi.Flag(true)),
		BackupsEnabled: ptr(vpsapi.Flag(i%3 != 2)), RsyncEnabled: ptr(vpsapi.Flag(i%4 == 0)), R1SoftEnabled: ptr(vpsapi.Flag(false)),
		DelayedStorage: ptr(vpsapi.Flag(false)),
		SlicesCount:    ptr(vpsapi.Int(nodes)), DeployedDiskSize: gigabytes(nodes * diskGBPerNode),
		CreatedAt: created, UpdatedAt: created,
	}, fullTraffic: 1 + a.rng.IntN(300_000)}
	s.CloudID, s.SystemTemplateID = generatedPlace(a, i)
	if i%10 == 9 {
		s.DailyNodesCount = ptr(vpsapi.Int(nodes))
	} else {
		s.RegularNodesCount = ptr(vpsapi.Int(nodes))
	}
	if i%5 == 4 {
		s.ConsumerID = vpsapi.ConsumerID(fmt.Sprint(100 + i%3))
	}
	s.setBooted(i%7 != 6)
	return s
}

// generatedPlace takes the clouds in turn, and of each its templates in turn.
func generatedPlace(a *account, i int) (vpsapi.CloudID, vpsapi.TemplateID) {
	var open []*cloud
	for _, c := range a.clouds {
		if !c.ssd && c.isAvailable() && len(c.SystemTemplates) > 0 {
			open = append(open, c)
		}
	}
	if len(open) == 0 {
		return "3", "41"
	}
	c := open[i%len(open)]
	return c.ID, c.SystemTemplates[i/len(open)%len(c.SystemTemplates)].ID
}

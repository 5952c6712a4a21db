package tools

import (
	"slices"
	"strings"
)

// phrases of several words that mean one; the longer ones first.
var phrases = [][2]string{
	{"who am i", "profile"}, {"get rid of", "delete"}, {"shut down", "shutdown"}, {"shuts down", "shutdown"},
	{"turn off", "shutdown"}, {"switch off", "shutdown"}, {"power down", "shutdown"},
	{"turn on", "start"}, {"switch on", "start"}, {"power on", "start"}, {"power up", "start"}, {"boot up", "start"}, {"start up", "start"},
	{"power off", "poweroff"}, {"pull the plug", "poweroff"}, {"cut the power", "poweroff"}, {"force off", "poweroff"}, {"forcefully", "poweroff"},
	{"bring back", "recover"}, {"roll back", "restore"}, {"rolled back", "restore"}, {"set up", "create"}, {"spin up", "create"},
	{"give up", "delete"}, {"take off", "delete"}, {"back up", "create backup"}, {"backs up", "create backup"},
	{"operating system", "template"}, {"data center", "cloud"}, {"data centers", "cloud"}, {"data centre", "cloud"}, {"data centres", "cloud"}, {"operating systems", "template"}, {"name server", "nameserver"}, {"name servers", "nameserver"},
	{"auto scaling", "autoscaling"}, {"auto scale", "autoscaling"}, {"ip address", "ip"}, {"ip addresses", "ip"},
	{"cloud server", "server"}, {"cloud servers", "server"}, {"virtual machine", "server"}, {"virtual machines", "server"},
	{"control panel", "license"}, {"support ticket", "ticket"}, {"support tickets", "ticket"}, {"change owner", "edit consumer"},
	{"what happened", "activity log"}, {"do i owe", "billing balance"}, {"i owe", "billing balance"}, {"from scratch", "reinstall"},
}

// synonyms by the word that the tools use.
var synonyms = invert(map[string]string{
	"server":      "vps vm box machine instance computer node01",
	"list":        "show see view which all available my our overview",
	"get":         "one single details detail properties property info information read inspect look fetch download",
	"create":      "add new extra additional another more make buy order purchase deploy provision launch register issue",
	"delete":      "remove destroy drop cancel kill terminate discard erase",
	"edit":        "change update modify rename set adjust alter resize swap point assign note tune",
	"reboot":      "restart bounce cycle",
	"start":       "boot",
	"shutdown":    "stop halt graceful gracefully",
	"recover":     "undelete undo rescue recoverable undeleted",
	"reinstall":   "wipe reformat format fresh install",
	"restore":     "revert rollback",
	"backup":      "snapshot backups",
	"bandwidth":   "traffic transfer network_utilisation",
	"cpu":         "processor load busy",
	"utilisation": "usage used utilization graph consumption statistics",
	"template":    "image images os distro distribution iso",
	"cloud":       "location locations datacenter datacentre region zone_location place",
	"domain":      "zone",
	"billing":     "balance money credit credits owe funds",
	"invoice":     "bill bills receipt",
	"ticket":      "support case help complaint",
	"reply":       "answer respond response",
	"nameserver":  "host nameservers ns",
	"profile":     "account owner me user",
	"password":    "passwd passphrase credentials login",
	"storage":     "disk",
	"ram":         "memory",
	"license":     "cpanel directadmin ispmanager licence licences licenses",
	"clone":       "copy duplicate cloning",
	"activity":    "history happened lately recent events",
	"scheduled":   "schedule burst bursts planned timed later tonight",
	"reassign":    "move transfer_ip",
	"justified":   "justify justification reason",
	"price":       "cost costs expensive pricing",
	"dotdefender": "firewall waf",
	"managed":     "proactive",
	"exist":       "exists known taken",
	"convert":     "turn",
	"open":        "contact ask raise submit",
	"search":      "find look_up lookup hostname",
	"key":         "textkey textkeys type",
	"network":     "interfaces interface configuration",
})

func invert(by map[string]string) map[string]string {
	out := map[string]string{}
	for word, others := range by {
		for _, other := range strings.Fields(others) {
			out[other] = word
		}
	}
	return out
}

// noise says nothing about which tool is meant.
var noise = func() map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(`a an the of to for in on at by from with and or it its this that these is are was be been
		do does did can could i you we me please want need how much many what where when there any some as into out up down
		one use using used via also only not no than then more most own their his her your if will would should has have had`) {
		out[word] = true
	}
	return out
}()

// A query without a verb is a question: what only reads answers it.
const forQuestions = 1.2

var verbs = []string{"create", "delete", "edit", "reboot", "start", "shutdown", "poweroff", "recover", "reinstall", "restore", "convert", "reassign", "reply", "close", "deploy", "rebuild", "reset", "open", "clone", "remove", "check"}

func asksForChange(asked []string) bool {
	return slices.ContainsFunc(asked, func(w string) bool { return slices.Contains(verbs, w) })
}

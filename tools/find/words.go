package find

import (
	"slices"
	"strings"
	"sync"
)

// The tables below are made when a query first needs them: a start does not wait.

// verbs returns, by verb, the classes that it can mean.
var verbs = sync.OnceValue(func() map[string][]string {
	return invertWords(map[string]string{
		readClass: "review monitor track audit count compare peek consult learn understand show see view display look print give tell check know read fetch retrieve get list details detail properties overview browse enumerate inventory inspect explain report",
		Create:    "arrange double serve push ask use needs wants bring establish craft compose produce initiate introduce append tack grab install grant hook author draft create add make new buy order purchase acquire obtain provision deploy launch point register rent put insert extra another more additional build spawn stand request define generate attach include store write take need want allocate second lease save host give",
		Delete:    "cut erase bin toss chuck axe zap dump expunge eliminate cull retract withdraw undeploy deprovision tear shred eradicate void lose deregister unregister unassign junk unsub delete remove destroy drop cancel kill terminate discard erase nuke scrap retire dispose trash purge release ditch unsubscribe decommission clear uninstall abandon surrender stop quit abort end throw free clean detach relinquish return reclaim strip revoke",
		Edit: `exchange mark remember moved cut trade downscale upscale reword retitle amend shift repoint revise patch rectify remap adapt customise customize override retarget repair edit change update modify rename set adjust alter tweak correct fix replace switch swap tune reconfigure amend point redirect relabel
		resize increase decrease raise lower grow shrink scale enlarge expand reduce bump upgrade downgrade move give assign enable disable activate deactivate configure turn exchange overwrite hand fill put note annotate transfer describe switchon switchoff make give bigger smaller larger better downsize upsize beef improve rewrite`,
		Act: `image capture ask justify kick revive power install reboot restart bounce cycle start boot wake shutdown stop halt poweroff switchon switchoff rebuild reinstall wipe reformat format restore revert rollback recover undelete
		rescue resurrect unerase reset convert use utilise turn promote reassign move transfer shift relocate reroute clone copy duplicate replicate mirror deploy claim expand extend save redo refresh overwrite switch swap report end finish mark reimage request ask justify apply open contact raise
		submit file reply respond answer close resolve finish regenerate undo reverse schedule plan write message force kill`,
	})
})

// Words for several things, and for one.
var (
	// pluralWords are words that ask for several things.
	pluralWords = strings.Fields("all every each many everything various several list two three four five ten couple")
	// singularWords are words that ask for one thing.
	singularWords = strings.Fields("single particular specific details detail properties one")
)

// synonyms gives the words that the tools use for a word.
var synonyms = sync.OnceValue(func() map[string][]string {
	return stemMeanings(invertWords(map[string]string{
		// things
		"server":      "vps vm vms vpses box boxes machine instance computer slice droplet guest host vds vserver vservers webserver webservers fleet",
		"node":        "compute nodes unit units block blocks",
		"ip":          "ips ipv4 ipv6 address addresses v4 v6",
		"backup":      "snapshot snapshots save backups archive archives checkpoint checkpoints savepoint",
		"rsync":       "sftp ftp",
		"clone":       "copy copies duplicate replica replicate twin mirror duplication clones cloned copied twins doppelganger",
		"cloud":       "germany london dallas amsterdam paris france chicago europe american america asia location datacenter datacentre region place where facility city country hosted locations datacenters datacentres regions places cities countries continent continents geography sites",
		"groups":      "together cluster clusters clustered family families grouping grouped",
		"ssd":         "solidstate nvme flash",
		"domain":      "zone zones website websites site webpage tld fqdn",
		"record":      "alias aliases entry entries cname mx txt aaaa srv subdomain ptr spf hostrecord line lines row rows dkim dmarc caa tlsa soa naptr cnames www subdomains",
		"dns":         "zone",
		"hosts":       "nameserver nameservers ns",
		"template":    "pattern patterns image images os iso isos preset presets blueprint blueprints layout layouts boilerplate boilerplates skeleton skeletons scaffold model models starter starters golden",
		"distro":      "os distros distribution ubuntu debian centos linux fedora gentoo rocky almalinux alma rhel redhat suse opensuse arch freebsd",
		"content":     "inside contain contents contains",
		"windows":     "microsoft win2012 rdp win",
		"cloudlinux":  "cloudlinuxos",
		"custom":      "private self homemade personal ourselves myself handmade inhouse bespoke selfmade",
		"system":      "provided stock standard official builtin default vendor",
		"ticket":      "case complaint inquiry enquiry issue support helpdesk fault incident cases complaints issues tickets enquiries inquiries incidents thread threads correspondence",
		"support":     "staff human humans people team help someone provider agent agents operator operators helpline engineer engineers technician technicians",
		"invoice":     "accountant accounting tax charge charges charged bill bills receipt receipts statement invoices billed",
		"billing":     "balance money credit credits owe funds owing debt billing prepaid card wallet prepayment deposit payable owed",
		"profile":     "account owner company contact timezone email phone identity contacts",
		"password":    "passwd passphrase credential credentials login pw passwords superuser administrator passcode pwd",
		"storage":     "disk disks drive space volume volumes filesystem partition gb gigabyte gigabytes gigs tb hdd",
		"ram":         "memory mem",
		"license":     "extras cpanel directadmin ispmanager licence licences licenses plesk panel addon addons softaculous whmcs panels",
		"dotdefender": "firewall waf hackers injection exploits",
		"autoscaling": "autoscaled autoscale autoscaler scaling elastic",
		"bandwidth":   "traffic transfer network_usage throughput transferred bytes outgoing incoming inbound outbound egress ingress upload download uploaded downloaded",
		"cpu":         "processor load busy cpus processors utilisation core cores loaded",
		"utilisation": "usage used utilization consumption statistics stats graph metrics consumed graphs chart charts",
		"activity":    "history who happened events event actions action audit timeline trail",
		"log":         "history events journal",
		"scheduled":   "queue queued arrange campaign sunday monday saturday schedule burst bursts planned upcoming later tonight tomorrow future temporary temporarily timed friday weekend booked plan booking bookings dated timer peak",
		"upgrade":     "burst bursts upgrades boost",
		"managed":     "proactive management",
		"network":     "interfaces interface networking nic eth0 netplan connectivity nics ethernet",
		"justified":   "reasons justification justify justification justifications explain reason reasons justifying",
		"exist":       "exists known taken belong belongs recognised recognized valid",
		"service":     "textkey textkeys",
		"type":        "key keys kind kinds textkeys",
		"consumer":    "whom customer client customers clients tenant tenants reseller resellers",
		"note":        "remark remarks comment comments memo annotation reminder notes",
		"price":       "cost costs expensive pricing fee charge charges prices fees pricey tariff rate rates chargeable",
		// doings with a name of their own
		"reboot":    "kick restart bounce cycle restarting recycle",
		"start":     "boot wake switchon booted awake",
		"shutdown":  "stop halt switchoff",
		"poweroff":  "plug force forced hard unplug hang hung kill frozen unresponsive stuck yank abruptly brutally unconditionally",
		"recover":   "restorable undelete rescue undeleted resurrect unerase recoverable resuscitate revive oops",
		"reinstall": "reimage wipe reformat format fresh",
		"rebuild":   "regenerate redo refresh",
		"restore":   "overwrite revert rollback",
		"reset":     "forgot forgotten lost",
		"convert":   "turn promote transform",
		"reassign":  "move transfer shift relocate reroute swap switch",
		"reply":     "answer respond response message",
		"open":      "raise submit file contact",
		"close":     "shut resolve resolved finish solved end",
		"search":    "find lookup locate hunt",
		"undo":      "reverse",
		"diagnose":  "wrong slow troubleshoot unreachable problem",
		"instant":   "immediately immediate instantly quick quickly quickest fastest soonest asap fast premade prebuilt rapid rapidly express speedy seconds preinstalled preconfigured prepared",
		"available": "sale offered offer",
		"rename":    "relabel rename",
		"wait":      "until",
		"history":   "",
		"check":     "verify",
		"fast":      "",
		"file":      "",
		"wrong":     "",
		"stuck":     "",
		"save":      "",
		"apply":     "",
		"status":    "state",
		"pay":       "paid paying payment payments",
		"switchon":  "enable enabled",
		"automatic": "automatically automated",
		"off":       "stopped halted offline",
		"bought":    "purchased acquired",
		"request":   "apply",
	}))
})

// singular are words that end like a plural and are none.
var singular = strings.Fields("vps dns os details properties yours uses hangs bytes is this does has ns status address windows us access stats whats always")

// questions are the words a question begins with.
var questions = strings.Fields("what which who whose when where is are how does do did whats am was were can will has have list why")

// prepositions come before what is not itself asked for.
var prepositions = strings.Fields("of for from with in on to at into onto by about under")

// noiseWords says nothing about which tool is meant.
var noiseWords = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for _, word := range strings.Fields(`a an the of to for in at by from with and or it its this that these those is are was be been being
		do does did can could i you we me my our please want need there some into out up down us so if them they
		use using via also only not no than then most their his her your will would should has have had am im ive
		just now right how what which who whose when whats let lets go here about like got currently please n s t d ll re dont cant isnt under over between within across after before during onto existing each while because since any some why on much information info anything something else quite really own as hosting com org`) {
		out[word] = true
	}
	return out
})

// invertWords turns a table of "meaning: words" into one of the meanings by word.
func invertWords(by map[string]string) map[string][]string {
	out := map[string][]string{}
	put := func(key, value string) {
		if !slices.Contains(out[key], value) {
			out[key] = append(out[key], value)
			slices.Sort(out[key])
		}
	}
	for word, others := range by {
		for _, other := range strings.Fields(others + " " + word) {
			put(other, word)
		}
	}
	return out
}

// stemMeanings gives the meanings by their stems, and a word's by its own stem too.
func stemMeanings(meanings map[string][]string) map[string][]string {
	out := map[string][]string{}
	for word, means := range meanings {
		for _, key := range []string{word, stem(word)} {
			if _, ok := meanings[key]; ok && key != word {
				continue
			}
			for _, m := range means {
				if !slices.Contains(out[key], stem(m)) {
					out[key] = append(out[key], stem(m))
				}
			}
			slices.Sort(out[key])
		}
	}
	return out
}

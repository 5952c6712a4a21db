package tools

import (
	"strings"
	"sync"
)

// phrases of several words that mean one, the first that fits first; * stands
// for none to four words.
var phrases = sync.OnceValue(func() []phrase {
	var out []phrase
	for _, line := range strings.Split(strings.TrimSpace(phraseTable), "\n") {
		means, said, _ := strings.Cut(strings.TrimSpace(line), ":")
		for _, s := range strings.Split(said, ",") {
			out = append(out, phraseOf(strings.TrimSpace(s), means))
		}
	}
	return out
})

const phraseTable = `
	switchoff: turned off, switched off, turn * off, switch * off
	: on my account, on the account, on this account, on our account, in my account, in the account, from my account, to my account, from the account, to the account, of my account
	timezone: time zone
	permanently: for good, for ever
	bulk: in one go, in one step, in bulk, all at once
	price: free of charge, cost anything, cost extra, for free
	list invoices: billing history, payment history
	recover: undo * deletion, undo * removal, undo the delete, reverse * deletion
	dns hosts: dns server, dns servers
	poweroff: power * off, powered off, pull the power, cut the power, cut power, force * off, forced off, forcefully, hard stop, hard shutdown, hard off, force stop
	create: give me a new, give me another, give me an extra, give me more, give me one more
	wait: tell me when, let me know when, notify me when, wait till
	list outstanding tickets: open tickets, unanswered tickets
	open ticket: report a, report an, report this, report the problem
	convert backup: out of a backup, out of my backup, out of * backup, out of * snapshot, from a backup, from a snapshot, from my backup, from my snapshot
	search: who uses, which * has, which * uses, which * owns, which * holds, who owns, who has
	reply: add * to my ticket, add * to a ticket, add * to the ticket
	history: what did you, have you changed, did you change, you changed
	undo: what you just did, what you did, undo
	custom: my own, our own
	automatic: by itself, on its own, by themselves
	show: give me, let me see, i want to see, tell me
	want: how do i, how can i, how to, how would i, is there a way to, is it possible to, help me, i would like, id like, i want to, i need to
	get profile: who am i, about me, my details, account holder
	get: look at one, tell me about, show me one, details of, details about, details for, details on
	list: how many, do i have, have i got, do we have, are there, to choose from, can i choose, can i pick, show all
	delete: get rid of, gets rid of, throw out, let go of, stop paying for, stop paying, stop using, stop billing, stop hosting, stop serving, stop renting, no longer want, no longer use, changed my mind, dont want, dont do, do not do, do not need, do not want, opt out of, do without, no longer need, dont need, not needed, back out of
	delete: take * away, take * down, take * off, throw * away, give * up, give * back, let * go, take * out, call * off, hand * back
	start: powered on, turn * back on, switch * back on, get * running, get * online, get * going, power * on, power * back up, power * up, boot * back up, boot * up, start * up, bring * up, bring * online
	recover: come back, comes back, get * back, bring * back, brought * back, save * from deletion
	restore: rolled back, roll * back, go back to, put * back, back to an earlier, back to how
	reassign: move over, carry over
	available: can i get, can i buy, can i order, can i purchase, can i install, could i buy, could i get, for sale, on sale, on offer, do you sell, do you offer, do you have, could i install, to install, to buy, can be bought, can be installed, can i add, i can buy, i can install, i can get, i can add
	create: get another, get an extra, get more, get a new, get an additional, get a second
	create: sets up, setting up, fire up, stand up, get me, sign up for, put in, put up, set * up, spin * up
	create backup: backs up, backing up, backup my, backup the, backup this, backup a, snapshot my, snapshot the, snapshot this, take a backup, take snapshot, take backup, snapshot server, backup server, snapshot vps, backup vps, snapshot vm, backup vm, back * up, backup now
	switchon: turned on, switched on, turn * on, switch * on
	shutdown: shuts down, shutting down, shut * down, power down, bring * down, take * offline
	reinstall: from scratch, start over, start afresh, clean install, fresh install, fresh os, factory reset, blank slate
	template: operating system, base image
	templates: operating systems, base images
	cloud: data center, data centre
	clouds: data centers, data centres
	zonefile: zone files, bind file, zone * file
	hosts: name server, name servers, nameserver, nameservers
	autoscaling: auto scaling, auto scale, automatic scaling, scale automatically, scaled automatically, grow automatically, scaling automatically, scales automatically, scale itself, scales itself
	ip: ip address, ip number, public address
	ips: ip addresses, ip numbers, public addresses
	servers: cloud servers, virtual machines, virtual servers, virtual private servers
	server: cloud server, virtual machine, virtual server, virtual private server
	license: control panel
	licenses: control panels
	tickets: support tickets, support cases, support requests
	ticket: support ticket, support case, support request, help request, help desk ticket
	ssd: solid state
	domains: domain names, dns zones, dns domains
	domain: domain name, dns zone, dns domain
	record: dns record, resource record
	dns template: zone template, record template, domain template, zone preset, dns preset, record set template, template for domains, template for dns
	templates dns: zone templates, domain templates, dns presets, templates for domains, record sets
	list activity log: what happened, what has happened, what was done, what has been done
	billing: do i owe, i owe, we owe, account credit
	root password: root login, admin password, administrator password, root access
	scheduled upgrade: scheduled upgrades, temporary boost, temporary upgrade
	instant: right away, straight away, this minute, in a hurry, ready made, pre built, no waiting, without waiting, ready to go
	managed: pro active, looked after
	search: look up, look for, looking for
	service: text key, text keys
	rename: change the name, change the label, change name, change label, new name, new label
	cloudlinux: cloud linux
	reverse dns: rdns
`

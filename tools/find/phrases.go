package find

import (
	"strings"
	"sync"
)

// phrases of several words that mean one, the first that fits first; * stands
// for none to four words, (s) for a plural or none.
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

// phraseTable lists, by tool, phrases that mean it more surely than their words do one by one.
const phraseTable = `
	fleetreport: anything down, anything off, anything wrong, anything broken, everything ok, everything okay, everything fine, everything all right, needs my attention, needs attention, need my attention, need attention, morning check, health check, check on everything, overview of everything, overview of my account, no backup(s), without backup(s), without a backup, lack backup(s), never backed up, not backed up
	costreport: wasting money, waste money, waste of money, save money, saving money, spend less, pay less, am i paying, are we paying, do i pay, do we pay, i am paying, i pay for, what i pay, what we pay, traffic limit, traffic allowance, over * traffic, exceed * traffic, run out of traffic, traffic * left, bandwidth * left, enough traffic, enough bandwidth, bill so high, bill so big, cost so much, total cost(s), monthly bill, monthly cost(s), costs a month, cost a month, costs per month, cost per month, a month for, spend a month, spending a month
	diagnose server: is down, are down, went down, goes down, keeps going down, not load, doesnt load, wont load, not loading, loads slowly, times out, time out, timing out, keeps crashing, crashes, crashed, cannot reach, cant reach, not reach, not reachable, doesnt open, not open, not answering, does not answer, doesnt answer, is slow, so slow, feels slow, very slow, is it slow, sluggish, laggy
	changehistory: who changed, who deleted, who removed, who touched, who did, what did you do, what was changed, what changed, in this session, what have you done
	undo: take that back, take it back, take this back, put it back as it was, put that back, made a mistake, was a mistake, as it was before
	export zone: me the whole zone, see the whole zone, me the entire zone, zone look like, zone looks like, zone * to a file, dns * to a file, records * to a file
	apply zonefile: with this file, with a file, from this file, from a file, by this file
	recoverable servers: in the trash, in the bin, recycle bin, trash bin, trash can, graveyard
	restore backup: load * backup, load * snapshot
	different: somewhere else, elsewhere
	edit: n to n, instead of
	recover servers: could be restored, can be restored, could be recovered, can be recovered, could be brought back, can be brought back, could be saved, can be saved
	search server: which server is, which vm is, which vps is, which box is, which machine is, what server is, what vm is, what machine is
	rename: call * something else, call * differently, has the wrong name, wrong name, wrong label, misnamed
	custom template(s): template(s) belonging to us, image(s) belonging to us, our image(s), our template(s), our base image(s), our own image(s), our own template(s), our old image(s), our old template(s), private template(s)
	managed: do you administer, do you manage, you administer, you manage, you look after, you take care of
	scheduled: queued, on sunday, on monday, on friday, on saturday, next week, next month, next weekend, for a day, for a week, for a month, for one day, for n days, for n weeks, for a few days, for some days, for that day, for a while
	failed build: never finished, didnt finish, did not finish, never completed, never came up, build hangs, stuck in build
	poweroff: wont go down, will not go down, doesnt go down, doesnt react, does not react, frozen solid, without asking, shut it off, kill it, cut it, not reacting
	reboot: come down and up, go down and up, give * a kick
	delete: nobody uses, nobody needs, nobody wants, isnt needed, isnt wanted, not wanted, is not used, are not used, dont use, do not use, can lose, is outdated, has expired, cut * from, take * from, clean up, cleaning up, cleanup
	shutdown: take * down cleanly, take * down gracefully, take * down properly, take * down for a while, take * down for maintenance, bring * down
	search: which * runs, which * hosts, which * serves, who uses, which * has, which * uses, which * owns, which * holds, who owns, who has
	justified ip request(s): ip application(s), application(s) for ip(s), request(s) for ip(s), ip request(s)
	content: whats in, what in, what inside, what is in, whats inside, what is inside, what goes in, what stands in
	custom template(s): golden image(s), golden template(s), master image(s), private image(s), own image(s), saved image(s), personal image(s)
	: close to, at the moment, as well, of course, make sure, as soon as, up to date, so far, at present, these days, from now on, any more, any longer, at last, no idea, i wonder, im wondering
	: on my account, on the account, on this account, on our account, in my account, in the account, from my account, to my account, from the account, to the account, of my account
	email: e mail
	subdomain(s): sub domain(s)
	addons: add ons
	reinstall: re install, clean slate, install * again, install * afresh, install * anew, install * over, install a different, install another, start again, brand new os, bare os, fresh start, fresh copy
	reboot: turn * off and on, turn * off and back on, switch * off and on, switch * off and back on, power * off and on, power * off and back on, off and on again, down and up again, down and back up, power cycle, power cycles, power cycling, re boot, soft reset, hard reset, reset the server, reset my server, reset a server
	rebuild: re build
	recover: undo * deleting, undo * destroying, undo * removing, undo * terminating, undo * destruction, undo * termination, reverse * removal, reverse * termination, back from the dead, want * back, need * back, deleted by mistake, deleted by accident, removed by mistake, deleted the wrong, removed the wrong
	backups: back ups
	server(s): cloud server(s), virtual machine(s), virtual server(s), virtual private server(s)
	ticket(s): support ticket(s), support case(s), support request(s), support thread(s), help request(s), help desk ticket(s), service request(s)
	license(s): control panel(s)
	autoscaling: auto scaling, auto scale, auto scaler, automatic scaling, scale automatically, scaled automatically, grow automatically, scaling automatically, scales automatically, scale itself, scales itself, scale by itself, scale on its own
	backup(s): restore point(s), recovery point(s), safety copy, safety copies, saved copy, saved copies, saved state(s)
	cloud(s): data center(s), data centre(s), availability zone(s), server location(s)
	template(s): operating system(s), base image(s), disk image(s), os image(s)
	zonefile: zone file(s), bind file(s), zone * file
	dns hosts: dns server(s), name server(s), nameserver(s)
	domain template(s): zone template(s), zone preset(s), dns preset(s), dns template(s), record template(s), record set template(s), record set(s), template for domain(s), template for dns, template(s) for new domain(s)
	domain(s): domain name(s), dns zone(s), dns domain(s), website name(s), site name(s), web address, web addresses, future domain(s)
	record(s): dns record(s), resource record(s), dns entry, zone record(s), domain entry, zone entry, zone line(s), dns line(s)
	records: dns entries, zone entries, domain entries
	ip(s): ip number(s), ip address
	ips: ip addresses, public addresses
	ip: public address
	service(s): text key(s)
	scheduled upgrade(s): temporary boost(s), temporary upgrade(s), resource boost(s), planned boost(s)
	login: log in, log into, logging in, log on, sign in, sign into, signing in, logged in, signed in, get in, get into
	switchoff: turned off, switched off, turn * off, switch * off
	timezone: time zone
	permanently: for good, for ever
	bulk: in one go, in one step, in bulk, all at once
	all: in one shot, in one call, in one request, in one operation, in one pass, in a single step, in a single request, in a single call, in a single operation, en masse, wholesale
	price: free of charge, cost anything, cost extra, for free
	list invoices: billing history, payment history
	recover: un delete, undo * deletion, undo * delete, undo * removal, undo the delete, reverse * deletion
	poweroff: power * off, powered off, pull the power, cut the power, cut power, force * off, forced off, forcefully, hard stop, hard shutdown, hard off, force stop, pulled the plug, pull * plug, wont shut down, will not shut down, wont stop, will not stop, wont turn off, not responding to shutdown, ignores shutdown, ignoring shutdown, no matter what
	create: give me a new, give me another, give me an extra, give me more, give me one more, bring up, brings up, tack on, roll out
	wait: tell me when, let me know when, notify me when, wait till, hold until, hold on until, once it is, as soon as it is
	list outstanding tickets: open tickets, unanswered tickets
	open ticket: report a, report an, report this, report the problem
	convert backup: out of a backup, out of my backup, out of * backup, out of * snapshot, from a backup, from a snapshot, from my backup, from my snapshot
	reply: add * to my ticket, add * to a ticket, add * to the ticket, add * to my existing, add * to an existing ticket, add * to our ticket, write back, get back to, follow up, send * to my ticket, chime in, add * ticket, send * ticket
	exist: in the system, in your system, in use already, already in use, one of yours, one of ours, belong to you, belongs to you, part of your, on your network, in your network, in your range, in your ranges, yours or not
	history: what did you, have you changed, did you change, you changed, has been changed, was changed, have been changed, were changed
	undo: what you just did, what you did, undo
	custom: my own, our own, built ourselves, made ourselves, build ourselves, built myself, made myself, home made, home grown, in house, own make
	automatic: by itself, on its own, by themselves
	show: give me, let me see, i want to see, tell me
	want: how do i, how can i, how to, how would i, is there a way to, is it possible to, help me, i would like, id like, i want to, i need to
	get profile: who am i, about me, my details, account holder, account details, account info, account information, signed up with, registered with, registered under, registered to, on file
	get: look at one, tell me about, show me one, details of, details about, details for, details on, status of, state of, particulars of, facts about, facts on, everything about, all about
	list: how many, do i have, have i got, do we have, are there, to choose from, can i choose, can i pick, show all, a list of, rundown of, the lot of, which ones do, how much of
	delete: get rid of, gets rid of, throw out, let go of, stop paying for, stop paying, stop using, stop billing, stop hosting, stop serving, stop renting, no longer want, no longer use, changed my mind, dont want, dont do, do not do, do not need, do not want, opt out of, do without, no longer need, dont need, not needed, back out of, do away with, does away with, tear * down, tearing down, wind * down, wipe * off, drop * off, close down, be done with, done with, dont renew, do not renew, rip * out, gave * up, giving up, is obsolete, no longer needed, no longer wanted, no longer required, no longer in use, have no use for, no use for, no more use for, had enough of, say goodbye to, stop resolving, stop working, must go, should go, has to go, can go, go away, no longer have, should not have, not want any, cut loose, part with, never want
	delete: take * away, take * down, take * off, throw * away, give * up, give * back, let * go, take * out, call * off, hand * back
	start: powered on, turn * back on, switch * back on, get * running, get * online, get * going, power * on, power * back up, power * up, boot * back up, boot * up, start * up, bring * up, bring * online, off at the moment, back to life, turn * on again, switch * on again, power * on again, is off
	recover: come back, comes back, get * back, bring * back, brought * back, save * from deletion
	restore: rolled back, roll * back, go back to, put * back, back to an earlier, back to how
	reassign: move over, carry over
	available: can i get, can i buy, can i order, can i purchase, can i install, could i buy, could i get, for sale, on sale, on offer, do you sell, do you offer, do you have, could i install, to install, to buy, can be bought, can be installed, can i add, i can buy, i can install, i can get, i can add, can one buy, can we buy, can we get, can we order, can we add, can we install, is there to buy, do you stock, do you support, do you carry, on the menu
	create: get another, get an extra, get more, get a new, get an additional, get a second
	create: sets up, setting up, fire up, stand up, get me, sign up for, put in, put up, set * up, spin * up
	create backup: backs up, backing up, backup my, backup the, backup this, backup a, snapshot my, snapshot the, snapshot this, take a backup, take snapshot, take backup, snapshot server, backup server, snapshot vps, backup vps, snapshot vm, backup vm, back * up, backup now, backups my, take * backup, take * snapshot, make * backup, make * snapshot, image my server
	switchon: turned on, switched on, turn * on, switch * on
	shutdown: shuts down, shutting down, shut * down, power down, bring * down, take * offline, go offline, safely off, cleanly off
	reinstall: from scratch, start over, start afresh, clean install, fresh install, fresh os, factory reset, blank slate
	ssd: solid state
	list activity log: what happened, what has happened, what was done, what has been done, who did what, what has been going on, whats been going on, went on, going on
	billing: do i owe, i owe, we owe, account credit, in credit, in debt, in the red, in the black, account funds, amount due, left to spend, i owe you, we owe you, outstanding amount, outstanding balance
	root password: root login, admin password, administrator password, root access
	instant: right away, straight away, this minute, in a hurry, ready made, pre built, no waiting, without waiting, ready to go, off the shelf, on the spot, as we speak, in seconds, within seconds, in moments, within minutes
	managed: pro active, looked after, looks after, look after, taken care of, takes care of
	search: look up, look for, looking for
	rename: change the name, change the label, change name, change label, new name, new label, call it something else, different name, another name, different label, other name
	cloudlinux: cloud linux
	reverse dns: rdns
`

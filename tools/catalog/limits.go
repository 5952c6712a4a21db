package catalog

import (
	"regexp"
	"strings"
	"sync"

	"vpsnet-mcp/vpsapi"
)

// Limit is something that people ask for and VPS.NET's API has no function for.
type Limit struct {
	What string // it cannot ...
	Help string // what comes near it; functions stand in it by their names

	asked, unless *regexp.Regexp
}

// Limits returns what of a query VPS.NET's API cannot do.
func Limits(query string) []Limit {
	query = strings.Join(strings.Fields(strings.ToLower(query)), " ")
	var found []Limit
	for _, l := range limits() {
		if l.asked.MatchString(query) && (l.unless == nil || !l.unless.MatchString(query)) {
			found = append(found, l)
		}
	}
	return found
}

// Parts that several of the expressions have: whose a thing is, and what is done to change one.
const (
	article = `(?:(?:an?|the|my|our|all|every|this|that|these|another|new|more)\s)*`
	change  = `(?:change|update|edit|set|correct|reset|modify|fix|replace|new)\b.*`
)

// limits lists what VPS.NET's API cannot do, made on the first search.
var limits = sync.OnceValue(func() []Limit {
	list := []struct{ what, help, asked, unless string }{
		{
			"set reverse DNS (PTR records)", vpsapi.OpenTicket.Name + " asks VPS.NET's support for it",
			`reverse[ -]?(dns|lookups?|records?|zones?|names?)|rdns|ptr|in-addr`, "",
		},
		{
			"change the account's profile, its e-mail address or its password", vpsapi.GetProfile.Name + " shows the profile, and VPS.NET's control panel changes it",
			change + `(profile|e-?mail address|(my|our|account|contact|billing) e-?mail|phone( number)?|(billing|postal|my|our|home|company) address|company name|account holder)|` +
				change + `(account|panel|portal|vps\.?net) password|` + change + `password (of|for|to) ` + article + `(vps\.?net )?(account|profile|control panel|portal)`,
			`(dns|mx|soa) |record|root`,
		},
		{
			"tell how much memory or processor a node has", vpsapi.GetCPUUtilisation.Name + " shows a server's load, and VPS.NET's site what a node is",
			`(how (much|many)|what|which) .*(ram|memory|cpus?|cores?|processors?|vcpus?)\b.*nodes?|(ram|memory|cpus?|cores?) (of|in|per|for) ` + article + `nodes?|what is ` + article + `node\b|size of ` + article + `node\b`, `ram nodes?`,
		},
		{
			"tell who signed in, or what was done in VPS.NET's control panel", vpsapi.GetActivityLog.Name + " shows a server's tasks",
			`who (has |have |had )?(logged|signed) (in|on)|(log-?in|sign-?in) (history|log|attempts?)|audit log`, `record`,
		},
		{
			"send e-mail", vpsapi.OpenTicket.Name + " and " + vpsapi.ReplyToTicket.Name + " write to VPS.NET's support alone",
			`(send|write|e-?mail|mail|notify|inform|message|newsletter) ` + article + `(e-?mails? |messages? |notes? |newsletters? )?(to )?` + article + `(customers?|clients?|subscribers?|users)|send ` + article + `(e-?mails?|newsletters?|sms)`, `record`,
		},
		{
			"take snapshots that are no backups", vpsapi.CreateBackup.Name + " copies a server's disk, and " + vpsapi.RestoreServer.Name + " puts it back",
			`snapshots?`, "",
		},
		{
			"set up a firewall or open ports", vpsapi.AddDotdefenderLicense.Name + " buys a web application firewall; any other is set up on the server itself",
			`firewalls?|security groups?|iptables|ufw|(open|close|block|allow|forward|unblock|filter) ` + article + `(tcp |udp |incoming |outgoing )?(ports?|traffic)|(block|ban|whitelist|blacklist) ` + article + `(ips?|address|addresses|country|countries|visitors?)`,
			`dot ?defender|application firewall|waf`,
		},
		{
			"open a console, or run anything on a server", vpsapi.RebootServer.Name + " has a recovery mode, and " + vpsapi.ResetRootPassword.Name + " gives a password to sign in with",
			`console|vnc|kvm|terminal|ssh (in|into|to|session)|(run|execute) ` + article + `(commands?|scripts?|programs?)|(install|upgrade|update) ` + article + `(packages?|software|kernel|wordpress|nginx|apache|docker|php|mysql)|upload|copy files?|transfer files?`, `reinstall|template`,
		},
		{
			"pay, refund, or change how is paid", vpsapi.ListInvoices.Name + " and " + vpsapi.GetBillingInfo.Name + " show what is due, " + vpsapi.GetProfile.Name + " how is paid",
			`(pay|settle) ` + article + `(last |open |latest |outstanding |unpaid |overdue )*(invoices?|bills?|balance|debts?)|` + change + `(credit card|payment (method|details|type)|bank account)|(add|top|use|enter|remove|delete) ` + article + `(up |new )*(credit card|payment method|funds|credit|bank account)|refunds?|voucher|coupon|direct debit`, "",
		},
		{
			"add users of the account, or give them rights", vpsapi.OpenTicket.Name + " asks VPS.NET's support",
			`(add|create|invite|remove|delete|new) ` + article + `(sub-?)?(users?|accounts?|team ?members?|colleagues?|co-?workers?|logins?|admins?|administrators?)|(user|account) (rights|permissions|management|access)|sub-?(accounts?|users?)|permissions?|(access|login) (for|to) ` + article + `(colleagues?|co-?workers?|team|developers?)`, `domain`,
		},
		{
			"make a private network", vpsapi.AddIPs.Name + " with type internal gives a server an internal address",
			`private (networks?|networking|lans?|vlans?|subnets?)|vlans?|vpcs?|vpns?|(virtual|internal) networks?`, "",
		},
		{
			"balance load", "a failover record, by " + vpsapi.CreateDomainRecord.Name + ", leads a name to a second address when the first is down",
			`load[ -]?balanc\w+`, "",
		},
		{
			"issue certificates", "they are set up on the server itself",
			`(ssl|tls|https) ?cert\w*|certificates?|let'?s ?encrypt`, "",
		},
		{
			"register, renew or transfer domain names", vpsapi.CreateDomain.Name + " hosts the DNS of one; the registrar does the rest",
			`(register|renew|transfer|buy|purchase) ` + article + `(\w+ )?(domains?|domain names?)( names?)?`, "record|zone|template",
		},
		{
			"resize, rename, reinstall, back up or restore an SSD server", vpsapi.CreateSSDServer.Name + " builds one of another plan",
			`(resize|upgrade|downgrade|rename|reinstall|rebuild|back ?up|restore|recover|clone|edit)\b.*\bssd (vps|servers?|vms?|virtual machines?)`, "",
		},
		{
			"close the account", vpsapi.OpenTicket.Name + " asks VPS.NET's support",
			`(close|cancel|terminate) ` + article + `(vps\.?net )?(account|contract|membership)`, "",
		},
		{
			"change API keys or two-factor sign-in", "VPS.NET's control panel does",
			`api[ -]?keys?|two[ -]?factor|2fa|mfa`, "",
		},
	}
	compiled := make([]Limit, len(list))
	for i, l := range list {
		compiled[i] = Limit{What: l.what, Help: l.help, asked: regexp.MustCompile(`\b(?:` + l.asked + `)\b`)}
		if l.unless != "" {
			compiled[i].unless = regexp.MustCompile(`\b(?:` + l.unless + `)`)
		}
	}
	return compiled
})

package sandbox

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"vpsnet-mcp/vpsapi"
)

// account is everything that the embedded VPS.NET knows. Every handler runs
// with the sandbox's lock held.
type account struct {
	options Options
	now     time.Time
	rng     *rand.Rand
	lastID  int
	events  []event

	profile vpsapi.Profile
	balance float64
	credits float64

	servers     []*server // in order of creation
	deleted     []*server // recoverable, the newest last
	nodes       []*vpsapi.Node
	ips         []*vpsapi.IP
	nextAddress int
	clouds      []*cloud
	ssd         []*ssdServer
	platform    []*platformServer
	sshKeys     []*vpsapi.SSHKey

	justifications []vpsapi.Raw
	domains        []*domain
	dnsTemplates   []*dnsTemplate
	tickets        []*vpsapi.Ticket
	managed        []*vpsapi.ManagedService

	templates       []*vpsapi.SystemTemplate // every template of every cloud
	templateGroups  []vpsapi.TemplateGroup
	customTemplates []*vpsapi.SystemTemplate
	commercial      []*vpsapi.CommercialTemplate
	windows         []*vpsapi.WindowsTemplate

	invoices []*invoice
}

// server is a cloud server with what the API keeps beside it.
type server struct {
	vpsapi.Server
	task        int // counts the tasks begun; only the last one ends
	deletedAt   time.Time
	backups     []*vpsapi.Backup
	clones      []*vpsapi.Clone
	schedules   []*schedule
	log         []logEntry
	autoscaling vpsapi.Autoscaling // the rules that are on
	dotDefender bool
	rsync       vpsapi.RsyncInfo
	fullTraffic int // KB an hour at full load

	traffic      vpsapi.Int // KB from the hour trafficSince until before trafficNext
	trafficSince time.Time
	trafficNext  time.Time
}

// logEntry is a line of a server's activity log.
type logEntry struct {
	ID        int    `json:"id"`
	Action    string `json:"action"`
	Status    string `json:"status"`
	CreatedAt string `json:"created_at"`
}

// cloud is a cloud; ssd ones are listed apart.
type cloud struct {
	vpsapi.Cloud
	ssd bool
}

// domain is a DNS zone with its records.
type domain struct {
	vpsapi.Domain
	records []*vpsapi.Record
}

// dnsTemplate is a DNS template with its records.
type dnsTemplate struct {
	vpsapi.DNSTemplate
	records []*vpsapi.DNSTemplateRecord
}

// invoice is an invoice with its lines.
type invoice struct {
	vpsapi.Invoice
	lines []invoiceLine
}

// invoiceLine is one position of an invoice; the amount is in US dollars.
type invoiceLine struct {
	what   string
	amount float64
}

// newAccount makes the account that holds the document's own examples, and what
// the options ask to be generated beside them.
func newAccount(o Options, now time.Time) *account {
	a := &account{options: o, now: now, rng: rand.New(rand.NewPCG(o.Seed, 0x5eed)), lastID: 5000}
	seedProfile(a)
	seedClouds(a)
	seedTemplates(a)
	seedServers(a)
	seedNodes(a)
	seedIPs(a)
	seedBackups(a)
	seedDNS(a)
	seedTickets(a)
	seedInvoices(a)
	seedPlatform(a)
	return a
}

// nextID gives a number that nothing on the account has.
func (a *account) nextID() int {
	a.lastID++
	return a.lastID
}

// newID is nextID as an id.
func newID[T any](a *account) vpsapi.ID[T] { return vpsapi.ID[T](strconv.Itoa(a.nextID())) }

// event is something that happens by itself at a moment.
type event struct {
	at time.Time
	do func()
}

// schedule arranges that do happens once d of the sandbox's time has passed.
func (a *account) schedule(d time.Duration, do func()) {
	a.events = append(a.events, event{a.now.Add(d), do})
	slices.SortStableFunc(a.events, func(x, y event) int { return x.at.Compare(y.at) })
}

// advanceTo moves the account to a moment: everything due until then happens in
// its order.
func (a *account) advanceTo(now time.Time) {
	for len(a.events) > 0 && !a.events[0].at.After(now) {
		due := a.events[0]
		a.events = a.events[1:]
		a.now = due.at
		due.do()
	}
	if now.After(a.now) {
		a.now = now
	}
}

// nowStamp returns the account's present as the service writes times.
func (a *account) nowStamp() vpsapi.Time { return formatTime(a.now) }

// formatTime returns a time as the service writes it (RFC 3339, UTC).
func formatTime(t time.Time) vpsapi.Time { return vpsapi.Time(t.UTC().Format(time.RFC3339)) }

// password makes a new one.
func (a *account) password() vpsapi.Secret {
	const letters = "abcdefghijkmnpqrstuvwxyz23456789"
	b := make([]byte, 11)
	for i := range b {
		b[i] = letters[a.rng.IntN(len(letters))]
	}
	return vpsapi.Secret(b)
}

// logAction adds a line to a server's activity log.
func (a *account) logAction(s *server, action, status string) {
	s.log = append(s.log, logEntry{a.nextID(), action, status, string(a.nowStamp())})
}

// server finds a live server.
func (a *account) server(id vpsapi.ServerID) (*server, error) {
	for _, s := range a.servers {
		if s.ID == id {
			return s, nil
		}
	}
	return nil, notFound("Virtual machine", id)
}

// cloud finds a cloud.
func (a *account) cloud(id vpsapi.CloudID) (*cloud, error) {
	for _, c := range a.clouds {
		if c.ID == id {
			return c, nil
		}
	}
	return nil, notFound("Cloud", id)
}

// template finds a system template or a custom one.
func (a *account) template(id vpsapi.TemplateID) (*vpsapi.SystemTemplate, error) {
	for _, t := range slices.Concat(a.templates, a.customTemplates) {
		if t.ID == id {
			return t, nil
		}
	}
	return nil, notFound("System template", id)
}

// charge takes money at once and puts it on the next invoice.
func (a *account) charge(amount float64, what string) {
	a.balance -= amount
	a.openInvoice().lines = append(a.openInvoice().lines, invoiceLine{what, amount})
	a.totalInvoice(a.openInvoice())
}

// Prices of the sandbox, in USD: a node a month, and an IP address a month.
const (
	// nodePrice is the price of a node a month, in USD.
	nodePrice = 20.0
	// ipPrice is the price of an IP address a month, in USD.
	ipPrice = 1.0
)

// toMoney returns an amount as the service writes it, with two decimals.
func toMoney(amount float64) vpsapi.Money { return vpsapi.Money(fmt.Sprintf("%.2f", amount)) }

// ptr returns a pointer to v.
func ptr[T any](v T) *T { return &v }

// removeFirst takes the first element that ok holds for out of a list.
func removeFirst[T any](list []T, ok func(T) bool) []T {
	if i := slices.IndexFunc(list, ok); i >= 0 {
		return slices.Delete(slices.Clone(list), i, i+1)
	}
	return list
}

// copyValues copies what a list of pointers points to.
func copyValues[T any](list []*T) []T {
	out := make([]T, len(list))
	for i, p := range list {
		out[i] = *p
	}
	return out
}

package report

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// Cause is one thing that may be wrong.
type Cause struct {
	Cause    string `json:"cause"`
	Evidence string `json:"evidence"`
	Next     string `json:"next_step"`
}

// Bounds of the rules.
const (
	cpuFull = 70 // per cent, mean of a day
	// cpuTopPercent is a CPU usage of one hour, in per cent, that means the CPU is at its limit.
	cpuTopPercent = 95 // per cent, one hour
	// cpuBusy is a CPU usage of one hour, in per cent, that counts as busy.
	cpuBusy     = 75 // per cent, one hour
	burstFactor = 5  // times the mean
	// burstMB is the traffic of one hour, in MB, below which no burst is reported.
	burstMB = 1024
	// quietHours is how many last hours without any traffic are reported of a server that had some before.
	quietHours = 3
	// longTask is after how long a pending task is taken to hang.
	longTask = time.Hour
)

// rules, the likeliest to explain everything first. Each finds its evidence in
// the signs, and the one step that can do no harm: a read, a wait, or a change
// that shows its plan before anything is sent.
var rules = []struct {
	cause    string
	evidence func(s *serverSigns) string // empty when the rule does not hold
	next     func(s *serverSigns) string
	beside   bool // it is worth knowing, and makes no server slow or fail
}{
	{"it is switched off", findOff, func(s *serverSigns) string { return s.step(vpsapi.StartServer.Name) }, false},
	{"its build is not finished", findUnbuilt, func(s *serverSigns) string { return s.step(catalog.WaitForServer, "state", "built") }, false},
	{"a task hangs", findHang, func(s *serverSigns) string {
		return s.call(vpsapi.OpenTicket.Name, "department", "5", "subject", "other", "vm_id", string(s.server.ID), "body", "A task of the server has been pending for over an hour.")
	}, false},
	{"a task holds it", findBusy, func(s *serverSigns) string { return s.step(catalog.WaitForServer, "state", "idle") }, false},
	{"its last task failed", findFailedTask, func(s *serverSigns) string { return s.step(vpsapi.GetActivityLog.Name) }, false},
	{"no traffic has reached it lately", findQuiet, func(s *serverSigns) string { return s.step(vpsapi.GetBandwidthUtilisation.Name) }, false},
	{"the processor is at its limit", findCPULimit, func(s *serverSigns) string {
		n := nodesOf(s.server)
		if n == 0 { // one more than an unknown number may be fewer
			return s.step(vpsapi.GetServer.Name)
		}
		return s.step(vpsapi.EditServer.Name, "slices_required", strconv.Itoa(n+1))
	}, false},
	{"the processor is busy at times", findCPUPeaks, func(s *serverSigns) string { return s.step(vpsapi.GetCPUUtilisation.Name, "from", s.weekAgo()) }, false},
	{"unusual traffic", findBurst, func(s *serverSigns) string { return s.step(vpsapi.GetBandwidthUtilisation.Name, "from", s.weekAgo()) }, false},
	{"its name leads elsewhere", findAstray, func(s *serverSigns) string {
		return s.call(vpsapi.ListDomainRecords.Name, "domain_id", string(s.zone.ID))
	}, false},
	{"its disk is smaller than its nodes allow", findDelayed, func(s *serverSigns) string { return s.step(vpsapi.DeployAllStorage.Name) }, true},
	{"an invoice is overdue, and what is not paid may be suspended", findOverdue, func(s *serverSigns) string {
		return s.call(vpsapi.GetInvoice.Name, "invoice_no", string(s.overdue()[0].No))
	}, true},
	{"a ticket about it is open", findTicket, func(s *serverSigns) string {
		return s.call(vpsapi.GetTicket.Name, "ticket_id", string(s.tickets[0].ID))
	}, true},
	{"no DNS record leads to it", findNameless, func(s *serverSigns) string {
		return s.call(vpsapi.ListDomainRecords.Name, "domain_id", string(s.zone.ID))
	}, true},
}

// causes returns the likely causes that the rules find, the most serious first.
func (s *serverSigns) causes() []Cause {
	causes, explained := []Cause{}, false
	for _, r := range rules {
		if evidence := r.evidence(s); evidence != "" {
			causes = append(causes, Cause{r.cause, evidence, r.next(s)})
			explained = explained || !r.beside
		}
	}
	if !explained {
		causes = slices.Insert(causes, 0, Cause{
			"none that the API shows for a slow or failing server", s.healthySigns(),
			"look inside the server: its memory, disk and services",
		})
	}
	return causes
}

// healthySigns says what looks as it should, and of what nothing is known.
func (s *serverSigns) healthySigns() string {
	var well, unknown []string
	for _, sign := range []struct {
		name  string
		known bool
	}{
		{"power", s.server.Running != nil}, {"tasks", s.server.PowerActionPending != nil},
		{"CPU", len(s.cpu) == 0 || cpuFigures(s.cpu).known > 0}, {"traffic", len(s.traffic) == 0 || trafficFigures(s.traffic).known > 0},
	} {
		if sign.known {
			well = append(well, sign.name)
		} else {
			unknown = append(unknown, sign.name)
		}
	}
	for name, evidence := range map[string]string{"disk": findDelayed(s), "invoices": findOverdue(s), "tickets": findTicket(s), "DNS": findNameless(s)} {
		if evidence == "" {
			well = append(well, name)
		}
	}
	slices.Sort(well)
	text := words.JoinAnd(well) + " look as they should"
	if len(s.cpu) > 0 && cpuFigures(s.cpu).known > 0 {
		text += "; CPU of the last day: " + cpuFigures(s.cpu).String()
	}
	if len(unknown) > 0 {
		text += "; unknown: " + strings.Join(unknown, ", ")
	}
	return text
}

// call words the call of a function with texts for arguments.
func (s *serverSigns) call(function string, arguments ...string) string {
	var members []answer.Member
	for i := 0; i+1 < len(arguments); i += 2 {
		value, err := json.Marshal(arguments[i+1])
		if err != nil {
			continue
		}
		members = append(members, answer.Member{Name: arguments[i], Value: value})
	}
	return s.reader.CallText(function, string(vpsapi.PlainJSON(answer.Join(members))))
}

// step words the call of a function for the server.
func (s *serverSigns) step(function string, arguments ...string) string {
	return s.call(function, append([]string{"server_id", string(s.server.ID)}, arguments...)...)
}

// weekAgo returns the moment a week before the report, for a link or argument.
func (s *serverSigns) weekAgo() string { return s.now.AddDate(0, 0, -7).UTC().Format(time.RFC3339) }

// findOff finds a server that is off while no task is pending.
func findOff(s *serverSigns) string {
	if words.IsOff(s.server.Running) && !words.IsOn(s.server.PowerActionPending) && !words.IsOff(s.server.Built) {
		return "running is false, and no task is pending"
	}
	return ""
}

// findUnbuilt finds a server that is not built.
func findUnbuilt(s *serverSigns) string {
	if words.IsOff(s.server.Built) {
		return "built is false"
	}
	return ""
}

// findHang needs the log: that says since when.
func findHang(s *serverSigns) string {
	a := s.newest()
	if !words.IsOn(s.server.PowerActionPending) || a.at.IsZero() || !strings.EqualFold(a.status, "pending") || s.now.Sub(a.at) < longTask {
		return ""
	}
	return fmt.Sprintf("power_action_pending is true, and the newest activity is %s, %s ago", a, s.now.Sub(a.at).Round(time.Minute))
}

// findBusy finds a task that is under way and does not hang.
func findBusy(s *serverSigns) string {
	if words.IsOn(s.server.PowerActionPending) && findHang(s) == "" {
		return "power_action_pending is true; the newest activity: " + s.newest().String()
	}
	return ""
}

// findFailedTask finds a newest task that failed.
func findFailedTask(s *serverSigns) string {
	a := s.newest()
	if status := strings.ToLower(a.status); strings.Contains(status, "fail") || strings.Contains(status, "error") {
		return "the newest activity: " + a.String()
	}
	return ""
}

// findQuiet finds a server that runs and had traffic, and has none any more.
func findQuiet(s *serverSigns) string {
	n := len(s.traffic) - quietHours
	if n < quietHours || !words.IsOn(s.server.Running) {
		return ""
	}
	earlier, last := trafficFigures(s.traffic[:n]), trafficFigures(s.traffic[n:])
	if last.known == quietHours && last.peak == 0 && earlier.mean > 0 {
		return fmt.Sprintf("it runs, and its traffic was 0 in each of the last %d hours; before: %s", quietHours, earlier)
	}
	return ""
}

// findCPULimit finds a CPU that was full over the last day.
func findCPULimit(s *serverSigns) string {
	if f := cpuFigures(s.cpu); f.mean >= cpuFull || f.peak >= cpuTopPercent {
		return fmt.Sprintf("CPU of the last day: %s, with %s", f, nodesText(s.server))
	}
	return ""
}

// findCPUPeaks finds hours of the last day with a busy CPU, where it was not full all day.
func findCPUPeaks(s *serverSigns) string {
	f := cpuFigures(s.cpu)
	if f.peak < cpuBusy || findCPULimit(s) != "" {
		return ""
	}
	busy := 0
	for _, row := range s.cpu {
		if answer.CPUPerCent(row) >= cpuBusy {
			busy++
		}
	}
	return fmt.Sprintf("CPU of the last day: %s, with %s; %s at %d %% or more", f, nodesText(s.server), words.Counted(busy, "hour"), cpuBusy)
}

// findBurst finds traffic of the last day far above its mean.
func findBurst(s *serverSigns) string {
	if f := trafficFigures(s.traffic); f.mean > 0 && f.peak > burstFactor*f.mean && f.peak > burstMB {
		return "traffic of the last day: " + f.String()
	}
	return ""
}

// findAstray finds a server's name that leads to an address which the server does not have.
func findAstray(s *serverSigns) string {
	if s.astray == "" {
		return ""
	}
	return fmt.Sprintf("%s points to %s, and the server has %s", vpsapi.Quote(s.name()), s.astray, strings.Join(account.AddressesOf(s.server), ", "))
}

// findDelayed needs two sizes that differ: a delay whose time has passed stays set.
func findDelayed(s *serverSigns) string {
	deployed, available := words.Gigabytes(s.server.DeployedDiskSize), words.Gigabytes(s.server.AvailableDiskSize)
	if words.IsOn(s.server.DelayedStorage) && deployed > 0 && deployed < available {
		return fmt.Sprintf("storage is delayed: %g of %g GB are deployed", deployed, available)
	}
	return ""
}

// overdue returns the unpaid invoices whose date is past.
func (s *serverSigns) overdue() []vpsapi.Invoice {
	var list []vpsapi.Invoice
	for _, i := range s.invoices {
		if due, err := vpsapi.Timestamp(string(i.DateDue)); err == nil && isUnpaid(i) && due.Before(s.now) {
			list = append(list, i)
		}
	}
	return list
}

// findOverdue finds unpaid invoices: VPS.NET may stop the servers of an account.
func findOverdue(s *serverSigns) string { return invoicesText(s.overdue()) }

// invoicesText lists invoices with number, amount, state and date.
func invoicesText(list []vpsapi.Invoice) string {
	texts := make([]string, len(list))
	for n, i := range list {
		texts[n] = fmt.Sprintf("%s (%s %s, %s, due %s)", i.No, i.Amount, i.Currency, answer.Clip(string(i.Status), 20), words.TimeText(i.DateDue))
	}
	return joinFirst(texts, maxTickets)
}

// findTicket finds open support tickets that name the server.
func findTicket(s *serverSigns) string {
	texts := make([]string, len(s.tickets))
	for i, t := range s.tickets {
		texts[i] = fmt.Sprintf("ticket %s, %s, %s, last: %s", t.ID, vpsapi.Quote(string(t.Subject)), answer.Clip(string(t.Status), 20), answer.Clip(string(t.LastResponded), maxLabelRunes))
	}
	return strings.Join(texts, "; ")
}

// findNameless finds a server whose domain is on the account and has no record that leads to it.
func findNameless(s *serverSigns) string {
	if s.zone.ID == "" || len(s.pointing) > 0 || s.astray != "" {
		return ""
	}
	return fmt.Sprintf("%s is in the account's domain %s, and no record of the %s looked through has one of its addresses (%s)",
		vpsapi.Quote(s.name()), vpsapi.Quote(string(s.zone.Name)), words.Counted(s.domains, "domain"), strings.Join(account.AddressesOf(s.server), ", "))
}

// curveFigures are what a day of hours comes to.
type curveFigures struct {
	mean, peak float64
	at         vpsapi.Time // of the peak
	unit       string
	known      int // rows
}

// String says mean and peak with their unit; "unknown" when no value is known.
func (f curveFigures) String() string {
	if f.known == 0 {
		return "unknown"
	}
	text := fmt.Sprintf("mean %.1f %s, peak %.1f %s", f.mean, f.unit, f.peak, f.unit)
	if f.at != "" {
		text += " at " + words.TimeText(f.at)
	}
	return text
}

// cpuFigures returns mean and peak of the CPU usage, in per cent.
func cpuFigures(rows []vpsapi.CPURow) curveFigures {
	f := curveFigures{unit: "%"}
	for _, row := range rows {
		f.add(answer.CPUPerCent(row), row.CreatedAt)
	}
	return f
}

// add takes a row's value into the figures, unless it is unknown.
func (f *curveFigures) add(value float64, at vpsapi.Time) {
	if math.IsNaN(value) {
		return
	}
	f.known++
	f.mean += (value - f.mean) / float64(f.known)
	if value > f.peak {
		f.peak, f.at = value, at
	}
}

// trafficFigures are in MB an hour, both directions together.
func trafficFigures(rows []vpsapi.NetworkRow) curveFigures {
	f := curveFigures{unit: "MB an hour"}
	for _, row := range rows {
		f.add(row.Total()/1024, row.CreatedAt)
	}
	return f
}

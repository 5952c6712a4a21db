package report

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"time"

	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// allowance is a server's traffic of this month against what its nodes bring, by
// what its cloud gives each.
type allowance struct {
	ID       vpsapi.AnyServerID `json:"id"`
	Label    string             `json:"label"`
	UsedGB   *float64           `json:"used_gb,omitempty"` // nil is unknown
	Allowed  string             `json:"allowance_gb"`
	PerCent  string             `json:"per_cent,omitempty"`
	DaysLeft int                `json:"days_left_in_month"`
	RunsOut  string             `json:"runs_out"` // at this month's rate

	urgency float64 // the month's use by its end, of what is allowed
}

// allowances are all servers' traffic, the first to run out first.
func (a *accountReads) allowances(now time.Time) []allowance {
	now = now.UTC()
	begin := time.Date(now.Year(), now.Month(), 1, 0, 0, 0, 0, time.UTC)
	end := begin.AddDate(0, 1, 0)
	list := []allowance{}
	for _, s := range a.servers {
		row := allowance{ID: vpsapi.AnyServerID(s.ID), Label: answer.Clip(string(s.Label), maxLabelRunes), UsedGB: usedGB(s), Allowed: "unknown", RunsOut: "unknown"}
		row.DaysLeft = int(math.Ceil(end.Sub(now).Hours() / 24))
		row.against(s.BandwidthUsed, a.allowed(s), now, begin, end)
		list = append(list, row)
	}
	slices.SortStableFunc(list, func(x, y allowance) int { return cmp.Compare(y.urgency, x.urgency) })
	return list
}

// gigabytes are the KB that the service counts, in GB, rounded to one decimal.
func gigabytes(kb int) float64 { return math.Round(float64(kb)/(1<<20)*10) / 10 }

// usedGB is a server's traffic of this month; nil is unknown.
func usedGB(s vpsapi.Server) *float64 {
	if s.BandwidthUsed == nil {
		return nil
	}
	gb := gigabytes(int(*s.BandwidthUsed))
	return &gb
}

// trafficTotal adds up the month's traffic of all servers, and says what it counts.
func (a *accountReads) trafficTotal() string {
	t := a.serverTotals()
	if t.TrafficGB == nil || len(a.servers) == 0 {
		return ""
	}
	text := fmt.Sprintf("%g GB", *t.TrafficGB)
	if t.NoTraffic > 0 {
		text += ", without " + words.Counted(t.NoTraffic, "server") + " of unknown traffic"
	}
	return text + " by bandwidth_used, the service's own count; hour by hour, sent and received apart: " + a.words(call{function: vpsapi.GetBandwidthUtilisation.Name})
}

// allowed is what a server's monthly and daily nodes bring a month, in GB; 0 is unknown.
func (a *accountReads) allowed(s vpsapi.Server) float64 {
	cloud := a.cloud(s.CloudID)
	monthly, daily, _ := words.NodeCounts(s)
	if cloud == nil || zone.NumberOf(monthly) > 0 && cloud.MonthlyNodeBandwidth == nil || zone.NumberOf(daily) > 0 && cloud.DailyNodeBandwidth == nil {
		return 0
	}
	return float64(zone.NumberOf(monthly)*zone.NumberOf(cloud.MonthlyNodeBandwidth) + zone.NumberOf(daily)*zone.NumberOf(cloud.DailyNodeBandwidth))
}

// against compares what was used since the month began with what is allowed in it.
func (row *allowance) against(kb *vpsapi.Int, allowed float64, now, begin, end time.Time) {
	if allowed == 0 {
		return
	}
	row.Allowed = fmt.Sprintf("%g", allowed)
	if kb == nil {
		return
	}
	used := float64(*kb) / (1 << 20)
	row.PerCent = fmt.Sprintf("%.1f", used*100/allowed)
	since := max(now.Sub(begin), time.Hour)
	row.urgency = used / since.Hours() * end.Sub(begin).Hours() / allowed
	switch {
	case used >= allowed:
		row.RunsOut = "used up"
	case row.urgency > 1:
		row.RunsOut = begin.Add(time.Duration(float64(end.Sub(begin)) / row.urgency)).Format(time.DateOnly)
	default:
		row.RunsOut = "not this month"
	}
}

// firstToRunOut names the server whose allowance ends first.
func firstToRunOut(list []allowance) string {
	if len(list) == 0 || list[0].PerCent == "" {
		return ""
	}
	f := list[0]
	return fmt.Sprintf("%s %s: %s %% of %s GB used; runs out: %s", f.ID, f.Label, f.PerCent, f.Allowed, f.RunsOut)
}

package sandbox

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// domain finds a domain.
func (a *account) domain(id vpsapi.DomainID) (*domain, error) {
	for _, d := range a.domains {
		if d.ID == id {
			return d, nil
		}
	}
	return nil, notFound("Domain", id)
}

// domainNamed finds a domain by its name; nil when there is none.
func (a *account) domainNamed(name string) *domain {
	for _, d := range a.domains {
		if strings.EqualFold(string(d.Name), name) {
			return d
		}
	}
	return nil
}

// listDomains answers list_domains from the account in memory.
func listDomains(a *account, _ vpsapi.ListDomainsIn) ([]vpsapi.Domain, error) {
	out := make([]vpsapi.Domain, len(a.domains))
	for i, d := range a.domains {
		out[i] = d.withoutSerial()
	}
	return out, nil
}

// withoutSerial returns the domain without its serial, which get_domain alone gives.
func (d *domain) withoutSerial() vpsapi.Domain {
	out := d.Domain
	out.Serial = ""
	return out
}

// getDomain finds by id, or by a name's label and what follows its first dot.
func getDomain(a *account, in vpsapi.GetDomainIn) (vpsapi.Domain, error) {
	if in.TLD != "" {
		if d := a.domainNamed(string(in.DomainID) + "." + in.TLD); d != nil {
			return d.Domain, nil
		}
		return vpsapi.Domain{}, notFound("Domain", string(in.DomainID)+"."+in.TLD)
	}
	d, err := a.domain(vpsapi.DomainID(in.DomainID))
	if err != nil {
		return vpsapi.Domain{}, err
	}
	return d.Domain, nil
}

// createDomain says no to a name that the account has already, and to a DNS
// template that it has not.
func createDomain(a *account, in vpsapi.CreateDomainIn) (vpsapi.Domain, error) {
	if a.domainNamed(in.Name) != nil {
		return vpsapi.Domain{}, falseReply()
	}
	zone := append(apexRecords(), zoneRecord("a", "@", in.IPAddress), zoneRecord("a", "www", in.IPAddress))
	if in.CustomTemplate != "" {
		t, err := a.dnsTemplate(in.CustomTemplate)
		if err != nil {
			return vpsapi.Domain{}, falseReply()
		}
		zone = t.zone(in.Name, in.IPAddress)
	}
	d := a.newDomain(in.Name, in.IPAddress)
	for _, z := range zone {
		shareTTL(d, a.addRecord(d, z))
	}
	a.domains = append(a.domains, d)
	return d.withoutSerial(), nil
}

// deleteDomain answers delete_domain from the account in memory.
func deleteDomain(a *account, in vpsapi.DeleteDomainIn) (vpsapi.Done, error) {
	if _, err := a.domain(in.DomainID); err != nil {
		return vpsapi.Done{}, err
	}
	a.domains = removeFirst(a.domains, func(d *domain) bool { return d.ID == in.DomainID })
	return vpsapi.Done{}, nil
}

// newDomain makes a domain without records.
func (a *account) newDomain(name, ip string) *domain {
	return &domain{Domain: vpsapi.Domain{
		ID: newID[vpsapi.Domain](a), Name: vpsapi.Text(name), Serial: nextSerial("", a.now), IPAddress: vpsapi.Text(ip),
		CreatedAt: a.nowStamp(), UpdatedAt: a.nowStamp(),
	}}
}

// markChanged notes that a domain's records changed.
func (a *account) markChanged(d *domain) {
	d.Serial, d.UpdatedAt = nextSerial(d.Serial, a.now), a.nowStamp()
}

// nextSerial is a zone's serial after a change: the day and a count, always
// more than the last.
func nextSerial(last vpsapi.Text, now time.Time) vpsapi.Text {
	today, _ := strconv.ParseInt(now.UTC().Format("20060102")+"01", 10, 64)
	before, _ := strconv.ParseInt(string(last), 10, 64)
	return vpsapi.Text(strconv.FormatInt(max(today, before+1), 10))
}

// find gives a record of the domain.
func (d *domain) find(id vpsapi.RecordID) (*vpsapi.Record, error) {
	if i := slices.IndexFunc(d.records, func(r *vpsapi.Record) bool { return r.ID == id }); i >= 0 {
		return d.records[i], nil
	}
	return nil, notFound("Domain record", id)
}

package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"vpsnet-mcp/vpsapi"
)

// registry is an account with domains, and a clock that stands.
type registry struct {
	*testing.T
	sb     *Sandbox
	client *vpsapi.Client
}

func newRegistry(t *testing.T, o Options) *registry {
	t.Helper()
	now := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	o.Now = func() time.Time { return now }
	sb := New(o)
	client, err := vpsapi.NewClient(vpsapi.Config{Email: Email, APIKey: APIKey, Transport: sb, PerSecond: -1, Concurrent: -1})
	if err != nil {
		t.Fatal(err)
	}
	return &registry{t, sb, client}
}

// dnsCall makes a call that must succeed.
func dnsCall[In, Out any](r *registry, op vpsapi.Op[In, Out], in In) Out {
	r.Helper()
	out, err := op.Call(context.Background(), r.client, in)
	if err != nil {
		r.Fatalf("%s(%+v): %v", op.Name, in, err)
	}
	return out
}

// dnsRefused makes a call that must be answered with a refusal of the kind.
func dnsRefused[In, Out any](r *registry, op vpsapi.Op[In, Out], in In, kind vpsapi.Kind, words string) {
	r.Helper()
	_, err := op.Call(context.Background(), r.client, in)
	var e *vpsapi.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Outcome != vpsapi.Refused || !strings.Contains(e.Words(), words) {
		r.Errorf("%s(%+v): %v, want %s with %q", op.Name, in, err, kind, words)
	}
}

// plain sends a request that our client would not.
func (r *registry) plain(method, path, body string) (int, string) {
	r.Helper()
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	request.SetBasicAuth(Email, APIKey)
	w := httptest.NewRecorder()
	r.sb.ServeHTTP(w, request)
	answer, err := io.ReadAll(w.Result().Body)
	if err != nil {
		r.Fatal(err)
	}
	return w.Code, string(answer)
}

func (r *registry) records(id vpsapi.DomainID) []vpsapi.Record {
	r.Helper()
	return dnsCall(r, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: id, New: ptr(vpsapi.Flag(true))})
}

// zone is what the domain holds, as it would be written.
func (r *registry) zone(id vpsapi.DomainID) []vpsapi.ZoneRecord {
	r.Helper()
	var zone []vpsapi.ZoneRecord
	for _, record := range r.records(id) {
		zone = append(zone, record.Zone())
	}
	return zone
}

func (r *registry) serial(id vpsapi.DomainRef) vpsapi.Text {
	r.Helper()
	return dnsCall(r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: id}).Serial
}

// of finds the first record of a type.
func of(records []vpsapi.Record, kind vpsapi.Text) vpsapi.Record {
	for _, r := range records {
		if r.Type == kind {
			return r
		}
	}
	return vpsapi.Record{}
}

var anyOrder = cmpopts.SortSlices(func(x, y vpsapi.ZoneRecord) bool {
	return x.Type+x.Host+strings.Join(x.Data, " ") < y.Type+y.Host+strings.Join(y.Data, " ")
})

func TestDocumentsDomains(t *testing.T) {
	r := newRegistry(t, Options{})
	status, body := r.plain("GET", "/domains/51.api10json", "")
	if want := `"serial":"2010080405"`; status != http.StatusOK || !strings.Contains(body, want) || !strings.Contains(body, `"id":51`) {
		t.Errorf("%d %s, want %s", status, body, want)
	}
	if _, body := r.plain("GET", "/domains.api10json", ""); strings.Contains(body, "serial") {
		t.Errorf("the list shows serials: %s", body)
	}
	_, body = r.plain("GET", "/domains/51/records.api10json", "")
	for _, want := range []string{
		`{"domain_record":{"id":2315958,"type":"a","host":"www","data":"127.0.0.1","ttl":86400}}`,
		`{"domain_record":{"id":2315959,"type":"failover","host":"@","data":["127.0.0.1","127.0.0.2","127.0.0.3"],"ttl":300}}`,
		`"data":"10 mail.demodomain.com."`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("%s lacks %s", body, want)
		}
	}
	_, body = r.plain("GET", "/domains/51/records.api10json?new", "") // bare, as a hosting panel's client asks
	if strings.Contains(body, "domain_record") || !strings.Contains(body, `"mx_priority":10`) {
		t.Errorf("?new: %s", body)
	}
	if hosts := dnsCall(r, vpsapi.ListDNSHosts, vpsapi.ListDNSHostsIn{}); len(hosts) != 2 || hosts[0].IP != "67.228.254.4" {
		t.Errorf("hosts: %v", hosts)
	}
}

func TestDomainByName(t *testing.T) {
	r := newRegistry(t, Options{})
	if d := dnsCall(r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: "DemoDomain2.com"}); d.ID != "52" {
		t.Errorf("demodomain2.com is %+v", d)
	}
	dnsRefused(r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: "demodomain.co.uk"}, vpsapi.NotFound, "")
	dnsRefused(r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: "99"}, vpsapi.NotFound, "")
}

func TestCreateDomain(t *testing.T) {
	r := newRegistry(t, Options{})
	in := vpsapi.CreateDomainIn{Name: "example.org", IPAddress: "192.0.2.7"}
	d := dnsCall(r, vpsapi.CreateDomain, in)
	want := append(apexRecords(), zoneRecord("a", "@", "192.0.2.7"), zoneRecord("a", "www", "192.0.2.7"))
	if diff := cmp.Diff(want, r.zone(d.ID)); diff != "" {
		t.Errorf("zone (-want +got):\n%s", diff)
	}
	if got := r.serial("example.org"); got != "2026112401" {
		t.Errorf("serial %s", got)
	}
	in.Name = "EXAMPLE.org"
	dnsRefused(r, vpsapi.CreateDomain, in, vpsapi.Declined, "")
	in.Name, in.CustomTemplate = "example.net", "99"
	dnsRefused(r, vpsapi.CreateDomain, in, vpsapi.Declined, "")
	for _, name := range []string{"localhost", "two words.com", ""} {
		if status, body := r.plain("POST", "/domains.api10json", `{"domain":{"name":"`+name+`","custom_template":"","ip_address":"192.0.2.7"}}`); status != http.StatusOK || body != "false" {
			t.Errorf("%q: %d %s, want false", name, status, body)
		}
	}
}

func TestCreateDomainFromTemplate(t *testing.T) {
	r := newRegistry(t, Options{})
	add := func(kind, host, data string) {
		dnsCall(r, vpsapi.CreateDNSTemplateRecord, vpsapi.CreateDNSTemplateRecordIn{
			DNSTemplateID: "55", Type: kind, Host: host, Data: data, TTL: ptr(vpsapi.Int(900)),
		})
	}
	add("ns", "@", "dns1.vps.net.") // the document's example
	add("cname", "ftp", "[!domain]")
	d := dnsCall(r, vpsapi.CreateDomain, vpsapi.CreateDomainIn{Name: "example.org", IPAddress: "192.0.2.7", CustomTemplate: "55"})
	zone := r.zone(d.ID)
	var texts []string
	for _, z := range zone {
		if z.Host == "@" && *z.TTL != 900 {
			t.Errorf("%+v: a host has one TTL, here 900", z)
		}
		texts = append(texts, z.Type+" "+z.Host+" "+z.Data[0])
	}
	want := []string{
		"soa @ dns1.vps.net.", "ns @ dns2.vps.net.", "a @ 192.0.2.7", "a www 192.0.2.7", "a mail 192.0.2.7",
		"mx @ mail.example.org.", "txt @ v=spf1 ip4:192.0.2.7 mx -all", "ns @ dns1.vps.net.", "cname ftp example.org.",
	}
	if diff := cmp.Diff(want, texts); diff != "" {
		t.Errorf("zone (-want +got):\n%s", diff)
	}

	bare := dnsCall(r, vpsapi.CreateDomain, vpsapi.CreateDomainIn{Name: "example.net", IPAddress: "192.0.2.7", CustomTemplate: "51"})
	if diff := cmp.Diff(apexRecords(), r.zone(bare.ID)); diff != "" {
		t.Errorf("zone of an empty template (-want +got):\n%s", diff)
	}
}

func TestDeleteDomain(t *testing.T) {
	r := newRegistry(t, Options{})
	dnsCall(r, vpsapi.DeleteDomain, vpsapi.DeleteDomainIn{DomainID: "51"})
	dnsRefused(r, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: "51"}, vpsapi.NotFound, "")
	dnsRefused(r, vpsapi.DeleteDomain, vpsapi.DeleteDomainIn{DomainID: "51"}, vpsapi.NotFound, "")
	if rest := dnsCall(r, vpsapi.ListDomains, vpsapi.ListDomainsIn{}); len(rest) != 1 || rest[0].ID != "52" {
		t.Errorf("left: %+v", rest)
	}
}

// TestDocumentsRecordExamples replays what the document creates and replaces.
func TestDocumentsRecordExamples(t *testing.T) {
	r := newRegistry(t, Options{})
	for _, body := range []string{
		`{"domain_record":{"ttl":86400,"data":"dns1.vps.net.","type":"ns","host":"@"}}`,
		`{"domain_record":{"ttl":"86400","data":"test.example.com","type":"srv","host":"_sip._tcp.example.com","service":"testservice","protocol":"_udp","priority":"10","weight":"60","port":"5060"}}`,
		`{"domain_record":{"data":["127.0.0.2","127.0.0.3"],"type":"failover","host":"www","primary_data":"64.152.33.1","service_type":"icmp.ping"}}`,
	} {
		status, answer := r.plain("POST", "/domains/51/records.api10json", body)
		if status != http.StatusOK || !strings.Contains(answer, `"domain_record":{"id":`) {
			t.Errorf("%s: %d %s", body, status, answer)
		}
	}
	status, answer := r.plain("PUT", "/domains/51/records/2315958.api10json", `{"domain_record":{"ttl":86400,"data":"127.0.0.1"}}`)
	if status != http.StatusOK {
		t.Errorf("edit: %d %s", status, answer)
	}
	// Types in capitals and numbers as text are what a hosting panel's client sends.
	status, answer = r.plain("PUT", "/domains/51/records/update_records.api10json", `{"domain_records":[
		{"domain_record":{"ttl":"86400","type":"SOA","host":"@","data":"root.demodomain.com"}},
		{"domain_record":{"ttl":86400,"type":"NS","host":"@","data":"dns1.vps.net."}},
		{"domain_record":{"ttl":86400,"mx_priority":"10","type":"mx","host":"@","data":"mail.domain.com."}}]}`)
	if status != http.StatusOK || !strings.Contains(answer, `"message"`) {
		t.Errorf("update: %d %s", status, answer)
	}
	if got := r.records("51"); len(got) != 3 || got[1].ID != "2315955" || got[2].ID == "2315960" {
		t.Errorf("after the update: %+v", got)
	}
}

// TestRecordsRoundTrip rebuilds a zone with every type from what is listed:
// record by record, and at once.
func TestRecordsRoundTrip(t *testing.T) {
	r := newRegistry(t, Options{})
	zone := append(r.zone("51"), r.zone("52")[6:]...) // with cname and srv
	rebuilt := dnsCall(r, vpsapi.CreateDomain, vpsapi.CreateDomainIn{Name: "example.org", IPAddress: "192.0.2.7"}).ID
	for _, record := range r.records(rebuilt) {
		if record.Type != "soa" {
			dnsCall(r, vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: rebuilt, RecordID: record.ID})
		}
	}
	for _, z := range zone {
		if z.Type != "soa" {
			dnsCall(r, vpsapi.CreateDomainRecord, z.Create(rebuilt))
		}
	}
	if diff := cmp.Diff(zone, r.zone(rebuilt), anyOrder); diff != "" {
		t.Errorf("record by record (-want +got):\n%s", diff)
	}
	serial, before := r.serial("example.org"), r.records(rebuilt)
	dnsCall(r, vpsapi.UpdateDomainRecords, vpsapi.UpdateDomainRecordsIn{DomainID: rebuilt, DomainRecords: r.zone(rebuilt)})
	if diff := cmp.Diff(before, r.records(rebuilt)); diff != "" || r.serial("example.org") != serial {
		t.Errorf("an identical zone changes something (-before +after):\n%s", diff)
	}
	dnsCall(r, vpsapi.UpdateDomainRecords, vpsapi.UpdateDomainRecordsIn{DomainID: "52", DomainRecords: zone})
	if diff := cmp.Diff(zone, r.zone("52")); diff != "" {
		t.Errorf("at once (-want +got):\n%s", diff)
	}
	for _, record := range r.records("52") { // an edit to what it is already
		dnsCall(r, vpsapi.EditDomainRecord, record.Zone().Edit("52", record.ID))
	}
	if diff := cmp.Diff(zone, r.zone("52")); diff != "" {
		t.Errorf("edited (-want +got):\n%s", diff)
	}
}

func TestOneTTLForAHost(t *testing.T) {
	r := newRegistry(t, Options{})
	ttls := func(id vpsapi.DomainID) map[string]vpsapi.Int {
		all := map[string]vpsapi.Int{}
		for _, record := range r.records(id) {
			if old, ok := all[string(record.Host)]; ok && old != *record.TTL && record.Type != "failover" {
				t.Errorf("%s has TTLs %d and %d", record.Host, old, *record.TTL)
			}
			if record.Type != "failover" {
				all[string(record.Host)] = *record.TTL
			}
		}
		return all
	}
	mx := of(r.records("51"), "mx")
	dnsCall(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: mx.ID, TTL: ptr(vpsapi.Int(1200))})
	if got := ttls("51"); got["@"] != 1200 || got["www"] != 86400 {
		t.Errorf("TTLs after an edit: %v", got)
	}
	txt := zoneRecord("txt", "@", "more")
	txt.TTL = ptr(vpsapi.Int(900))
	dnsCall(r, vpsapi.CreateDomainRecord, txt.Create("51"))
	if got := ttls("51"); got["@"] != 900 {
		t.Errorf("TTLs after a new record: %v", got)
	}
	if f := of(r.records("51"), "failover"); *f.TTL != 300 {
		t.Errorf("the failover record's TTL is %d", *f.TTL)
	}
}

func TestSerialGrowsWithEachChange(t *testing.T) {
	r := newRegistry(t, Options{})
	txt := dnsCall(r, vpsapi.CreateDomainRecord, zoneRecord("txt", "x", "1").Create("51"))
	if got := r.serial("51"); got != "2026112401" {
		t.Errorf("serial %s after the first change of the day", got)
	}
	dnsCall(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: txt.ID, Data: vpsapi.RecordData{"2"}})
	dnsCall(r, vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: "51", RecordID: txt.ID})
	dnsCall(r, vpsapi.UpdateDomainRecords, vpsapi.UpdateDomainRecordsIn{DomainID: "51", DomainRecords: apexRecords()})
	if got := r.serial("51"); got != "2026112404" {
		t.Errorf("serial %s after four changes", got)
	}
	if got := nextSerial("2030010101", r.sb.start); got != "2030010102" {
		t.Errorf("serial %s after one that is ahead of the clock", got)
	}
}

func TestRecordRules(t *testing.T) {
	r := newRegistry(t, Options{})
	cname := of(r.records("52"), "cname")
	failover := of(r.records("51"), "failover")
	soa := of(r.records("51"), "soa")

	dnsRefused(r, vpsapi.CreateDomainRecord, zoneRecord("cname", "www", "example.org.").Create("51"), vpsapi.Invalid, "host: has other records")
	dnsRefused(r, vpsapi.CreateDomainRecord, zoneRecord("a", "FTP", "192.0.2.1").Create("52"), vpsapi.Invalid, "host: has other records")
	dnsRefused(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "52", RecordID: cname.ID, Host: "www"}, vpsapi.Invalid, "host: has other records")
	dnsRefused(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: "2315958", Data: vpsapi.RecordData{"2001:db8::1"}}, vpsapi.Invalid, "data: not an IPv4")
	dnsRefused(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: "2315958", MXPriority: ptr(vpsapi.Int(1))}, vpsapi.Invalid, "mx_priority")
	dnsRefused(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: failover.ID, TTL: ptr(vpsapi.Int(900))}, vpsapi.Invalid, "ttl")
	dnsRefused(r, vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: failover.ID, ServiceType: "gopher"}, vpsapi.Invalid, "service_type")
	dnsRefused(r, vpsapi.CreateDomainRecord, failover.Zone().Create("51"), vpsapi.Invalid, "one failover record")
	dnsRefused(r, vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: "51", RecordID: soa.ID}, vpsapi.Invalid, "SOA")
	dnsRefused(r, vpsapi.GetDomainRecord, vpsapi.GetDomainRecordIn{DomainID: "52", RecordID: "2315958"}, vpsapi.NotFound, "")
	if got := r.serial("51"); got != "2010080405" {
		t.Errorf("refusals changed the serial: %s", got)
	}
	status, body := r.plain("POST", "/domains/51/records.api10json", `{"domain_record":{"type":"mx","host":"@","data":"mail.example.org.","ttl":900}}`)
	if status != http.StatusUnprocessableEntity || !strings.Contains(body, `{"errors":[["mx_priority",`) {
		t.Errorf("an MX record without a priority: %d %s", status, body)
	}
}

func TestEditFailover(t *testing.T) {
	r := newRegistry(t, Options{})
	edit := func(in vpsapi.EditDomainRecordIn) vpsapi.ZoneRecord {
		in.DomainID, in.RecordID = "51", "2315959"
		dnsCall(r, vpsapi.EditDomainRecord, in)
		return of(r.records("51"), "failover").Zone()
	}
	got := edit(vpsapi.EditDomainRecordIn{Data: vpsapi.RecordData{"127.0.0.9"}, Type: "failover"})
	if diff := cmp.Diff(vpsapi.RecordData{"127.0.0.9"}, got.Data); diff != "" || got.PrimaryData != "127.0.0.1" {
		t.Errorf("new targets: %+v", got)
	}
	got = edit(vpsapi.EditDomainRecordIn{PrimaryData: "127.0.0.2", ServiceType: "http"})
	if got.PrimaryData != "127.0.0.2" || got.ServiceType != "http" || len(got.Data) != 1 {
		t.Errorf("new primary: %+v", got)
	}
}

func TestUpdateRecordsIsAllOrNothing(t *testing.T) {
	r := newRegistry(t, Options{})
	before := r.records("51")
	low := zoneRecord("a", "@", "192.0.2.1")
	low.TTL = ptr(vpsapi.Int(900))
	for words, extra := range map[string]vpsapi.ZoneRecord{
		"domain_records[3].ttl":  low,
		"domain_records[3].host": zoneRecord("cname", "@", "example.org."),
		"domain_records[3].type": zoneRecord("soa", "@", "dns2.vps.net."),
	} {
		in := vpsapi.UpdateDomainRecordsIn{DomainID: "51", DomainRecords: append(apexRecords(), extra)}
		dnsRefused(r, vpsapi.UpdateDomainRecords, in, vpsapi.Declined, words)
	}
	for _, body := range []string{
		`{"domain_records":[{"domain_record":{"type":"a","host":"@","data":"nowhere","ttl":900}}]}`,
		`{"domain_records":[]}`, `{"domain_records":{}}`, `{}`,
	} {
		status, answer := r.plain("PUT", "/domains/51/records/update_records.api10json", body)
		if status != http.StatusOK || !strings.HasPrefix(answer, `{"error":`) {
			t.Errorf("%s: %d %s, want an error with status 200", body, status, answer)
		}
	}
	if diff := cmp.Diff(before, r.records("51")); diff != "" {
		t.Errorf("refusals changed the zone:\n%s", diff)
	}
	dnsCall(r, vpsapi.UpdateDomainRecords, vpsapi.UpdateDomainRecordsIn{DomainID: "51", DomainRecords: []vpsapi.ZoneRecord{low}})
	if got := r.records("51"); len(got) != 2 || got[0].Type != "soa" || got[0].ID != before[0].ID || *got[0].TTL != 900 {
		t.Errorf("a zone without an SOA record keeps the old one: %+v", got)
	}
}

func TestDNSTemplates(t *testing.T) {
	r := newRegistry(t, Options{})
	made := dnsCall(r, vpsapi.CreateDNSTemplate, vpsapi.CreateDNSTemplateIn{TemplateName: "mine"})
	add := vpsapi.CreateDNSTemplateRecordIn{DNSTemplateID: made.ID, Type: "a", Host: "@", Data: "[!ip]", TTL: ptr(vpsapi.Int(86400))}
	record := dnsCall(r, vpsapi.CreateDNSTemplateRecord, add)
	edit := vpsapi.EditDNSTemplateRecordIn{DNSTemplateID: made.ID, RecordID: record.ID, Target: "127.0.0.5", TTL: ptr(vpsapi.Int(900))}
	dnsCall(r, vpsapi.EditDNSTemplateRecord, edit)
	want := []vpsapi.DNSTemplateRecord{{ID: record.ID, Type: "a", Host: "@", Data: "127.0.0.5", TTL: ptr(vpsapi.Int(900))}}
	if diff := cmp.Diff(want, dnsCall(r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: made.ID})); diff != "" {
		t.Errorf("records (-want +got):\n%s", diff)
	}
	edit.Target = "www"
	dnsRefused(r, vpsapi.EditDNSTemplateRecord, edit, vpsapi.Invalid, "data")
	add.Type, add.Data = "cname", "[!domain]"
	dnsRefused(r, vpsapi.CreateDNSTemplateRecord, add, vpsapi.Invalid, "host")
	dnsCall(r, vpsapi.DeleteDNSTemplateRecord, vpsapi.DeleteDNSTemplateRecordIn{DNSTemplateID: made.ID, RecordID: record.ID})
	dnsRefused(r, vpsapi.EditDNSTemplateRecord, vpsapi.EditDNSTemplateRecordIn{DNSTemplateID: made.ID, RecordID: record.ID, Target: "x"}, vpsapi.NotFound, "")
	dnsCall(r, vpsapi.DeleteDNSTemplate, vpsapi.DeleteDNSTemplateIn{DNSTemplateID: made.ID})
	if got := dnsCall(r, vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{}); len(got) != 3 || got[0].Name != "demotemplate1" {
		t.Errorf("templates: %+v", got)
	}
}

func TestGeneratedRecords(t *testing.T) {
	for _, n := range []int{0, 1, 7, 500, 501, 1203} {
		r := newRegistry(t, Options{Records: n})
		total := 0
		for _, d := range dnsCall(r, vpsapi.ListDomains, vpsapi.ListDomainsIn{})[2:] {
			records := r.records(d.ID)
			kept, err := r.sb.account.domain(d.ID)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(string(d.Name), "generated-") || len(records) > maxGenerated {
				t.Errorf("%s has %d records", d.Name, len(records))
			}
			for i, record := range records {
				if faults := record.Zone().Check(); len(faults) > 0 {
					t.Errorf("%+v: %v", record, faults)
				}
				if field, message := conflict(kept.records, &records[i]); field != "" {
					t.Errorf("%+v: %s %s", record, field, message)
				}
			}
			total += len(records)
		}
		if total != n {
			t.Errorf("%d records generated, want %d", total, n)
		}
	}
}

func TestServiceTypesAreTaken(t *testing.T) {
	r := newRegistry(t, Options{})
	raw := string(dnsCall(r, vpsapi.ListServiceTypes, vpsapi.ListServiceTypesIn{}))
	for _, key := range serviceTypes {
		if !strings.Contains(raw, `"`+key+`"`) {
			t.Errorf("%s lacks %s", raw, key)
		}
		dnsCall(r, vpsapi.CreateDomainRecord, vpsapi.ZoneRecord{
			Type: "failover", Host: strings.ReplaceAll(key, ".", "-"), PrimaryData: "192.0.2.1", Data: vpsapi.RecordData{"192.0.2.2"}, ServiceType: key,
		}.Create("51"))
	}
}

package vpsapi_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vpsnet-mcp/vpsapi"
)

func number(n vpsapi.Int) *vpsapi.Int { return &n }

// zone holds one record of every type, as it is written.
func zone() []vpsapi.ZoneRecord {
	one := func(kind, host, data string) vpsapi.ZoneRecord {
		return vpsapi.ZoneRecord{Type: kind, Host: host, Data: vpsapi.RecordData{data}, TTL: number(3600)}
	}
	mx := one("mx", "@", "mail.example.com.")
	mx.MXPriority = number(0)
	srv := one("srv", "_sip._tcp", "sip.example.com.")
	srv.Service, srv.Protocol = "sip", "_tcp"
	srv.Priority, srv.Weight, srv.Port = number(10), number(0), number(5060)
	return []vpsapi.ZoneRecord{
		one("ns", "@", "dns1.vps.net."), one("a", "*.dev", "192.0.2.1"), one("aaaa", "www", "2001:db8::1"), mx,
		one("txt", "@", `v=spf1 "quoted" <html> 12`), one("cname", "ftp", "_under.example.com."), srv,
		{Type: "failover", Host: "@", PrimaryData: "192.0.2.1", Data: vpsapi.RecordData{"192.0.2.2"}, ServiceType: "icmp.ping"},
	}
}

// TestCreateDomainRecordByType holds the form of every type on the wire.
func TestCreateDomainRecordByType(t *testing.T) {
	want := []string{
		`{"type":"ns","host":"@","data":"dns1.vps.net.","ttl":3600}`,
		`{"type":"a","host":"*.dev","data":"192.0.2.1","ttl":3600}`,
		`{"type":"aaaa","host":"www","data":"2001:db8::1","ttl":3600}`,
		`{"type":"mx","host":"@","data":"mail.example.com.","ttl":3600,"mx_priority":0}`,
		`{"type":"txt","host":"@","data":"v=spf1 \"quoted\" \u003chtml\u003e 12","ttl":3600}`,
		`{"type":"cname","host":"ftp","data":"_under.example.com.","ttl":3600}`,
		`{"type":"srv","host":"_sip._tcp","data":"sip.example.com.","ttl":"3600","service":"sip","protocol":"_tcp","priority":"10","weight":"0","port":"5060"}`,
		`{"type":"failover","host":"@","data":["192.0.2.2"],"primary_data":"192.0.2.1","service_type":"icmp.ping"}`,
	}
	for i, z := range zone() {
		request, err := vpsapi.CreateDomainRecord.Encode(z.Create("51"))
		if err != nil {
			t.Errorf("%s: %v", z.Type, err)
			continue
		}
		if got, want := string(request.Body), `{"domain_record":`+want[i]+`}`; got != want {
			t.Errorf("%s:\n%s\nwant\n%s", z.Type, got, want)
		}
		whole, err := vpsapi.UpdateDomainRecords.Encode(vpsapi.UpdateDomainRecordsIn{DomainID: "51", DomainRecords: []vpsapi.ZoneRecord{z}})
		if err != nil {
			t.Errorf("%s in a zone: %v", z.Type, err)
			continue
		}
		if got, want := string(whole.Body), `{"domain_records":[{"domain_record":`+want[i]+`}]}`; got != want {
			t.Errorf("%s in a zone:\n%s\nwant\n%s", z.Type, got, want)
		}
	}
}

// TestRecordFaults holds what a record of a type lacks, or has and should not.
func TestRecordFaults(t *testing.T) {
	byType := map[string]vpsapi.ZoneRecord{"soa": {Type: "soa", Host: "@", Data: vpsapi.RecordData{"dns1.vps.net."}, TTL: number(3600)}}
	for _, z := range zone() {
		byType[z.Type] = z
	}
	for _, c := range []struct {
		kind   string
		change func(*vpsapi.CreateDomainRecordIn)
		field  string
	}{
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"2001:db8::1"} }, "data"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.256"} }, "data"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Data = nil }, "data"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.1", "192.0.2.2"} }, "data"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.TTL = nil }, "ttl"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.TTL = number(300) }, "ttl"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.MXPriority = number(10) }, "mx_priority"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Port = number(80) }, "port"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.PrimaryData = "192.0.2.1" }, "primary_data"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Host = "" }, "host"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Host = "www." }, "host"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Host = "a b" }, "host"},
		{"a", func(in *vpsapi.CreateDomainRecordIn) { in.Type = "ptr" }, "type"},
		{"aaaa", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.1"} }, "data"},
		{"aaaa", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"fe80::1%eth0"} }, "data"},
		{"ns", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"dns1.vps.net"} }, "data"},
		{"cname", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"a..b."} }, "data"},
		{"mx", func(in *vpsapi.CreateDomainRecordIn) { in.MXPriority = nil }, "mx_priority"},
		{"mx", func(in *vpsapi.CreateDomainRecordIn) { in.MXPriority = number(65536) }, "mx_priority"},
		{"mx", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"10 mail.example.com."} }, "data"},
		{"txt", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"two\nlines"} }, "data"},
		{"srv", func(in *vpsapi.CreateDomainRecordIn) { in.Service = "" }, "service"},
		{"srv", func(in *vpsapi.CreateDomainRecordIn) { in.Protocol = "_sctp" }, "protocol"},
		{"srv", func(in *vpsapi.CreateDomainRecordIn) { in.Port = number(-1) }, "port"},
		{"srv", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.1:5060"} }, "data"},
		{"failover", func(in *vpsapi.CreateDomainRecordIn) { in.TTL = number(900) }, "ttl"},
		{"failover", func(in *vpsapi.CreateDomainRecordIn) { in.PrimaryData = "" }, "primary_data"},
		{"failover", func(in *vpsapi.CreateDomainRecordIn) { in.PrimaryData = "here" }, "primary_data"},
		{"failover", func(in *vpsapi.CreateDomainRecordIn) { in.ServiceType = "" }, "service_type"},
		{"failover", func(in *vpsapi.CreateDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.2", "x"} }, "data"},
		{"soa", func(*vpsapi.CreateDomainRecordIn) {}, "type"},
	} {
		in := byType[c.kind].Create("51")
		c.change(&in)
		faults := vpsapi.Check(in)
		if len(faults) != 1 || faults[0].Field != c.field {
			t.Errorf("%+v: faults %v, want one of %s", in, faults, c.field)
		}
	}
	if faults := byType["soa"].Check(); len(faults) > 0 {
		t.Errorf("a soa record in a zone: %v", faults)
	}
}

func TestTargetWithoutDotIsShownWithOne(t *testing.T) {
	faults := zone()[5].Create("51").Check()
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	in := zone()[5].Create("51")
	in.Data = vpsapi.RecordData{"www.example.com"}
	if faults := in.Check(); len(faults) != 1 || !strings.Contains(faults[0].Message, `"www.example.com."`) {
		t.Errorf("faults %v, want the name with its dot", faults)
	}
}

// TestEditDomainRecordForm holds that an edit goes out in the form of the
// record's type, as far as the caller or the fields tell it.
func TestEditDomainRecordForm(t *testing.T) {
	edit := func(change func(*vpsapi.EditDomainRecordIn)) vpsapi.EditDomainRecordIn {
		in := vpsapi.EditDomainRecordIn{DomainID: "51", RecordID: "7"}
		change(&in)
		return in
	}
	for _, c := range []struct {
		change func(*vpsapi.EditDomainRecordIn)
		want   string // the body inside its envelope, or the field of the fault
	}{
		{func(in *vpsapi.EditDomainRecordIn) { in.TTL = number(300) }, `{"ttl":300}`},
		{func(in *vpsapi.EditDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.2"} }, `{"data":"192.0.2.2"}`},
		{func(in *vpsapi.EditDomainRecordIn) { in.Data, in.Type = vpsapi.RecordData{"192.0.2.2"}, "failover" }, `{"data":["192.0.2.2"]}`},
		{func(in *vpsapi.EditDomainRecordIn) { in.Data = vpsapi.RecordData{"192.0.2.2", "192.0.2.3"} }, `{"data":["192.0.2.2","192.0.2.3"]}`},
		{func(in *vpsapi.EditDomainRecordIn) { in.TTL, in.Port = number(900), number(5061) }, `{"ttl":"900","port":"5061"}`},
		{func(*vpsapi.EditDomainRecordIn) {}, ""},
		{func(in *vpsapi.EditDomainRecordIn) { in.Data, in.Type = vpsapi.RecordData{"mail"}, "mx" }, "data"},
		{func(in *vpsapi.EditDomainRecordIn) { in.TTL, in.ServiceType = number(900), "http" }, "ttl"},
		{func(in *vpsapi.EditDomainRecordIn) { in.TTL = number(-1) }, "ttl"},
	} {
		in := edit(c.change)
		request, err := vpsapi.EditDomainRecord.Encode(in)
		if strings.HasPrefix(c.want, "{") {
			if got, want := string(request.Body), `{"domain_record":`+c.want+`}`; err != nil || got != want {
				t.Errorf("%+v: %s (%v), want %s", in, got, err, want)
			}
			continue
		}
		if faults := vpsapi.Check(in); len(faults) != 1 || faults[0].Field != c.want {
			t.Errorf("%+v: faults %v, want one of %q", in, faults, c.want)
		}
	}
}

// TestRecordForms holds that both forms of a record are read into the same.
func TestRecordForms(t *testing.T) {
	want := vpsapi.Record{
		ID: "9", Type: "mx", Host: "@", Data: vpsapi.RecordData{"mail.example.com."}, TTL: number(3600), MXPriority: number(10),
	}
	for _, body := range []string{
		`[{"domain_record":{"id":9,"type":"mx","host":"@","data":"10 mail.example.com.","ttl":"3600"}}]`,
		`[{"domain_record":{"id":9,"type":"MX","host":"@","data":"mail.example.com.","ttl":3600,"mx_priority":"10"}}]`,
		`[{"id":"9","type":"mx","host":"@","data":["mail.example.com."],"ttl":3600,"mx_priority":10}]`,
	} {
		out, err := vpsapi.ListDomainRecords.DecodeReply([]byte(body))
		if err != nil {
			t.Errorf("%s: %v", body, err)
			continue
		}
		if diff := cmp.Diff([]vpsapi.Record{want}, out); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
	wrapped, err := vpsapi.GetDomainRecord.EncodeReply(want)
	if err != nil || !strings.Contains(string(wrapped), `"data":"10 mail.example.com."`) || strings.Contains(string(wrapped), "mx_priority") {
		t.Errorf("the document's form is %s (%v)", wrapped, err)
	}
	want.Flat = true
	flat, err := vpsapi.GetDomainRecord.EncodeReply(want)
	if err != nil || string(flat) != `{"id":9,"type":"mx","host":"@","data":"mail.example.com.","ttl":3600,"mx_priority":10}` {
		t.Errorf("the form of ?new is %s (%v)", flat, err)
	}
}

// TestRepliesThatTellNothing holds that a change without a documented reply
// does not fail for it, and that a read does.
func TestRepliesThatTellNothing(t *testing.T) {
	for _, body := range []string{"", "true", "null", `{"status":"ok"}`} {
		if out, err := vpsapi.CreateDomainRecord.DecodeReply([]byte(body)); err != nil {
			t.Errorf("create_domain_record: %q gives %v, %v", body, out, err)
		}
		if out, err := vpsapi.GetDomainRecord.DecodeReply([]byte(body)); err == nil {
			t.Errorf("get_domain_record: %q gives %v", body, out)
		}
	}
	if _, err := vpsapi.UpdateDomainRecords.DecodeReply([]byte(`{"status":"ok"}`)); err == nil {
		t.Error("update_domain_records: a reply without a message is a success")
	}
}

func TestGetDomainBy(t *testing.T) {
	for _, c := range []struct{ ref, want string }{
		{"51", "/domains/51.api10json"},
		{"demodomain.com", "/domains/demodomain.api10json?tld=com"},
		{"a.b.co.uk", "/domains/a.api10json?tld=b.co.uk"},
		{"123.com", "/domains/123.api10json?tld=com"},
		{"demodomain", ""},
		{"demodomain.", ""},
		{"../profile.x", ""},
		{"dömo.com", ""},
		{"", ""},
	} {
		request, err := vpsapi.GetDomain.Encode(vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(c.ref)})
		if (err != nil) != (c.want == "") || (err == nil && request.URL() != c.want) {
			t.Errorf("%q: %s, %v; want %q", c.ref, request.URL(), err, c.want)
		}
	}
}

func TestNewIsLeftOutWhenFalse(t *testing.T) {
	no, yes := vpsapi.Flag(false), vpsapi.Flag(true)
	for flag, want := range map[*vpsapi.Flag]string{nil: "", &no: "", &yes: "?new=true"} {
		request, err := vpsapi.ListDomainRecords.Encode(vpsapi.ListDomainRecordsIn{DomainID: "51", New: flag})
		if got := "/domains/51/records.api10json" + want; err != nil || request.URL() != got {
			t.Errorf("%s (%v), want %s", request.URL(), err, got)
		}
	}
}

func TestDNSTemplateRecordInADomain(t *testing.T) {
	for _, c := range []struct {
		kind, data string
		want       string // empty for a fault
	}{
		{"a", "[!ip]", "192.0.2.7"},
		{"a", "[!domain]", ""},
		{"aaaa", "[!ip]", ""},
		{"mx", "[!domain]", "example.org."},
		{"mx", "10 [!domain]", "example.org."},
		{"mx", "mail.[!domain].", "mail.example.org."},
		{"cname", "www.example.net", ""},
		{"txt", "v=spf1 ip4:[!ip] a:[!domain]", "v=spf1 ip4:192.0.2.7 a:example.org"},
		{"srv", "sip.[!domain].", ""},
	} {
		in := vpsapi.CreateDNSTemplateRecordIn{DNSTemplateID: "55", Type: c.kind, Host: "@", Data: c.data, TTL: number(900)}
		if c.kind == "mx" {
			in.MXPriority = number(10)
		}
		faults := in.Check()
		if c.want == "" {
			if len(faults) == 0 {
				t.Errorf("%s %s: no fault", c.kind, c.data)
			}
			continue
		}
		if got := in.Record().For("example.org", "192.0.2.7").Data[0]; got != c.want || len(faults) > 0 {
			t.Errorf("%s %s: %s %v, want %s", c.kind, c.data, got, faults, c.want)
		}
	}
}

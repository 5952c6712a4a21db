package account

import (
	"context"
	"reflect"
	"strings"

	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// lookupRecords lists the records of the input's domain, called as people call them:
// by host, by host and type, and by these and the data, such as "www A".
func lookupRecords(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	d, records, err := r.Zone(ctx, vpsapi.DomainID(in.FieldByName("DomainID").String()))
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(records))
	for i, x := range records {
		full := words.FullName(string(x.Host), d)
		all[i] = recordCandidate(string(x.ID), string(x.Type), strings.Join(x.Data, " "), full, HostText(string(x.Host)))
	}
	return all, nil
}

// recordCandidate is what a record of a type and data may be called, by each of its
// host's names.
func recordCandidate(id, kind, data, full string, short string) candidate {
	c := candidate{id: id, label: strings.ToUpper(kind) + " " + full}
	for _, host := range []string{short, full} {
		for _, name := range []string{host, host + " " + kind, kind + " " + host} {
			c.hosts = append(c.hosts, name, name+" "+data, name+" "+strings.TrimSuffix(data, "."))
		}
	}
	return c
}

// lookupTemplateRecords is lookupRecords for a DNS template's.
func lookupTemplateRecords(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	records, err := Read(ctx, r, vpsapi.ListDNSTemplateRecords, vpsapi.ListDNSTemplateRecordsIn{DNSTemplateID: vpsapi.DNSTemplateID(in.FieldByName("DNSTemplateID").String())})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(records))
	for i, x := range records {
		host := HostText(string(x.Host))
		all[i] = recordCandidate(string(x.ID), string(x.Type), string(x.Data), host, host)
	}
	return all, nil
}

// lookupDNSTemplates lists the account's DNS templates by name.
func lookupDNSTemplates(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	templates, err := Read(ctx, r, vpsapi.ListDNSTemplates, vpsapi.ListDNSTemplatesIn{})
	if err != nil {
		return nil, err
	}
	all := make([]candidate, len(templates))
	for i, t := range templates {
		all[i] = candidate{string(t.ID), string(t.Name), []string{string(t.Name)}, nil}
	}
	return all, nil
}

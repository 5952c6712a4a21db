package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/vpsapi"
)

type zoneArguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
}

type zoneFileArguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
	Zone     string          `json:"zone" jsonschema_description:"RFC 1035 zone file"`
}

func (s *Server) zoneTools() []*tool {
	return []*tool{
		readTool("export_zone", "Export zone", "A domain's records as an RFC 1035 zone file, to keep, edit, and give to diff_zone or apply_zone.", vpsapi.DNS.Name, exportZone),
		readTool("diff_zone", "Diff zone", "What apply_zone would add, remove and change, with lint of the zone file. Changes nothing.", vpsapi.DNS.Name, diffZone),
		planTool("apply_zone", "Apply zone", "Make a domain's records as a zone file says, by the fewest changes, as one plan. Failover, SOA and VPS.NET's NS are left alone.",
			vpsapi.DNS.Name, vpsapi.Destroys, applyZone),
	}
}

// readZone reads a domain and its records.
func readZone(ctx context.Context, r *reader, id vpsapi.DomainID) (vpsapi.Domain, zone, error) {
	domain, err := read(ctx, r, vpsapi.GetDomain, vpsapi.GetDomainIn{DomainID: vpsapi.DomainRef(id)})
	if err != nil {
		return domain, zone{}, err
	}
	flat := vpsapi.Flag(true)
	records, err := read(ctx, r, vpsapi.ListDomainRecords, vpsapi.ListDomainRecordsIn{DomainID: id, New: &flat})
	return domain, newZone(string(domain.Name), records), err
}

func exportZone(ctx context.Context, r *reader, in zoneArguments) (*Answer, error) {
	domain, z, err := readZone(ctx, r, in.DomainID)
	if err != nil {
		return nil, err
	}
	file, err := z.file()
	if err != nil {
		return nil, fmt.Errorf("export_zone: a record cannot be written in a zone file: %w", err)
	}
	object, err := json.Marshal(map[string]any{"domain": domain.Name, "zone": vpsapi.Visible(file), "records": len(z.records), "left_alone": len(z.alone)})
	if err != nil {
		return nil, err
	}
	return &Answer{Text: fmt.Sprintf("Zone of %s, %d records, %d left alone:\n%s", vpsapi.Quote(string(domain.Name)), len(z.records), len(z.alone), fenced(vpsapi.Visible(file))), Structured: object}, nil
}

func diffZone(ctx context.Context, r *reader, in zoneFileArguments) (*Answer, error) {
	domain, present, err := readZone(ctx, r, in.DomainID)
	if err != nil {
		return nil, err
	}
	wanted, err := parseZone(string(domain.Name), in.Zone)
	if err != nil {
		return nil, err
	}
	changes := present.diff(wanted)
	wrong, doubtful := wanted.lint()
	wrong = append(wrong, ttlFaults(present, changes)...)
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = c.text(present)
	}
	object, err := json.Marshal(map[string]any{"domain": domain.Name, "changes": lines, "errors": orEmpty(wrong), "warnings": orEmpty(doubtful), "left_alone": len(present.alone)})
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%d changes to %s", len(changes), vpsapi.Quote(string(domain.Name)))
	for _, w := range wrong {
		text += "\nerror: " + w
	}
	for _, w := range doubtful {
		text += "\nwarning: " + w
	}
	if len(lines) > 0 {
		text += "\n" + fenced(vpsapi.Visible(strings.Join(lines, "\n")))
	}
	return &Answer{Text: text, Structured: fit(visible(object))}, nil
}

func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// ttlFaults names new records whose TTL the API's create does not take.
func ttlFaults(present zone, changes []zoneChange) []string {
	var wrong []string
	for _, c := range changes {
		if c.was != nil {
			continue
		}
		if n := number(c.now.TTL); !slices.Contains([]int64{900, 3600, 86400, 604800}, n) {
			wrong = append(wrong, fmt.Sprintf("%s: a new record takes a TTL of 900, 3600, 86400 or 604800, not %d", c.text(present), n))
		}
	}
	return wrong
}

func applyZone(ctx context.Context, r *reader, in zoneFileArguments) (*Plan, error) {
	domain, present, err := readZone(ctx, r, in.DomainID)
	if err != nil {
		return nil, err
	}
	wanted, err := parseZone(string(domain.Name), in.Zone)
	if err != nil {
		return nil, fmt.Errorf("apply_zone: %w; nothing was sent", err)
	}
	changes := present.diff(wanted)
	wrong, doubtful := wanted.lint()
	if wrong = append(wrong, ttlFaults(present, changes)...); len(wrong) > 0 {
		return nil, fmt.Errorf("apply_zone: %s; nothing was sent", strings.Join(wrong, "; "))
	}
	thing := Thing{Kind: "domain", ID: string(in.DomainID), Label: string(domain.Name)}
	p := &Plan{Tool: "apply_zone", Account: r.client.Account(), Thing: thing, Words: Words{Does: []string{fmt.Sprintf("Make the records of %s as the zone file says:", thing)}}}
	if len(changes) == 0 {
		p.Nothing = "the domain's records are as the zone file says"
		return p, nil
	}
	for _, c := range changes {
		if err := p.addZoneChange(r, present, in.DomainID, c); err != nil {
			return nil, err
		}
	}
	p.Words.Does = append(p.Words.Does, doubtful...)
	p.Words.Keeps = []string{fmt.Sprintf("%d records that are left alone (SOA, VPS.NET's name servers, failover).", len(present.alone))}
	p.Words.Downtime = "none by itself; names follow within their TTL"
	p.Words.Undo = "undo puts the old zone back, as one plan"
	old, err := present.file()
	if err != nil {
		return nil, err
	}
	p.State = []string{old, string(domain.Serial)}
	p.Inverse = func(any) *state.Inverse {
		arguments, err := json.Marshal(zoneFileArguments{in.DomainID, old})
		if err != nil {
			return nil
		}
		return &state.Inverse{Tool: "apply_zone", Arguments: arguments, Note: "removed records come back with new ids"}
	}
	return p, nil
}

// addZoneChange adds the call of one change to a plan.
func (p *Plan) addZoneChange(r *reader, z zone, domain vpsapi.DomainID, c zoneChange) error {
	var op vpsapi.Operation
	var in any
	switch {
	case c.was == nil:
		op, in = vpsapi.CreateDomainRecord, c.now.Zone().Create(domain)
	case c.now == nil:
		op, in = vpsapi.DeleteDomainRecord, vpsapi.DeleteDomainRecordIn{DomainID: domain, RecordID: c.was.ID}
	case c.ttlOnly:
		op, in = vpsapi.EditDomainRecord, vpsapi.EditDomainRecordIn{DomainID: domain, RecordID: c.was.ID, TTL: c.now.TTL}
	default:
		op, in = vpsapi.EditDomainRecord, c.now.Zone().Edit(domain, c.was.ID)
	}
	request, err := r.client.Encode(op, in)
	if err != nil {
		return fmt.Errorf("apply_zone: %s: %w", c.text(z), err)
	}
	text := c.text(z)
	p.Steps = append(p.Steps, Step{Op: op, In: in, Request: request, Words: text})
	p.Effects = append(p.Effects, Effect{op.Info().Safety, text})
	p.Words.Does = append(p.Words.Does, "\n  "+text)
	return nil
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

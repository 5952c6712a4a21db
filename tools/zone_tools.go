package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// zoneArguments name a domain.
type zoneArguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
}

// zoneFileArguments name a domain and give a zone file for it.
type zoneFileArguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
	Zone     string          `json:"zone" jsonschema_description:"RFC 1035 zone file"`

	// Restore is set by undo alone, and is not an argument: a zone that the account had
	// is put back with whatever lint would say of it.
	Restore bool `json:"restore,omitempty" jsonschema:"-"`
}

// zoneTools returns the tools that write, compare and apply a zone file.
func (s *Server) zoneTools() []*tool {
	return []*tool{
		readTool(catalog.ExportZone, "Export zone", "A domain's records as an RFC 1035 zone file, to keep, edit, and give to diff_zone or apply_zone.", "zonefile export download dump bind save domain record", vpsapi.DNS.Name, exportZone),
		readTool(catalog.DiffZone, "Diff zone", "What apply_zone would add, remove and change, with lint of the zone file. Changes nothing.", "zonefile compare difference preview lint check would domain record", vpsapi.DNS.Name, diffZone),
		planTool(catalog.ApplyZone, "Apply zone", "Make a domain's records as a zone file says, by the fewest changes, as one plan. Failover, SOA and VPS.NET's NS are left alone.", "zonefile apply import upload load bind domain record",
			vpsapi.DNS.Name, vpsapi.Destroys, applyZone),
	}
}

// exportZone answers with a domain's records as a zone file (RFC 1035).
func exportZone(ctx context.Context, r *account.Reader, in zoneArguments) (*answer.Answer, error) {
	domain, records, err := r.Zone(ctx, in.DomainID)
	if err != nil {
		return nil, err
	}
	z := zone.New(string(domain.Name), records)
	if serial, err := strconv.ParseUint(string(domain.Serial), 10, 32); err == nil {
		z.Serial = uint32(serial)
	}
	file, err := z.File()
	if err != nil {
		return nil, fmt.Errorf(catalog.ExportZone+": %w", err)
	}
	file = vpsapi.Visible(file)
	object, err := json.Marshal(map[string]any{"domain": domain.Name, "zone": file, "records": len(z.Records), "left_alone": len(z.Alone)})
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("Zone of %s, %s, %d left alone:\n%s", vpsapi.Quote(string(domain.Name)), words.Counted(len(z.Records), "record"), len(z.Alone), answer.Fence(file))
	return &answer.Answer{Text: text, Structured: object, File: []byte(file)}, nil
}

// zoneComparison is a zone file compared with the domain's present records.
type zoneComparison struct {
	domain          vpsapi.Domain
	records         []vpsapi.Record // all of the present ones
	present, wanted zone.Zone
	changes         []zone.Change
	wrong, doubtful []string
}

// readZoneWork reads a domain's records, parses the given zone file and compares both; lint's findings are in the result.
func readZoneWork(ctx context.Context, r *account.Reader, in zoneFileArguments) (zoneComparison, error) {
	domain, records, err := r.Zone(ctx, in.DomainID)
	if err != nil {
		return zoneComparison{}, err
	}
	w := zoneComparison{domain: domain, records: records, present: zone.New(string(domain.Name), records)}
	if w.wanted, err = zone.Parse(string(domain.Name), in.Zone); err != nil {
		return w, err
	}
	if !in.Restore {
		w.wrong, w.doubtful = w.wanted.Lint(w.present)
		w.wanted = w.wanted.WithoutRepeats(w.present)
	}
	w.changes = w.present.Diff(w.wanted)
	w.wrong = append(w.wrong, zone.TTLFaults(w.present, w.changes)...)
	return w, nil
}

// diffZone answers with what apply_zone would change. It changes nothing.
func diffZone(ctx context.Context, r *account.Reader, in zoneFileArguments) (*answer.Answer, error) {
	w, err := readZoneWork(ctx, r, in)
	if err != nil {
		return nil, fmt.Errorf(catalog.DiffZone+": %w", err)
	}
	lines := zone.ChangeLines(w.present, w.changes)
	object, err := json.Marshal(map[string]any{
		"domain": w.domain.Name, "changes": lines, "errors": emptyIfNil(w.wrong), "warnings": emptyIfNil(w.doubtful), "left_alone": len(w.present.Alone),
	})
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%d changes to %s", len(lines), vpsapi.Quote(string(w.domain.Name)))
	if len(lines) > 0 {
		text += " (" + zone.Counts(w.changes) + ")"
	}
	for _, fault := range zone.FirstFaults(w.wrong) {
		text += "\nerror: " + fault
	}
	for _, fault := range zone.FirstFaults(w.doubtful) {
		text += "\nwarning: " + fault
	}
	if len(lines) > 0 {
		text += "\n" + answer.Fence(strings.Join(firstLines(lines, answer.MaxBytes), "\n"))
	}
	return &answer.Answer{Text: text, Structured: answer.TrimToFit(answer.RemoveInvisible(object))}, nil
}

// firstLines keeps as many lines as the size allows, and says how many it left out.
func firstLines(lines []string, size int) []string {
	for i, line := range lines {
		if size -= len(line) + 1; size < 0 {
			return append(lines[:i:i], fmt.Sprintf("… and %d more", len(lines)-i))
		}
	}
	return lines
}

// emptyIfNil returns an empty list for nil, which JSON writes as [] and not as null.
func emptyIfNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

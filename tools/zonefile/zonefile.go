// Package zonefile gives a domain's records as a zone file, and compares a zone file with them: what is
// different, and the plan that makes the records so. It reads by tools/account and plans as tools/catalog
// does; what a zone is, tools/zone knows alone.
package zonefile

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/tools/zone"
	"vpsnet-mcp/vpsapi"
)

// Arguments name a domain.
type Arguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
}

// FileArguments name a domain and give a zone file for it.
type FileArguments struct {
	DomainID vpsapi.DomainID `json:"domain_id"`
	Zone     string          `json:"zone" jsonschema_description:"RFC 1035 zone file"`

	// Restore is set by undo alone, and is not an argument: a zone that the account had
	// is put back with whatever lint would say of it.
	Restore bool `json:"restore,omitempty" jsonschema:"-"`
}

// Export answers with a domain's records as a zone file (RFC 1035).
func Export(ctx context.Context, r *account.Reader, in Arguments) (*answer.Answer, error) {
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

// comparison is a zone file compared with the domain's present records.
type comparison struct {
	domain          vpsapi.Domain
	records         []vpsapi.Record // all of the present ones
	present, wanted zone.Zone
	changes         []zone.Change
	wrong, doubtful []string
}

// compare reads a domain's records, parses the given zone file and compares both; lint's findings are in the result.
func compare(ctx context.Context, r *account.Reader, in FileArguments) (comparison, error) {
	domain, records, err := r.Zone(ctx, in.DomainID)
	if err != nil {
		return comparison{}, err
	}
	w := comparison{domain: domain, records: records, present: zone.New(string(domain.Name), records)}
	if w.wanted, err = zone.Parse(string(domain.Name), in.Zone); err != nil {
		return w, err
	}
	if !in.Restore {
		w.wrong, w.doubtful = w.wanted.Lint(w.present)
		w.wanted = w.wanted.WithoutRepeats(w.present)
	}
	w.changes = w.present.Diff(w.wanted)
	w.wrong = append(w.wrong, zone.TTLFaults(w.present, w.changes)...)
	w.doubtful = append(w.doubtful, w.sharedTTLs()...)
	return w, nil
}

// sharedTTLs tells of the records that no change names and whose time to live changes too: a host has one.
func (w comparison) sharedTTLs() []string {
	var texts []string
	hosts := zone.HostTTLs(zone.Neighbours(w.records, w.changes))
	slices.SortFunc(hosts, func(a, b zone.HostTTL) int { return strings.Compare(a.Host, b.Host) })
	for _, h := range hosts {
		texts = append(texts, fmt.Sprintf("a host has one TTL: that of %s of %s changes to %d too (%s)", words.Counted(len(h.Types), "other record"), vpsapi.Quote(account.HostText(h.Host)), h.TTL, strings.Join(h.Types, ", ")))
	}
	return texts
}

// Diff answers with what apply_zone would change. It changes nothing.
func Diff(ctx context.Context, r *account.Reader, in FileArguments) (*answer.Answer, error) {
	w, err := compare(ctx, r, in)
	if err != nil {
		return nil, fmt.Errorf(catalog.DiffZone+": %w", err)
	}
	along := zone.Neighbours(w.records, w.changes)
	lines := append(zone.ChangeLines(w.present, w.changes), zone.NeighbourLines(along)...)
	object, err := json.Marshal(map[string]any{
		"domain": w.domain.Name, "changes": lines, "errors": emptyIfNil(w.wrong), "warnings": emptyIfNil(w.doubtful), "left_alone": len(w.present.Untouched(along)),
	})
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("%d changes to %s", len(w.changes), vpsapi.Quote(string(w.domain.Name)))
	if len(lines) > 0 {
		text += " (" + zone.CountsWith(w.changes, along) + ")"
	}
	for _, fault := range zone.FirstFaults(w.wrong) {
		text += "\nerror: " + fault
	}
	for _, fault := range zone.FirstFaults(w.doubtful) {
		text += "\nwarning: " + fault
	}
	if len(lines) > 0 {
		text += "\n" + answer.Fence(strings.Join(answer.FirstLines(lines, answer.MaxBytes), "\n"))
	}
	return &answer.Answer{Text: text, Structured: answer.TrimToFit(answer.RemoveInvisible(object))}, nil
}

// emptyIfNil returns an empty list for nil, which JSON writes as [] and not as null.
func emptyIfNil(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

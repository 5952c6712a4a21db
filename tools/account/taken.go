package account

import (
	"cmp"
	"context"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/vpsapi"
)

// newName is the label and the hostname that an input gives a thing.
type newName struct {
	policy.Thing
	host string
}

// nameGiven returns the names that an input gives; none where it gives none. Two domains never have one name, and
// backups are named by their ids.
func nameGiven(in any) newName {
	switch in := in.(type) {
	case vpsapi.CreateServerIn:
		return newName{policy.Thing{Kind: "server", Label: in.Label, Cloud: string(in.CloudID)}, in.FQDN}
	case vpsapi.EditServerIn:
		return newName{policy.Thing{Kind: "server", ID: string(in.ServerID), Label: in.Label}, cmp.Or(in.PublicFQDN, in.FQDN)}
	case vpsapi.CreateSSDServerIn:
		return newName{policy.Thing{Kind: "server", Label: in.Label, Cloud: string(in.CloudID)}, in.FQDN}
	case vpsapi.CreatePlatformServerIn:
		return newName{policy.Thing{Kind: "server", Label: in.Label}, in.Hostname}
	case vpsapi.CreateDNSTemplateIn:
		return newName{Thing: policy.Thing{Kind: "DNS template", Label: in.TemplateName}}
	}
	return newName{}
}

// TakenNames lists whose names an input gives to another thing: who calls a thing by its name would mean the other one
// as well. What is made stands for its own label, which a rule may speak of.
func TakenNames(ctx context.Context, r *Reader, in any) ([]policy.Thing, error) {
	name := nameGiven(in)
	if name.Label == "" && name.host == "" {
		return nil, nil
	}
	var taken []policy.Thing
	if name.Label != "" && name.ID == "" {
		taken = append(taken, name.Thing)
	}
	if name.Kind == "server" {
		all, err := r.reachedServers(ctx)
		for _, s := range all {
			sameHost := name.host != "" && normalizeName(s.host) == normalizeName(name.host)
			if s.ID != name.ID && (sameHost || name.Label != "" && strings.EqualFold(s.Label, name.Label)) {
				taken = append(taken, s.Thing)
			}
		}
		return taken, err
	}
	return taken, nil
}

package account

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"vpsnet-mcp/internal/policy"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// PlatformServers lists the servers of the newer API; none where the account has
// no credentials for it.
func (r *Reader) PlatformServers(ctx context.Context) ([]vpsapi.PlatformServer, error) {
	if !r.Client.HasAPI(vpsapi.Platform) {
		return nil, nil
	}
	return Read(ctx, r, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{})
}

// PlatformServer finds a server of the newer API.
func (r *Reader) PlatformServer(ctx context.Context, id vpsapi.PlatformServerID) (vpsapi.PlatformServer, error) {
	all, err := r.PlatformServers(ctx)
	if err != nil {
		return vpsapi.PlatformServer{}, err
	}
	return FindOne(all, func(s vpsapi.PlatformServer) bool { return s.ServerID() == id }, "platform server "+string(id), vpsapi.ListPlatformServers.Name)
}

// Location finds a location of the newer API, which has its own numbers.
func (r *Reader) Location(ctx context.Context, id vpsapi.LocationID) (vpsapi.Location, error) {
	all, err := Read(ctx, r, vpsapi.ListPlatformLocations, vpsapi.ListPlatformLocationsIn{})
	if err != nil {
		return vpsapi.Location{}, err
	}
	return FindOne(all, func(l vpsapi.Location) bool { return l.ID == id }, "location "+string(id)+" of the newer API", vpsapi.ListPlatformLocations.Name)
}

// LocationText describes a location of the newer API.
func LocationText(l vpsapi.Location) string {
	return fmt.Sprintf("location %s (id %s)", vpsapi.Quote(string(l.Name)), words.IDText(l.ID))
}

// PlatformThing is a server of the newer API as a plan names it.
func PlatformThing(s vpsapi.PlatformServer) plan.Thing {
	return plan.Thing{Kind: "platform server", ID: string(s.ServerID()), Label: string(s.Label), Host: string(s.Hostname)}
}

// PlatformText describes a server of the newer API.
func PlatformText(s vpsapi.PlatformServer) string {
	parts := []string{"id " + words.IDText(s.ServerID()), vpsapi.Quote(string(s.Hostname))}
	if s.IPAddress != "" {
		parts = append(parts, words.AddressText(s.IPAddress))
	}
	return fmt.Sprintf("SSD server %s of the newer API (%s)", vpsapi.Quote(string(s.Label)), strings.Join(append(parts, LocationText(s.Location)), ", "))
}

// lookupPlatform lists the servers of the newer API with the names that each can be called by.
func lookupPlatform(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	servers, err := r.PlatformServers(ctx)
	all := make([]candidate, len(servers))
	for i, s := range servers {
		host, _, _ := strings.Cut(string(s.Hostname), ".")
		all[i] = candidate{string(s.ServerID()), string(s.Label), []string{string(s.Label), string(s.IPAddress), string(s.ID)}, []string{string(s.Hostname), host}}
	}
	return all, err
}

// lookupAnyServer lists what servers may be called, cloud servers and those of the
// newer API, as far as the account has them. Where one of two APIs does not answer,
// the list is of the other, and comes with the error.
func lookupAnyServer(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	if !r.Client.HasAPI(vpsapi.Classic) {
		return lookupPlatform(ctx, r, in)
	}
	if r.Client.HasAPI(vpsapi.Platform) {
		Prefetch(ctx, r, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{})
		defer r.Settle()
	}
	older, unread := lookupServers(ctx, r, in)
	newer, err := lookupPlatform(ctx, r, in)
	switch {
	case unread != nil && err != nil:
		return nil, fmt.Errorf("neither API answers: %w; %w", unread, err)
	case unread != nil:
		return newer, fmt.Errorf("the older API's servers could not be looked at: %w", unread)
	case err != nil:
		return older, fmt.Errorf("the newer API's servers could not be looked at: %w", err)
	}
	return slices.Concat(older, newer), nil
}

// lookupLocations lists the locations of the newer API by name.
func lookupLocations(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	locations, err := Read(ctx, r, vpsapi.ListPlatformLocations, vpsapi.ListPlatformLocationsIn{})
	all := make([]candidate, len(locations))
	for i, l := range locations {
		all[i] = candidate{string(l.ID), string(l.Name), nil, []string{string(l.Name)}}
	}
	return all, err
}

// lookupPlatformTemplates lists the account's templates in the input's location.
func lookupPlatformTemplates(ctx context.Context, r *Reader, in reflect.Value) ([]candidate, error) {
	f := in.FieldByName("LocationID")
	if !f.IsValid() || f.String() == "" {
		return nil, nil
	}
	templates, err := Read(ctx, r, vpsapi.ListPlatformTemplates, vpsapi.ListPlatformTemplatesIn{LocationID: vpsapi.LocationID(f.String())})
	all := make([]candidate, len(templates))
	for i, t := range templates {
		all[i] = candidate{string(t.ID), string(t.Label), []string{string(t.Label)}, nil}
	}
	return all, err
}

// lookupSSHKeys lists the SSH keys of the newer API by label.
func lookupSSHKeys(ctx context.Context, r *Reader, _ reflect.Value) ([]candidate, error) {
	keys, err := Read(ctx, r, vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{})
	all := make([]candidate, len(keys))
	for i, k := range keys {
		all[i] = candidate{string(k.ID), string(k.Label), []string{string(k.Label)}, nil}
	}
	return all, err
}

// platform adds a server of the newer API; to the policy it is a server. Its
// location is not a cloud.
func (t *touchedThings) platform(ctx context.Context, id vpsapi.PlatformServerID) error {
	s, err := t.r.PlatformServer(ctx, id)
	if err == nil {
		t.add(platformTarget(s))
	}
	return err
}

// platformTarget returns a server of the newer API as what policy rules name.
func platformTarget(s vpsapi.PlatformServer) policy.Thing {
	return policy.Thing{Kind: "server", ID: string(s.ServerID()), Label: string(s.Label)}
}

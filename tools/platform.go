package tools

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

// platformServers lists the servers of the newer API; none where the account has
// no credentials for it.
func (r *reader) platformServers(ctx context.Context) ([]vpsapi.PlatformServer, error) {
	if !r.client.Speaks(vpsapi.Platform) {
		return nil, nil
	}
	return read(ctx, r, vpsapi.ListPlatformServers, vpsapi.ListPlatformServersIn{})
}

// platformServer finds a server of the newer API.
func (r *reader) platformServer(ctx context.Context, id vpsapi.PlatformServerID) (vpsapi.PlatformServer, error) {
	all, err := r.platformServers(ctx)
	if err != nil {
		return vpsapi.PlatformServer{}, err
	}
	return found(all, func(s vpsapi.PlatformServer) bool { return s.ServerID() == id }, "platform server "+string(id), vpsapi.ListPlatformServers.Name)
}

// location finds a location of the newer API, which has its own numbers.
func (r *reader) location(ctx context.Context, id vpsapi.LocationID) (vpsapi.Location, error) {
	all, err := read(ctx, r, vpsapi.ListPlatformLocations, vpsapi.ListPlatformLocationsIn{})
	if err != nil {
		return vpsapi.Location{}, err
	}
	return found(all, func(l vpsapi.Location) bool { return l.ID == id }, "location "+string(id)+" of the newer API", vpsapi.ListPlatformLocations.Name)
}

func locationText(l vpsapi.Location) string {
	return fmt.Sprintf("location %s (id %s)", vpsapi.Quote(string(l.Name)), words.IDText(l.ID))
}

// sshKey finds an SSH key of the newer API.
func (r *reader) sshKey(ctx context.Context, id vpsapi.SSHKeyID) (vpsapi.SSHKey, error) {
	all, err := read(ctx, r, vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{})
	if err != nil {
		return vpsapi.SSHKey{}, err
	}
	return found(all, func(k vpsapi.SSHKey) bool { return k.ID == id }, "SSH key "+string(id), vpsapi.ListPlatformSSHKeys.Name)
}

func platformThing(s vpsapi.PlatformServer) plan.Thing {
	return plan.Thing{Kind: "platform server", ID: string(s.ServerID()), Label: string(s.Label)}
}

// platformText describes a server of the newer API.
func platformText(s vpsapi.PlatformServer) string {
	parts := []string{"id " + words.IDText(s.ServerID()), vpsapi.Quote(string(s.Hostname))}
	if s.IPAddress != "" {
		parts = append(parts, words.AddressText(s.IPAddress))
	}
	return fmt.Sprintf("SSD server %s of the newer API (%s)", vpsapi.Quote(string(s.Label)), strings.Join(append(parts, locationText(s.Location)), ", "))
}

// lookupPlatform lists what servers of the newer API may be called.
func lookupPlatform(ctx context.Context, r *reader, _ reflect.Value) ([]candidate, error) {
	servers, err := r.platformServers(ctx)
	all := make([]candidate, len(servers))
	for i, s := range servers {
		host, _, _ := strings.Cut(string(s.Hostname), ".")
		all[i] = candidate{string(s.ServerID()), string(s.Label), []string{string(s.Label), string(s.IPAddress), string(s.ID)}, []string{string(s.Hostname), host}}
	}
	return all, err
}

// lookupAnyServer lists what servers may be called, cloud servers and those of the
// newer API, as far as the account has them.
func lookupAnyServer(ctx context.Context, r *reader, in reflect.Value) ([]candidate, error) {
	newer, err := lookupPlatform(ctx, r, in)
	if err != nil || !r.client.Speaks(vpsapi.Classic) {
		return newer, err
	}
	older, err := lookupServers(ctx, r, in)
	return slices.Concat(older, newer), err
}

func lookupLocations(ctx context.Context, r *reader, _ reflect.Value) ([]candidate, error) {
	locations, err := read(ctx, r, vpsapi.ListPlatformLocations, vpsapi.ListPlatformLocationsIn{})
	all := make([]candidate, len(locations))
	for i, l := range locations {
		all[i] = candidate{string(l.ID), string(l.Name), nil, []string{string(l.Name)}}
	}
	return all, err
}

// lookupPlatformTemplates lists the account's templates in the input's location.
func lookupPlatformTemplates(ctx context.Context, r *reader, in reflect.Value) ([]candidate, error) {
	f := in.FieldByName("LocationID")
	if !f.IsValid() || f.String() == "" {
		return nil, nil
	}
	templates, err := read(ctx, r, vpsapi.ListPlatformTemplates, vpsapi.ListPlatformTemplatesIn{LocationID: vpsapi.LocationID(f.String())})
	all := make([]candidate, len(templates))
	for i, t := range templates {
		all[i] = candidate{string(t.ID), string(t.Label), []string{string(t.Label)}, nil}
	}
	return all, err
}

func lookupSSHKeys(ctx context.Context, r *reader, _ reflect.Value) ([]candidate, error) {
	keys, err := read(ctx, r, vpsapi.ListPlatformSSHKeys, vpsapi.ListPlatformSSHKeysIn{})
	all := make([]candidate, len(keys))
	for i, k := range keys {
		all[i] = candidate{string(k.ID), string(k.Label), []string{string(k.Label)}, nil}
	}
	return all, err
}

// platform adds a server of the newer API; to the policy it is a server. Its
// location is no cloud.
func (t *touch) platform(ctx context.Context, id vpsapi.PlatformServerID) error {
	s, err := t.r.platformServer(ctx, id)
	if err == nil {
		t.add(policy.Thing{Kind: "server", ID: string(id), Label: string(s.Label)})
	}
	return err
}

// platformRow is a server of the newer API as a list shows it.
func platformRow(s vpsapi.PlatformServer) any {
	return struct {
		ID         vpsapi.PlatformServerID `json:"id"`
		Label      vpsapi.Text             `json:"label"`
		Hostname   vpsapi.Text             `json:"hostname"`
		IP         vpsapi.Text             `json:"ip,omitempty"`
		Location   vpsapi.Text             `json:"location,omitempty"`
		LocationID vpsapi.LocationID       `json:"location_id"`
		Backups    *vpsapi.Flag            `json:"backups,omitempty"`
		PlanID     vpsapi.Text             `json:"plan_id,omitempty"`
		ServiceID  vpsapi.Text             `json:"service_id,omitempty"`
	}{s.ServerID(), s.Label, s.Hostname, s.IPAddress, s.Location.Name, s.Location.ID, s.Backups, s.PlanID, s.ServiceID}
}

// platformDetail is one server without the id that names it within its location
// alone.
func platformDetail(s vpsapi.PlatformServerDetail) any {
	d := struct {
		Label     vpsapi.Text   `json:"label"`
		Hostname  vpsapi.Text   `json:"hostname"`
		IPs       []vpsapi.Text `json:"ips,omitempty"`
		MemoryMB  *vpsapi.Int   `json:"memory_mb,omitempty"`
		CPUs      *vpsapi.Int   `json:"cpus,omitempty"`
		DiskGB    *vpsapi.Int   `json:"disk_gb,omitempty"`
		System    vpsapi.Text   `json:"operating_system,omitempty"`
		Distro    vpsapi.Text   `json:"operating_system_distro,omitempty"`
		Built     *vpsapi.Flag  `json:"built,omitempty"`
		Booted    *vpsapi.Flag  `json:"booted,omitempty"`
		Suspended *vpsapi.Flag  `json:"suspended,omitempty"`
		Backups   *vpsapi.Flag  `json:"backups,omitempty"`
		Note      vpsapi.Text   `json:"note,omitempty"`
		Password  vpsapi.Secret `json:"initial_root_password,omitempty"`
		Created   vpsapi.Time   `json:"created_at,omitempty"`
	}{
		s.Label, s.Hostname, nil, s.Memory, s.CPUs, s.DiskSize, s.OperatingSystem, s.Distribution, s.Built, s.Booted, s.Suspended, s.Backups, s.Note,
		s.RootPassword, s.CreatedAt,
	}
	for _, w := range s.IPAddresses {
		d.IPs = append(d.IPs, w.IP.Address)
	}
	return d
}

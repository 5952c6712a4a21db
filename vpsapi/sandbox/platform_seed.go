package sandbox

import (
	"strconv"
	"strings"
	"time"

	"vpsnet-mcp/vpsapi"
)

// seedPlatform makes two servers of the newer API, the second in a location that
// accepts only an SSH key and with an id that holds a dash, and that key.
// Whether an account's servers of one API appear in the other is not known; here
// each is in its own alone, and bought ones are on no invoice of the older one.
func seedPlatform(a *account) {
	built := time.Date(2026, 1, 30, 10, 2, 11, 0, time.UTC)
	a.sshKeys = append(a.sshKeys, &vpsapi.SSHKey{
		ID: "77", Label: "laptop", Key: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample", CreatedAt: vpsapi.Int(built.Unix()), UpdatedAt: vpsapi.Int(built.Unix()),
	})
	for _, v := range []vpsapi.PlatformServer{
		{ID: "4107", Label: "shop", Hostname: "shop.example.com", IPAddress: "203.0.113.10", Backups: ptr(vpsapi.Flag(true)), Location: vpsapi.Location{ID: "117"}, PlanID: "328", ServiceID: "91277"},
		{ID: "f2-88", Label: "edge", Hostname: "edge.example.com", IPAddress: "203.0.113.11", Backups: ptr(vpsapi.Flag(false)), Location: vpsapi.Location{ID: "225"}, PlanID: "329", ServiceID: "91278"},
	} {
		v.Location, _ = platformLocation(v.Location.ID)
		s := newPlatformServer(v, "k3nm8tq2wxy", built)
		s.listed, s.detail.Built = true, ptr(vpsapi.Flag(true))
		s.setState(platformUp)
		a.platform = append(a.platform, s)
	}
}

// newPlatformServer makes what both of its replies show of a server.
func newPlatformServer(v vpsapi.PlatformServer, password vpsapi.Secret, created time.Time) *platformServer {
	v.HourlyBilling = ptr(vpsapi.Flag(false))
	at := vpsapi.Time(created.UTC().Format(time.DateTime))
	_, domain, _ := strings.Cut(string(v.Hostname), ".")
	memory, cpus, disk := vpsapi.Int(2048), vpsapi.Int(4), vpsapi.Int(80)
	if v.PlanID == "329" {
		memory, disk = 4096, 120
	}
	s := &platformServer{PlatformServer: v, detail: vpsapi.PlatformServerDetail{
		ID: v.ID, Hostname: v.Hostname, Label: v.Label, Memory: &memory, CPUs: &cpus, DiskSize: &disk, CreatedAt: at,
		Suspended: ptr(vpsapi.Flag(false)), OperatingSystem: "linux", Distribution: "debian", Domain: vpsapi.Text(domain),
		IPAddresses: []vpsapi.PlatformIPWrapper{{IP: vpsapi.PlatformIP{
			Address: v.IPAddress, Broadcast: "203.0.113.255", Network: "203.0.113.0", Gateway: "203.0.113.1", CreatedAt: at, ReverseName: v.Hostname,
		}}},
		RootPassword: password, HourlyBilling: v.HourlyBilling, Backups: v.Backups,
	}}
	s.Location.SSHKeyRequired = nil // a server's own location is its id and name
	return s
}

// platformPlans are two plans; the first one's values have been published.
func platformPlans() []vpsapi.PlatformPlan {
	return []vpsapi.PlatformPlan{
		{ID: "328", Label: "4 Cores / 2GB RAM / 80GB SSD / 4TB Bandwidth", Price: "16.00", ProductName: "V3"},
		{ID: "329", Label: "4 Cores / 4GB RAM / 120GB SSD / 5TB Bandwidth", Price: "32.00", ProductName: "V4"},
	}
}

// platformLocations are the service's own.
func platformLocations() []vpsapi.Location {
	const places = "117 London - M|133 London - P|137 London - R|149 London - Q|161 London - A|213 London - F|121 Salt Lake City - H|" +
		"125 Salt Lake City - K|173 Salt Lake City - A2|189 Salt Lake City - A1|225 Salt Lake City - F|141 New York City - A|145 New York City - C|" +
		"169 Atlanta - A2|197 Atlanta - A1|177 Chicago - G2|193 Chicago - G1|181 Dallas - C2|205 Dallas - C1|129 Amsterdam - B|153 Frankfurt - B|165 Frankfurt - C"
	var list []vpsapi.Location
	for _, place := range strings.Split(places, "|") {
		id, name, _ := strings.Cut(place, " ")
		key := vpsapi.Flag(strings.HasSuffix(name, "- F"))
		list = append(list, vpsapi.Location{ID: vpsapi.LocationID(id), Name: vpsapi.Text(name), SSHKeyRequired: &key})
	}
	return list
}

// platformSystems are the same in each location here. The first one's values have
// been published, and that Windows has a price.
func platformSystems() []vpsapi.PlatformSystem {
	system := func(name, code string, price vpsapi.Money, disk vpsapi.Int) vpsapi.PlatformSystem {
		return vpsapi.PlatformSystem{
			Name: vpsapi.Text(name), ComponentCode: vpsapi.Text(code), Price: price, PriceHourly: "0", Currency: "USD",
			MinDiskSize: &disk, Architecture: "x64", MinMemorySize: ptr(vpsapi.Int(1024)),
		}
	}
	return []vpsapi.PlatformSystem{
		system("Debian 9.0", "SSDVPSDEBIAN9", "0", 30), system("Debian 12", "SSDVPSDEBIAN12", "0", 30), system("Windows 2019 Standard", "SSDVPSWINDOWS2019", "20", 40),
	}
}

// platformTemplate is the account's one template, whose id differs by location.
func platformTemplate(location vpsapi.LocationID) vpsapi.PlatformTemplate {
	n, _ := strconv.Atoi(string(location))
	return vpsapi.PlatformTemplate{
		ID: vpsapi.PlatformTemplateID(strconv.Itoa(8700 + n)), Label: "base", Price: "0", PriceHourly: "0",
		IsHourly: ptr(vpsapi.Flag(false)), IsMonthly: ptr(vpsapi.Flag(true)), Products: []vpsapi.Text{"V3", "V4"},
	}
}

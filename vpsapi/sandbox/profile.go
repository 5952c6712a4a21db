package sandbox

import "vpsnet-mcp/vpsapi"

func profileHandlers() []handler {
	return []handler{
		handle(vpsapi.GetProfile, func(a *account, _ vpsapi.GetProfileIn) (vpsapi.Profile, error) { return a.profile, nil }),
	}
}

func seedProfile(a *account) {
	a.profile = vpsapi.Profile{
		ID: "58", EmailAddress: vpsapi.Text(a.options.Email), FirstName: "Sandbox", LastName: "Account",
		Company: "Example Hosting", Country: "US", PerNodePrice: toMoney(nodePrice), PaymentType: "Credit Card",
		Reseller: ptr(vpsapi.Flag(true)), TimeZone: "Eastern Time (US & Canada)",
	}
	a.balance = 99
}

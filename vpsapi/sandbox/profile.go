package sandbox

import "vpsnet-mcp/vpsapi"

// profileHandlers returns the handlers of the functions for the profile.
func profileHandlers() []handler {
	return []handler{
		handle(vpsapi.GetProfile, func(a *account, _ vpsapi.GetProfileIn) (vpsapi.Profile, error) { return a.profile, nil }),
	}
}

// seedProfile fills in the profile of the account.
func seedProfile(a *account) {
	a.profile = vpsapi.Profile{
		ID: "58", EmailAddress: vpsapi.Text(a.options.Email), FirstName: "Sandbox", LastName: "Account",
		Company: "Example Hosting", Country: "US", PerNodePrice: toMoney(nodePrice), PaymentType: "Credit Card",
		Reseller: ptr(vpsapi.Flag(true)), TimeZone: "Eastern Time (US & Canada)",
		Address: "1 Example Street", City: "Springfield", State: "New York", ZIPCode: "10001", PhoneCode: "1", PhoneNumber: "5550100",
		PINSecurity: ptr(vpsapi.Flag(false)), CreatedAt: "2009-04-16T08:17:39-04:00", UpdatedAt: "2011-01-08T13:28:05-05:00",
	}
	a.balance = 99
}

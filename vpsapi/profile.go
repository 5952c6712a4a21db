package vpsapi

// Profile is the account's owner.
type Profile struct {
	ID           Text  `json:"id,omitempty" wire:"number"`
	EmailAddress Text  `json:"email_address,omitempty"`
	FirstName    Text  `json:"first_name,omitempty"`
	LastName     Text  `json:"last_name,omitempty"`
	Company      Text  `json:"company,omitempty"`
	Country      Text  `json:"country,omitempty"`
	PerNodePrice Money `json:"per_node_price,omitempty"` // a month
	PaymentType  Text  `json:"payment_type,omitempty"`
	Reseller     *Flag `json:"reseller,omitempty"`
	TimeZone     Text  `json:"time_zone,omitempty"`

	Address       Text  `json:"address,omitempty"`
	City          Text  `json:"city,omitempty"`
	State         Text  `json:"state,omitempty"`
	ZIPCode       Text  `json:"zip_code,omitempty"`
	PhoneCode     Text  `json:"phone_code,omitempty"`
	PhoneNumber   Text  `json:"phone_number,omitempty"`
	PayPalAddress Text  `json:"paypal_address,omitempty"`
	PINSecurity   *Flag `json:"pin_security_enabled,omitempty"`
	CreatedAt     Time  `json:"created_at,omitempty"`
	UpdatedAt     Time  `json:"updated_at,omitempty"`
}

// GetProfileIn has no arguments.
type GetProfileIn struct{}

// GetProfile reads who owns the account.
var GetProfile = Op[GetProfileIn, Profile]{
	Name: "get_profile", Title: "Get profile",
	Doc:     "Get the account owner's profile: name, company, price per node, payment type, time zone.",
	Heading: "GET Profile Info",
	Route:   "GET /profile", Reply: wrappedObject[Profile]("user"), Safety: Reads, Evidence: Clients,
}

// Account is the group of functions about the account's owner.
var Account = Group{Name: "profile", Title: "Profile", Operations: []Operation{GetProfile}}

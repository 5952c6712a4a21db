package vpsapi

import "fmt"

// Safety is the worst that a function, or one effect of a plan, can do.
// The values are ordered from harmless to worst.
type Safety uint8

// The classes of safety.
const (
	Reads    Safety = iota + 1 // changes nothing
	Changes                    // reversible and free
	Disrupts                   // downtime, lock-out, a changed password, traffic sent elsewhere
	Commits                    // binds the account: money, or people at the vendor
	Destroys                   // loses data or a resource
)

// safetyNames are the classes' names in the documentation and the policy file.
var safetyNames = [...]string{Reads: "read", Changes: "change", Disrupts: "disruptive", Commits: "commit", Destroys: "destructive"}

// String gives the word that the documentation and the policy file use.
func (s Safety) String() string {
	if s < Reads || s > Destroys {
		return fmt.Sprintf("Safety(%d)", uint8(s))
	}
	return safetyNames[s]
}

// Evidence says how well a function's route is known.
type Evidence string

// The classes of evidence for the older API, strongest first.
const (
	Document Evidence = "document" // the route stands in the vendor's document
	Clients  Evidence = "client"   // public programs written against the real API use it
	Inferred Evidence = "inferred" // formed by the API's conventions, not verified against the real service
)

// The classes of evidence for the newer API, which has no public document,
// strongest first.
const (
	Production     Evidence = "production" // a public program that is in production on the real service calls it
	ClaimedWorking Evidence = "tried"      // the same program has it, marked by its author as working, and does not call it
	SisterBrand    Evidence = "sister"     // the vendor's own client for another of its brands has it; not proof that VPS.NET does
)

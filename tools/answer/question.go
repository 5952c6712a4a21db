package answer

import "fmt"

// Question is a plan that a person must agree to.
type Question struct {
	Plan  string // what they read
	Typed string // what they must type; empty for a plain yes
	Code  string // the plan's code; it travels to the client and back, sealed
	Extra string // what a yes that was given before the plan was read does not cover; empty for nothing
	Link  string // the page that has the question; empty where the client puts it by a form
}

// Text is the question as a person reads it.
func (q Question) Text() string {
	if q.Typed == "" {
		return q.Plan + "\n\nGo ahead?"
	}
	return fmt.Sprintf("%s\n\nTo go ahead, type %s", q.Plan, q.Typed)
}

package plan

import "vpsnet-mcp/vpsapi"

// Single is what a plan does that a single function does too, by whichever calls: rules
// and a person's no that speak of that function hold for it.
type Single struct {
	Op    vpsapi.Operation
	Says  string // what comes of it, the same by whichever calls; empty where only the function is compared
	Whole string // the larger one that it belongs to; empty where there is none
}

// Does adds what only its function is compared by.
func (p *Plan) Does(op vpsapi.Operation) { p.Singles = append(p.Singles, Single{Op: op}) }

package tools

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/answer"
	"vpsnet-mcp/tools/offer"
	"vpsnet-mcp/vpsapi"
)

// prepare finds the tool of a call, reads the arguments, puts ids in the place of
// names, and checks the whole.
func (s *Server) prepare(ctx context.Context, name string, raw json.RawMessage) (offer.PreparedCall, *answer.Answer) {
	p := offer.PreparedCall{Caller: s.caller(ctx), Rules: s.policy.Load()}
	p.Reader = account.NewReader(p.Caller.Client, s.now)
	p.Reader.Kept, p.Reader.Person = s.kept, s.options.Person
	if s.options.Surface == SurfaceSearch {
		p.Reader.GateOf = s.gateOf
	}
	p.Reader.WhyUnlisted = func(ctx context.Context, name string) string {
		return s.planner.WhyUnlisted(ctx, p.Caller.Client.Identity(), name)
	}
	t, ok := s.findTool(name)
	if !ok || !offer.IsAllowedTo(p.Caller, t) {
		return p, s.unknownTool(p.Caller, name)
	}
	p.Tool = t
	if t.Gate != nil {
		var refused *answer.Answer
		if p, raw, refused = s.resolveGate(p, raw); refused != nil {
			return p, refused
		}
	}
	in, options, arguments, faults := p.Tool.ReadArguments(raw)
	p.Options, p.Arguments = options, arguments
	p.Reader.Plans = p.Tool.Plan != nil
	unknown := 0 // names that nothing on the account has
	if len(faults) == 0 {
		var err error
		p.Asked = in
		if p.In, p.Named, faults, err = account.Resolve(ctx, p.Reader, in, account.IDsOnly); err != nil {
			return p, answer.Failure(p.Reader.Client, fmt.Errorf("%s: %w", p.Tool.Name, err)).MarkNotSent(p.Tool.Plan != nil)
		}
		unknown = len(faults)
		unnamed := faults // of names that nothing has: they are not ids either, and once is enough
		for _, f := range vpsapi.Check(p.In) {
			if !slices.ContainsFunc(unnamed, func(known vpsapi.Fault) bool { return known.Field == f.Field }) {
				if strings.Contains(f.Message, "an id is a whole number") {
					f.Message += account.ListHint(p.In, f.Field)
				}
				faults = append(faults, f)
			}
		}
	}
	if len(faults) > 0 {
		refused := offer.ArgumentRefusal(p.Tool, faults)
		refused.Misused = len(faults) > unknown
		return p, refused
	}
	return p, nil
}

// findTool returns the tool of a name, in whatever case and with space around it.
func (s *Server) findTool(name string) (*offer.Tool, bool) {
	t, ok := s.tools[strings.ToLower(strings.TrimSpace(name))]
	return t, ok
}

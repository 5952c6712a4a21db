package vpsapi

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
)

// Op is one function of the API. Everything else about the function (its tool,
// schema, hints, consent, request, sandbox route, row in the documentation) is
// made from this value.
type Op[In, Out any] struct {
	Name  string // the tool's name, such as "delete_cloud_server"
	Title string // for people, such as "Delete cloud server"
	Doc   string // what it does, what it costs or breaks, when to use another

	API     API    // the service that has the function
	Heading string // the function's heading in the vendor's document
	Route   Route
	// RouteBy chooses the route by the value of one argument that is not part of
	// the request otherwise; Route is the one for the empty value.
	RouteBy  RouteBy
	Envelope string // the JSON object that wraps the body; empty means bare
	Fixed    Object // constants of the body that are not arguments
	Reply    Shape[Out]
	Safety   Safety
	Evidence Evidence
}

// RouteBy maps the values of an argument to routes.
type RouteBy struct {
	Arg    string
	Routes map[string]Route
}

// Info is what is known of a function without its types.
type Info struct {
	Name, Title, Doc, Heading string
	API                       API
	Route                     Route
	RouteBy                   RouteBy
	Envelope                  string
	Fixed                     Object
	Suffix                    string // of the path on the wire
	Safety                    Safety
	Evidence                  Evidence
	In, Out                   reflect.Type

	without []string // members of the body that a corrected route leaves out
}

// Routes lists every route of the function, the main one first.
func (i Info) Routes() []Route {
	routes := []Route{i.Route}
	for _, f := range sortedKeys(i.RouteBy.Routes) {
		if r := i.RouteBy.Routes[f]; r != i.Route {
			routes = append(routes, r)
		}
	}
	return routes
}

// Operation is an Op whose types are forgotten. It is sealed: only an Op is one.
type Operation interface {
	Info() Info
	// NewIn gives a pointer to an empty input.
	NewIn() any
	// Check lists every fault of an input; in is an In, not a pointer.
	Check(in any) []Fault
	// Encode makes the request. It is pure: it reads and sends nothing.
	Encode(in any) (Request, error)
	// Do sends the request of an input and decodes the reply.
	Do(ctx context.Context, c *Client, in any) (Result, error)
	// DecodeRequest is Encode backwards, for a server: the input that a request
	// carries in its path, query and body, and the required fields that it lacks.
	DecodeRequest(values map[string]string, body []byte) (in any, missing []string, err error)
	// EncodeReply writes a reply as the service would.
	EncodeReply(out any) ([]byte, error)
	// DecodeReply reads a reply's body.
	DecodeReply(body []byte) (any, error)

	sealed()
}

// Result is the reply to one call.
type Result struct {
	Out     any           // the Op's Out
	Raw     []byte        // the whole body as it came, of the newer API its data alone; secrets in it: HideSecrets before it is shown; none after an error
	Secrets []FoundSecret // the secrets of the reply, also of one that could not be read

	Proposed Route // the route that answered in place of an inferred one; empty where that one did
}

// Call sends the function's request and returns its reply.
func (op Op[In, Out]) Call(ctx context.Context, c *Client, in In) (Out, error) {
	result, err := op.Do(ctx, c, in)
	out, _ := result.Out.(Out)
	return out, err
}

// Do is Call with the whole reply. The errors are *InputError (nothing was
// sent) and *Error (which says whether anything was).
func (op Op[In, Out]) Do(ctx context.Context, c *Client, in any) (Result, error) {
	request, err := c.Encode(op, in)
	if err != nil {
		return Result{}, err
	}
	c, err = c.clientFor(op.Name, op.API)
	if err != nil {
		return Result{}, err
	}
	reply, err := c.send(ctx, request)
	var proposed Route
	if err != nil {
		second, answer, ok := c.sendSecond(ctx, op.Info(), in, err)
		if !ok {
			return Result{Secrets: reply.secrets}, err
		}
		request, reply, proposed = second, answer, second.Route
	}
	out, err := op.Reply.decode(reply.body)
	if err != nil {
		err = &Error{Request: request, Status: reply.status, Kind: BadReply, Outcome: Unknown, Err: cleanError(err, c.wordsCleaner(request, reply.secrets))}
		return Result{Secrets: reply.secrets}, err
	}
	if op.API == Platform {
		_, reply.body = unwrapKey(reply.body, dataKey)
	}
	return Result{Out: out, Raw: reply.body, Secrets: reply.secrets, Proposed: proposed}, nil
}

// Info returns what is known of the function: name, route, safety and so on.
func (op Op[In, Out]) Info() Info {
	suffix := op.Reply.suffix
	if suffix == "" && op.API == Classic {
		suffix = apiSuffix
	}
	return Info{
		Name: op.Name, Title: op.Title, Doc: op.Doc, Heading: op.Heading,
		API: op.API, Route: op.Route, RouteBy: op.RouteBy, Envelope: op.Envelope, Fixed: op.Fixed, Suffix: suffix,
		Safety: op.Safety, Evidence: op.Evidence,
		In: reflect.TypeFor[In](), Out: reflect.TypeFor[Out](),
	}
}

// NewIn gives a pointer to an empty input.
func (op Op[In, Out]) NewIn() any { return new(In) }

// Check lists every fault of an input.
func (op Op[In, Out]) Check(in any) []Fault { return Check(in) }

// Encode makes the request of an input.
func (op Op[In, Out]) Encode(in any) (Request, error) { return encode(op.Info(), in) }

// DecodeRequest reads an input from a request's parts: values holds the path's
// and the query's.
func (op Op[In, Out]) DecodeRequest(values map[string]string, body []byte) (any, []string, error) {
	var in In
	members, err := requestMembers(op.Info(), values, body)
	if err != nil {
		return in, nil, err
	}
	missing, err := decodeInput(op.Info(), reflect.ValueOf(&in).Elem(), members)
	return in, missing, err
}

// EncodeReply writes a reply as the service would.
func (op Op[In, Out]) EncodeReply(out any) ([]byte, error) { return op.Reply.encode(out.(Out)) }

// DecodeReply reads a reply's body.
func (op Op[In, Out]) DecodeReply(body []byte) (any, error) {
	if trimmed := bytes.TrimSpace(body); len(trimmed) > 0 && !json.Valid(trimmed) && !isPDF(body) {
		return unmarshal[json.RawMessage](body) // for its error
	}
	return op.Reply.decode(body)
}

// sealed keeps other packages from making operations of their own.
func (op Op[In, Out]) sealed() {}

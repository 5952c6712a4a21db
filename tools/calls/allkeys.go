package calls

import "context"

// allKeysKey is the context key that asks for replies with every field that the service sent, also those that the types do not have.
type allKeysKey struct{}

// WithAllKeys lets the reads of a context answer with every key that the service sent, those among them that the program does not
// know. A shell asks for it; a model has the argument fields where a reply is large.
func WithAllKeys(ctx context.Context) context.Context {
	return context.WithValue(ctx, allKeysKey{}, true)
}

// WantsAllKeys reports a context whose reads answer with every key.
func WantsAllKeys(ctx context.Context) bool {
	wants, _ := ctx.Value(allKeysKey{}).(bool)
	return wants
}

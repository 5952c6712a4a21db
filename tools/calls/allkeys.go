package calls

import "context"

// allKeysKey is the key of a context in which all keys of a reply are wanted.
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

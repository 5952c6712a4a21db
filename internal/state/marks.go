package state

import (
	"context"
	"slices"
	"strings"
)

// Marks lists the used keys that begin so and are still worth something.
func (s *store) Marks(ctx context.Context, prefix string) (keys []string, err error) {
	err = s.withLedger(ctx, func() error {
		now := s.now()
		for key, end := range s.ledger.used {
			if strings.HasPrefix(key, prefix) && now.Before(end) {
				keys = append(keys, key)
			}
		}
		return nil
	})
	slices.Sort(keys)
	return keys, err
}

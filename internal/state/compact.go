package state

import (
	"encoding/json"
	"time"
)

// MaxJournal is how long a journal may become, in bytes, before what nothing needs any
// more is taken out of it.
const MaxJournal = 8 << 20

// maxJournalAge is how old the oldest line of a journal may become.
const maxJournalAge = Window + 24*time.Hour

// compactRetryPause is how long nobody tries again to compact a journal that could not be.
const compactRetryPause = time.Minute

// compact compacts the journal where it has become long or old. It comes after a write,
// under the same lock; a journal that cannot be compacted stays as it is.
func (s *store) compact() {
	now := s.now()
	if now.Before(s.tidyAt) || !s.ledger.needsCompaction(s.bound, now) {
		return
	}
	s.tidyAt = now.Add(compactRetryPause)
	slim := s.ledger.compacted(now)
	lines, err := slim.encodeLines()
	if err != nil || s.medium.replace(lines) != nil {
		return
	}
	*s.ledger = *slim
}

// needsCompaction reports a journal that is twice as long as it was left last, and longer
// than it may be; or one with lines that nobody looks at any more.
func (l *ledger) needsCompaction(bound int64, now time.Time) bool {
	return l.bytes > max(bound, 2*l.left) || (!l.oldest.IsZero() && l.oldest.Before(now.Add(-maxJournalAge)))
}

// compacted is what the ledger still needs: every entry of the last Window, for the
// limits count them, with its inverse as long as it can be reversed and its requests as
// long as it is unknown whether they happened; and the keys that were used.
func (l *ledger) compacted(now time.Time) *ledger {
	l.forget(now)
	undone := map[string]bool{}
	for _, e := range l.entries {
		if e.UndoOf != "" && e.IsAccepted() {
			undone[e.UndoOf] = true
		}
	}
	slim := newLedger()
	for _, e := range l.entries {
		kept := *e
		if kept.isSettled(now, undone[e.ID]) {
			outcome := *kept.Outcome
			outcome.Inverse = nil
			kept.Outcome, kept.Inverse, kept.Words, kept.Requests = &outcome, nil, nil, nil
		}
		slim.entries = append(slim.entries, &kept)
		slim.byID[kept.ID] = &kept
	}
	slim.used = l.used
	return slim
}

// isSettled reports an entry whose end is known and that nothing reverses any more.
func (e Entry) isSettled(now time.Time, undone bool) bool {
	if e.Outcome == nil || e.Outcome.IsUnknown() {
		return false
	}
	inverse := e.Outcome.Inverse
	if inverse == nil {
		inverse = e.Inverse
	}
	return inverse == nil || undone || e.DidNotHappen() || (inverse.Deadline != nil && !now.Before(*inverse.Deadline))
}

// encodeLines writes the ledger as lines, and counts them as it would when it read them.
func (l *ledger) encodeLines() ([][]byte, error) {
	var all [][]byte
	add := func(n journalLine) error {
		text, err := json.Marshal(n)
		all = append(all, text)
		l.count(text)
		return err
	}
	for _, e := range l.entries {
		begin := *e
		begin.Outcome = nil
		if err := add(journalLine{Begin: &begin}); err != nil {
			return nil, err
		}
		l.noteAge(e.Time)
		if e.Outcome == nil {
			continue
		}
		if err := add(journalLine{End: &endLine{e.ID, *e.Outcome}}); err != nil {
			return nil, err
		}
	}
	for key, until := range l.used {
		if err := add(journalLine{Use: &useLine{key, until}}); err != nil {
			return nil, err
		}
	}
	l.left = l.bytes
	return all, nil
}

// count counts a line of the journal and its bytes.
func (l *ledger) count(text []byte) {
	l.lines++
	l.bytes += int64(len(text)) + 1
}

// noteAge notes when a line of the journal was begun.
func (l *ledger) noteAge(t time.Time) {
	if l.oldest.IsZero() || t.Before(l.oldest) {
		l.oldest = t
	}
}

package confirm

import (
	"slices"
	"strings"
	"sync"
)

// maxShown bounds the plans that are kept for a comparison.
const maxShown = 256

// shownPlans are the texts of plans that were shown lately, by their codes, so that a later plan can say what is new in it.
// Another replica knows nothing of them: there it says less.
type shownPlans struct {
	mu    sync.Mutex
	texts map[string]string
	spent map[string]bool // the codes that were good once
	order []string        // of the codes, the oldest first
}

// keep keeps the text that was shown with a code, and drops the oldest when there are too many.
func (s *shownPlans) keep(code, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.texts == nil {
		s.texts, s.spent = map[string]string{}, map[string]bool{}
	}
	if len(s.order) == maxShown {
		delete(s.texts, s.order[0])
		delete(s.spent, s.order[0])
		s.order = s.order[1:]
	}
	s.texts[code], s.order = text, append(s.order, code)
}

// spend marks a code as used.
func (s *shownPlans) spend(code string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if code = codeKey(code); s.texts[code] != "" {
		s.spent[code] = true
	}
}

// isSpent reports a code that was used lately.
func (s *shownPlans) isSpent(code string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.spent[codeKey(code)]
}

// codeKey is a code as it was given.
func codeKey(code string) string { return strings.ToUpper(strings.TrimSpace(code)) }

// changed says what a plan has that the one of a code had not, and the other way round; empty when that one is not known.
func (s *shownPlans) changed(code, text string) string {
	s.mu.Lock()
	before := s.texts[codeKey(code)]
	s.mu.Unlock()
	if before == "" || before == text {
		return ""
	}
	was, is := strings.Split(before, "\n"), strings.Split(text, "\n")
	only := func(lines, others []string) string {
		return strings.Join(slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(others, line) }), "; ")
	}
	return " The plan said: " + strings.TrimSuffix(only(was, is), ".") + ". It says now: " + strings.TrimSuffix(only(is, was), ".") + "."
}

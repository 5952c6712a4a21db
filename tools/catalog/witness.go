package catalog

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/words"
)

// Witness is the read that shows whether something was made whose answer is lost.
// What else a change does, a plan made anew shows; but one that makes a thing is
// planned the same the second time.
type Witness struct {
	where string // the read
	see   func(ctx context.Context, r *account.Reader, in any) (found any, err error)
	Marks func(in any) []string // values that the thing carries, as it was asked for
}

// ClockSkew is how far the service's clock and ours may be apart.
const ClockSkew = 5 * time.Minute

// Describe says whether a thing is there that fits what was to be made at a moment.
// alike says that shortly before that moment such a thing was made by another call.
func (w Witness) Describe(ctx context.Context, r *account.Reader, in any, at time.Time, alike bool) (string, error) {
	got, err := w.see(ctx, r, in)
	if err != nil {
		return "", err
	}
	marks := w.Marks(in)
	at = at.Truncate(time.Second) // as the service tells times
	fits, dated := 0, false
	var which, made string
	for _, item := range replyItems(got) {
		id, born := creationOf(item)
		dated = dated || !born.IsZero()
		switch {
		case !hasMarks(item, marks):
		case born.IsZero() && len(marks) == 0: // nothing tells it from the others
		case !born.IsZero() && born.Before(at.Add(-ClockSkew)): // it was there before
		default:
			fits++
			which, made = id, ""
			if !born.IsZero() {
				made = ", made " + born.UTC().Format("2006-01-02 15:04:05 MST")
				alike = alike || born.Before(at)
			}
		}
	}
	switch {
	case fits == 1 && made == "":
		return fmt.Sprintf("%s has one that matches%s and does not say since when: it happened, or that one was there before.", w.where, which), nil
	case fits == 1 && alike:
		return fmt.Sprintf("%s has one that matches%s%s: it may be from an earlier call, as this machine's clock and the service's may differ.", w.where, which, made), nil
	case fits == 1:
		return fmt.Sprintf("%s has one that matches%s%s, so it probably happened.", w.where, which, made), nil
	case fits > 1:
		return fmt.Sprintf("%s has %d that match, the last of them%s%s: it may have happened.", w.where, fits, which, made), nil
	case dated || len(marks) > 0:
		return fmt.Sprintf("%s has none that matches: it did not happen, or not yet.", w.where), nil
	default:
		return fmt.Sprintf("no reading function says when such a thing was made; compare %s with what you know.", w.where), nil
	}
}

// replyItems returns the things of a reply: the elements of a list, or the one object.
func replyItems(reply any) []any {
	text, err := json.Marshal(reply)
	if err != nil {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber() // an id stays as it is written
	var got any
	_ = decoder.Decode(&got)
	if list, ok := got.([]any); ok {
		return list
	}
	return []any{got}
}

// hasMarks reports that each mark is one of a thing's values, at any depth.
func hasMarks(item any, marks []string) bool {
	var values []string
	var add func(v any)
	add = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, inner := range v {
				add(inner)
			}
		case []any:
			for _, inner := range v {
				add(inner)
			}
		default:
			values = append(values, strings.ToLower(strings.TrimSpace(fmt.Sprint(v))))
		}
	}
	add(item)
	for _, mark := range marks {
		if !slices.Contains(values, strings.ToLower(strings.TrimSpace(mark))) {
			return false
		}
	}
	return true
}

// creationOf gives a thing's id and when it was made, where it says so; the envelope
// of an undocumented reply is taken off.
func creationOf(item any) (id string, at time.Time) {
	object, _ := item.(map[string]any)
	if len(object) == 1 {
		for _, inner := range object {
			if m, ok := inner.(map[string]any); ok {
				object = m
			}
		}
	}
	if v, ok := object["id"]; ok && v != nil {
		id = " (id " + words.IDText(fmt.Sprint(v)) + ")"
	}
	text, _ := object["created_at"].(string)
	at, _ = time.Parse(time.RFC3339, text)
	return id, at
}

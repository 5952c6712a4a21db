// Package state keeps what outlives a call: the journal of changes, the plans
// that wait for a person, and the codes that were used.
package state

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"time"
)

// Window is how far back a store looks. No limit may count over a longer time.
const Window = 31 * 24 * time.Hour

// MaxHeld is how many plans of one caller on one account may wait at a time, so that a caller
// that asks without end cannot bury the one that its person looks for.
const MaxHeld = 50

// Store is where state lives. Its implementations are safe for concurrent use,
// by several processes where their medium is shared. What an entry that it gives
// points to is shared: it is there to read.
type Store interface {
	// Begin appends an entry to the journal, durably, before its change is sent,
	// and gives it its id and time. allow sees the account's entries of the last
	// Window in the order they were begun, and refuses by an error, which is
	// returned as it is; no other process appends between its look and the append,
	// so allow must not use the store. Nothing is written when it refuses.
	Begin(ctx context.Context, e Entry, allow func(past []Entry) error) (id string, err error)
	// End appends the outcome of an entry; a later one replaces it.
	End(ctx context.Context, id string, o Outcome) error
	// Entries lists an account's entries of the last Window in the order they were
	// begun, their outcomes filled in.
	Entries(ctx context.Context, account string, since time.Time) ([]Entry, error)
	// Unreadable lists what is there and says nothing. It counts for nothing, and
	// lines stay until the journal is compacted.
	Unreadable(ctx context.Context) (Unreadable, error)

	// Use marks a key as used until a moment, from which on the key is worth
	// nothing by itself. It reports whether this was the first use.
	Use(ctx context.Context, key string, until time.Time) (first bool, err error)
	// Used lists the moments, still to come, of the used keys that begin so, the
	// earliest first.
	Used(ctx context.Context, prefix string) (until []time.Time, err error)
	// Marks lists the used keys that begin so and are still worth something.
	Marks(ctx context.Context, prefix string) (keys []string, err error)

	// Hold keeps a plan until a person decides, and gives it its id. A plan of the
	// same digest that waits already is kept as it is, and its id is returned.
	Hold(ctx context.Context, p Pending) (id string, err error)
	// Held gives a plan, decided or not; ErrNoPlan when there is none.
	Held(ctx context.Context, id string) (Pending, error)
	// AllHeld lists the plans that wait for a decision, oldest first.
	AllHeld(ctx context.Context) ([]Pending, error)
	// Decide records a person's yes or no. A yes may be withdrawn by a no; a no
	// stands.
	Decide(ctx context.Context, id, by string, yes bool) error
	// Take gives the decision on a digest, once. No error means yes, and this yes
	// is gone; ErrDeclined means no, and this no is gone; with ErrWaiting the plan
	// goes on waiting. The plan comes with all three.
	Take(ctx context.Context, digest string) (Pending, error)

	// Ready reports whether the medium can be written, and its journal has been read.
	Ready(ctx context.Context) error
	// Close ends the store's use. Nothing of it is lost.
	Close() error
}

// What a store answers beside what its medium says.
var (
	// ErrNoPlan is returned for a plan that is not waiting: unknown, expired or used.
	ErrNoPlan = errors.New("no such plan is waiting: there was none, it has expired, or it was already used")
	// ErrWaiting is returned for a plan that nobody has decided yet.
	ErrWaiting = errors.New("the plan waits for a person to decide")
	// ErrDeclined is returned for a plan that a person declined.
	ErrDeclined = errors.New("a person declined the plan")
	// ErrTooManyHeld is returned when a caller has too many plans waiting.
	ErrTooManyHeld = errors.New("too many plans of this caller wait for a person: decide those first, or let them expire")
	// ErrNoEntry is returned for an id that no entry of the journal has.
	ErrNoEntry = errors.New("the journal has no such entry")
	// ErrClosed is returned by a store after Close.
	ErrClosed = errors.New("the state is closed")
)

// Unreadable is what a store has and cannot read.
type Unreadable struct {
	Lines []int    // numbers of the journal's lines, such as one that a crash tore: what it would have begun was never sent
	Plans []string // that wait for a person: their files, such as one that another user wrote
}

// Entry is one change in the journal. It holds no secret.
type Entry struct {
	ID      string     `json:"id"`
	Time    time.Time  `json:"time"`
	Account string     `json:"account"` // its names, with a space between two
	Caller  string     `json:"caller"`
	Client  string     `json:"client,omitempty"` // the caller's program, as it calls itself
	Tool    string     `json:"tool"`
	Group   string     `json:"group"`
	Also    []Function `json:"also,omitempty"`    // the tool that was called, and what the steps were, where they differ
	Parts   []Function `json:"parts,omitempty"`   // what of it single functions do too
	Counts  []Count    `json:"counts,omitempty"`  // its changes that limits count each
	Thing   string     `json:"thing,omitempty"`   // what it happens to, for a person to read
	Subject *Subject   `json:"subject,omitempty"` // the same as data; nil for the account
	Effects []string   `json:"effects"`           // safety words: change, disruptive, commit, destructive
	Words   []string   `json:"words,omitempty"`   // what happens
	Changes []Change   `json:"changes,omitempty"` // fields, old and new
	Cost    float64    `json:"cost,omitempty"`    // where known, in the account's currency
	Creates int        `json:"creates,omitempty"`
	Buys    int        `json:"buys,omitempty"`
	Renamed []Renaming `json:"renamed,omitempty"`
	Consent string     `json:"consent"` // how it was given, and by whom
	Inverse *Inverse   `json:"inverse,omitempty"`
	ByHand  string     `json:"by_hand,omitempty"` // the function that reverses it, where no call of it is kept
	UndoOf  string     `json:"undo_of,omitempty"` // the entry that this one reverses
	Undo    string     `json:"undo,omitempty"`    // how it is taken back, as its plan said
	Outcome *Outcome   `json:"outcome,omitempty"` // nil: begun, and its end was not recorded

	// Requests has a digest of each request in their order: entries that have one
	// in common sent the same. Entries of before there were digests have none.
	Requests []string `json:"requests,omitempty"`
}

// Subject is what a change happens to, or what it makes, which has no id yet.
type Subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id,omitempty"`
	Name string `json:"name,omitempty"`
	Host string `json:"host,omitempty"` // its full hostname, where that is how it is known
}

// Renaming is a thing that a change gives another label.
type Renaming struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Function is a tool with its group.
type Function struct {
	Tool  string `json:"tool"`
	Group string `json:"group,omitempty"`
}

// Count is how many changes of one kind a change makes, such as records that go.
type Count struct {
	Functions []Function `json:"functions"`
	Effects   []string   `json:"effects"`
	Times     int        `json:"times"`
}

// Inverse is the call that reverses a change.
type Inverse struct {
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments"`
	Deadline  *time.Time      `json:"deadline,omitempty"`
	Note      string          `json:"note,omitempty"` // what it does not bring back
}

// Outcome is how a change ended.
type Outcome struct {
	Time    time.Time `json:"time"`
	Result  string    `json:"result"` // done, sent (accepted by a route that proves nothing), refused, unknown, not sent
	Error   string    `json:"error,omitempty"`
	Found   string    `json:"found,omitempty"`   // what was seen of it when its answer was lost, or it did not show
	Seen    string    `json:"seen,omitempty"`    // where the account showed what an inferred route did
	Lost    string    `json:"lost,omitempty"`    // of the entry's Requests, the one whose answer was lost
	Inverse *Inverse  `json:"inverse,omitempty"` // known only after the change, such as the id of what was made
	Made    []Subject `json:"made,omitempty"`    // what it made, by the ids of the reply
}

// IsUnknown reports an outcome that leaves open whether the change happened.
func (o Outcome) IsUnknown() bool { return strings.HasSuffix(o.Result, "unknown") }

// IsAccepted reports an entry whose change the service took, whether or not it was seen.
func (e Entry) IsAccepted() bool {
	return e.Outcome != nil && (e.Outcome.Result == "done" || e.Outcome.Result == "sent")
}

// DidNotHappen reports an entry whose change certainly did not happen.
func (e Entry) DidNotHappen() bool {
	return e.Outcome != nil && (e.Outcome.Result == "refused" || e.Outcome.Result == "not sent")
}

// Pending is a plan that waits for a person.
type Pending struct {
	ID      string    `json:"id"`
	Digest  string    `json:"digest"` // of the claim that a yes is bound to
	Made    time.Time `json:"made"`
	Expires time.Time `json:"expires"`
	Caller  string    `json:"caller"`
	Account string    `json:"account"`
	Tool    string    `json:"tool"`
	Title   string    `json:"title,omitempty"` // the question in a few words
	Plan    string    `json:"plan"`            // the text that the person reads
	Parts   *Parts    `json:"parts,omitempty"` // what the text says, as data; nil in a plan of a version that kept none
	Typed   string    `json:"typed"`           // what the person must type; empty for a plain yes

	// Who may decide: the caller's own person and the approvers; where a rule of
	// the policy demands somebody's yes, they alone say yes. Names of people or of
	// their groups.
	Approvers []string `json:"approvers,omitempty"`
	Demands   []string `json:"demands,omitempty"`

	Decided bool   `json:"decided,omitempty"`
	Yes     bool   `json:"yes,omitempty"`
	By      string `json:"by,omitempty"`
}

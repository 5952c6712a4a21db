package state

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"vpsnet-mcp/internal/files"
)

// OpenFile opens the store in a directory, which is made when there is none:
// journal.jsonl, a lock beside it, and pending, the plans that wait for a person.
// The processes that open the same directory share all of it.
func OpenFile(dir string, now func() time.Time) (Store, error) {
	if err := privateDir(dir); err != nil {
		return nil, err
	}
	return open(filepath.Join(dir, "journal.jsonl"), filepath.Join(dir, "pending"), now)
}

// OpenJournal opens the store whose journal is a file of its own, in a directory
// that exists. Beside it lie its lock, FILE.lock, and FILE.d/pending.
func OpenJournal(file string, now func() time.Time) (Store, error) {
	dir := file + ".d"
	if err := privateDir(dir); err != nil {
		return nil, err
	}
	return open(file, filepath.Join(dir, "pending"), now)
}

// open returns the store of a journal file and a directory of pending plans.
func open(file, pending string, now func() time.Time) (Store, error) {
	if err := privateDir(pending); err != nil {
		return nil, err
	}
	j := &journal{path: file}
	if err := j.prepare(); err != nil {
		return nil, err
	}
	// Whoever names the same journal by another path must meet the same lock.
	target, err := filepath.EvalSymlinks(file)
	if err != nil {
		return nil, j.unwritable(err)
	}
	j.path = target
	made, err := files.OpenAppend(target+".lock", os.O_RDWR)
	if err == nil {
		err = made.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("the journal's lock %s.lock cannot be made: %w; give this user the right to write it", target, withoutPath(err))
	}
	// NFS locks a file only for those who opened it for writing.
	lock := flock.New(target+".lock", flock.SetFlag(os.O_CREATE|os.O_RDWR), flock.SetPermissions(0o600))
	return newStore(&fileMedium{journal: j, planDir: planDir(pending), flock: lock}, now), nil
}

// fileMedium is the medium that processes share.
type fileMedium struct {
	*journal
	planDir
	flock *flock.Flock
}

const (
	lockTimeout = 10 * time.Second // a holder needs milliseconds; one that hangs must not hang everyone
	// lockPollInterval is how often a taken lock is tried again.
	lockPollInterval = time.Millisecond
)

// lock implements medium, by a lock on a file beside the journal; it waits up to lockTimeout.
func (m *fileMedium) lock(ctx context.Context) (unlock func(), err error) {
	waiting, cancel := context.WithTimeout(ctx, lockTimeout)
	defer cancel()
	_, err = m.flock.TryLockContext(waiting, lockPollInterval)
	switch {
	case ctx.Err() != nil && err != nil:
		return nil, ctx.Err()
	case errors.Is(err, context.DeadlineExceeded):
		return nil, fmt.Errorf("the journal is locked: another process has held %s for %v; end the one that hangs", m.flock.Path(), lockTimeout)
	case err != nil:
		return nil, fmt.Errorf("the journal cannot be locked: %w; give this user the right to write %s", withoutPath(err), m.flock.Path())
	}
	// A lock that cannot be given back stays ours, and the next lock finds it so.
	return func() { _ = m.flock.Unlock() }, nil
}

// ready implements medium: it reports why the files could not be written.
func (m *fileMedium) ready() error {
	if err := m.prepare(); err != nil {
		return err
	}
	return m.planDir.ready()
}

// writableRisk is what others could do who can write the state.
const writableRisk = "approve plans or change what was counted"

// privateDir makes a directory that only this user can write, or refuses one
// that others can: whoever writes there can approve plans and undo counts.
func privateDir(dir string) error {
	if err := files.MakeDir(dir); err != nil {
		return fmt.Errorf("the state directory %s cannot be made: %w; make it for this user alone, or name another one", dir, withoutPath(err))
	}
	return checkDir(dir)
}

// checkDir refuses a directory of the state that others can write.
func checkDir(dir string) error {
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("the state directory %s: %w", dir, withoutPath(err))
	}
	if err := files.CheckWritable(dir, info, "700", writableRisk); err != nil {
		return err
	}
	return files.CheckOwner(dir, info, nil)
}

package state

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"vpsnet-mcp/internal/files"
)

// journal is the file of lines. It is opened anew for each use, so that a file
// that somebody moved away or cut is noticed. It is used under the lock, where
// a last line without its newline is one that a crash tore.
type journal struct {
	path   string
	seen   os.FileInfo // the file whose first offset bytes were read
	offset int64
	torn   bool // the last line read has no newline yet
}

// prepare makes the file if there is none, and refuses one that others can write.
func (j *journal) prepare() error {
	f, err := j.open(os.O_RDWR)
	if err != nil {
		return err
	}
	return f.Close()
}

// check refuses the journal's file where others can write it: what they may have written counts for nothing.
func (j *journal) check(info os.FileInfo) error {
	return files.CheckState(j.path, info, "600", writableRisk)
}

// open opens the journal's file, and makes it when it is not there.
func (j *journal) open(flag int) (*os.File, error) {
	_, err := os.Lstat(j.path)
	missing := errors.Is(err, fs.ErrNotExist)
	f, err := files.OpenAppend(j.path, flag)
	if err != nil {
		return nil, j.unwritable(err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("it is not a regular file")
	}
	if err == nil && missing {
		err = syncDir(filepath.Dir(j.path))
	}
	if err != nil {
		_ = f.Close()
		return nil, j.unwritable(err)
	}
	if err := j.check(info); err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

// read teaches the ledger the lines that were appended since the last read.
func (j *journal) read(l *ledger) error {
	if _, err := os.Lstat(j.path); errors.Is(err, fs.ErrNotExist) {
		return nil // moved away; the next append makes a new one
	}
	f, err := files.OpenAppend(j.path, os.O_RDONLY)
	if err != nil {
		return j.unreadable(err)
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return j.unreadable(err)
	}
	if err := j.check(info); err != nil {
		return err
	}
	if j.seen == nil || !os.SameFile(j.seen, info) || info.Size() < j.offset {
		j.seen, j.offset, j.torn = info, 0, false
		l.restart()
	}
	n, torn, err := scanLines(io.NewSectionReader(f, j.offset, info.Size()-j.offset), j.torn, l.readLine)
	j.offset, j.torn = j.offset+n, torn
	if err != nil {
		return j.unreadable(err)
	}
	return nil
}

// scanLines gives each line of r without its newline, also a last one that has none.
// afterTorn says that what came before r had none: a newline at r's start
// belongs to it. n is the length of the lines given, newlines included; torn
// says that the last of them has none.
func scanLines(r io.Reader, afterTorn bool, each func(line []byte)) (n int64, torn bool, err error) {
	b := bufio.NewReaderSize(r, 64<<10)
	if afterTorn {
		first, err := b.ReadByte()
		switch {
		case err == io.EOF:
			return 0, true, nil
		case err != nil:
			return 0, true, err
		case first == '\n':
			n = 1
		default:
			_ = b.UnreadByte() // always possible after a read
		}
	}
	var text []byte
	size := 0
	for {
		part, err := b.ReadSlice('\n')
		size += len(part)
		if room := maxLine + 1 - len(text); room > 0 {
			text = append(text, part[:min(room, len(part))]...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == nil:
			each(text[:max(0, min(len(text), size-1))])
		case err != io.EOF:
			return n, torn, err
		case size == 0:
			return n, false, nil
		default:
			each(text)
			return n + int64(size), true, nil
		}
		n, size, text = n+int64(size), 0, text[:0]
	}
}

// append writes one line and returns when it is on the disk. It comes after a
// read under the same lock.
func (j *journal) append(text []byte) error {
	f, err := j.open(os.O_WRONLY)
	if err != nil {
		return err
	}
	before, err := f.Stat()
	if err != nil {
		_ = f.Close()
		return j.unwritable(err)
	}
	added := make([]byte, 0, len(text)+2)
	if j.torn && before.Size() > 0 {
		added = append(added, '\n')
	}
	added = append(append(added, text...), '\n')
	_, err = f.Write(added)
	if err == nil {
		err = f.Sync()
	}
	_ = f.Close() // what it wrote is on the disk already
	if err != nil {
		// The line was promised to nobody, so none of it may stay and count. Where
		// even this fails, what stays is a torn line or a change without an end.
		_ = os.Truncate(j.path, before.Size())
		return j.unwritable(err)
	}
	if j.seen == nil || !os.SameFile(j.seen, before) || j.offset != before.Size() {
		// This is a file that was not read, made since: it is read from its start.
		j.seen = nil
		return nil
	}
	j.offset, j.torn = j.offset+int64(len(added)), false
	return nil
}

// replacementSuffix is how a journal is called that is not whole yet.
const replacementSuffix = ".new-"

// replace writes the lines beside the journal and puts them into its place: whoever
// reads on finds another file, and reads it from its start.
func (j *journal) replace(lines [][]byte) error {
	before, err := os.Stat(j.path)
	if err != nil {
		return j.unwritable(err)
	}
	left, err := filepath.Glob(j.path + replacementSuffix + "*")
	for _, path := range left {
		err = errors.Join(err, os.Remove(path)) // a crash left it: whoever writes holds the lock
	}
	f, made := files.CreateTemp(filepath.Dir(j.path), filepath.Base(j.path)+replacementSuffix+"*")
	if err = errors.Join(err, made); err != nil {
		return j.unwritable(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	b := bufio.NewWriter(f)
	for _, text := range lines {
		_, _ = b.Write(append(text, '\n')) // its fault is Flush's
	}
	err = errors.Join(b.Flush(), f.Chmod(before.Mode().Perm()), f.Sync())
	after, unread := f.Stat()
	if err = errors.Join(err, unread, f.Close()); err != nil {
		return j.unwritable(err)
	}
	if err := os.Rename(f.Name(), j.path); err != nil {
		return j.unwritable(err)
	}
	j.seen, j.offset, j.torn = after, after.Size(), false
	return syncDir(filepath.Dir(j.path))
}

// unwritable returns the error of a journal that cannot be written, with what to do.
func (j *journal) unwritable(err error) error {
	return fmt.Errorf("the journal %s cannot be written: %w; give this user the right to write it and its disk some room, or name another file with --journal", j.path, withoutPath(err))
}

// unreadable returns the error of a journal that cannot be read, with what to do.
func (j *journal) unreadable(err error) error {
	return fmt.Errorf("the journal %s cannot be read: %w; give this user the right to read it, or name another file with --journal", j.path, withoutPath(err))
}

// withoutPath returns an error without the path that the message names already.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}

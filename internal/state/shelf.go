package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"vpsnet-mcp/internal/files"
)

// planDir is the directory of the plans that wait, one file each. A file is
// written whole under another name first: a reader finds all of it or none.
type planDir string

const (
	// planFile is how the name of a plan's file ends.
	planFile = ".json"
	// tempMark begins the end of a name while its file is being written.
	tempMark = ".new-"
)

// plans returns the plans in the directory, and the names of files that cannot be read.
func (s planDir) plans() (list []Pending, unreadable []string, err error) {
	if err := checkDir(string(s)); err != nil {
		return nil, nil, err
	}
	all, err := os.ReadDir(string(s))
	if err != nil {
		return nil, nil, s.failed(err)
	}
	for _, f := range all {
		path := filepath.Join(string(s), f.Name())
		if strings.HasPrefix(f.Name(), tempMark) {
			_ = os.Remove(path) // a crash left it: whoever writes holds the lock
			continue
		}
		id, is := strings.CutSuffix(f.Name(), planFile)
		if !is {
			continue
		}
		text, err := readPlan(path)
		var p Pending
		if err != nil || json.Unmarshal(text, &p) != nil || p.Digest == "" {
			unreadable = append(unreadable, path) // not ours to remove, and no reason to take no other
			continue
		}
		p.ID = id
		list = append(list, p)
	}
	return list, unreadable, nil
}

// readPlan reads a plan's file that nobody else can write.
func readPlan(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err == nil {
		err = files.CheckState(path, info, "600", writableRisk)
	}
	if err != nil {
		return nil, err
	}
	return io.ReadAll(f)
}

// put writes a plan's file, whole or not at all.
func (s planDir) put(p Pending) error {
	text, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return s.failed(err)
	}
	f, err := files.CreateTemp(string(s), tempMark+"*")
	if err != nil {
		return s.failed(err)
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.Write(append(text, '\n'))
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return s.failed(err)
	}
	if err := os.Rename(f.Name(), s.file(p.ID)); err != nil {
		return s.failed(err)
	}
	return nil
}

// remove deletes a plan's file; one that is gone is no error.
func (s planDir) remove(id string) error {
	err := os.Remove(s.file(id))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return s.failed(err)
	}
	// A yes that a power loss brings back could be taken twice.
	if err := syncDir(string(s)); err != nil {
		return s.failed(err)
	}
	return nil
}

// file returns the path of a plan's file.
func (s planDir) file(id string) string { return filepath.Join(string(s), id+planFile) }

// ready reports why the directory could not be written.
func (s planDir) ready() error {
	f, err := files.CreateTemp(string(s), tempMark+"*")
	if err != nil {
		return s.failed(err)
	}
	_, err = f.WriteString("ready\n")
	if err = errors.Join(err, f.Close(), os.Remove(f.Name())); err != nil {
		return s.failed(err)
	}
	return nil
}

// failed returns the error of the directory, with what to do.
func (s planDir) failed(err error) error {
	return fmt.Errorf("the waiting plans in %s cannot be stored or read: %w; give this user the right to read and write there, and its disk some room", string(s), err)
}

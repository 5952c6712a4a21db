package setup

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Read reads a configuration; nil is one that is not there.
func Read(path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return text, err
}

// CheckWritable reports why a file cannot be written, as far as that can be told before:
// it is read-only, or its path a link that leads nowhere.
func CheckWritable(path string) error {
	_, _, err := resolvePath(path)
	return err
}

// Write puts a text in a file's place at once, or deletes the file where after is
// nil (a link would then lead nowhere: its file is emptied), and gives the backup
// of what was there. It refuses when the file is no longer what before says
// (clients write their files too), and one that is not Writable. A link stays one,
// and a mode what it was.
func Write(path string, before, after []byte, now time.Time) (backup string, err error) {
	if after == nil && isLink(path) {
		after = []byte{}
	}
	path, mode, err := resolvePath(path)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	present, err := Read(path)
	if err != nil {
		return "", err
	}
	if !bytes.Equal(present, before) {
		return "", fmt.Errorf("%s was changed by another program just now; run setup again", path)
	}
	if present != nil {
		if backup, err = writeBackup(path, present, mode, now); err != nil {
			return "", fmt.Errorf("backup: %w", err)
		}
	}
	if after == nil {
		return backup, os.Remove(path)
	}
	return backup, replace(path, after, mode)
}

// resolvePath returns the file that a path leads to, and the mode that it has or gets.
func resolvePath(path string) (string, fs.FileMode, error) {
	path, err := resolveLink(path)
	if err != nil {
		return "", 0, err
	}
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return path, 0o600, nil
	case err != nil:
		return "", 0, err
	}
	mode := info.Mode().Perm()
	if mode&0o200 == 0 {
		return "", 0, fmt.Errorf("%s is read-only; nothing was written", path)
	}
	return path, mode, nil
}

// isLink reports a symbolic link.
func isLink(path string) bool {
	info, err := os.Lstat(path)
	return err == nil && info.Mode()&fs.ModeSymlink != 0
}

// resolveLink returns the file that a path leads to. A link that leads nowhere is not
// replaced: what it should lead to may be away for the moment.
func resolveLink(path string) (string, error) {
	if _, err := os.Lstat(path); err != nil {
		return path, nil // Read and Write meet the fault, if it is one
	}
	end, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		to, _ := os.Readlink(path)
		return "", fmt.Errorf("%s is a link to %s, which is not there: make that file, or remove the link", path, to)
	}
	return end, err
}

// backupMark stands in a backup's name between the file's name and the time.
const backupMark = ".bak-"

// UndoSetup returns a client's configuration as it was before setup, when nobody has changed it since, and nil when
// there was none. Otherwise, and where a link would lead nowhere, it returns what Remove returns.
func (c Client) UndoSetup(path string, text []byte) ([]byte, error) {
	removed, err := c.Remove(text)
	if err != nil {
		return nil, err
	}
	doc, err := c.decode(text)
	if err != nil {
		return nil, c.unreadable(err)
	}
	var e Entry
	if names := ourNames(doc, c.Table); len(names) > 0 {
		e = entryOf(entryNamed(doc, c.Table, names[0]))
	}
	was := false
	for _, backup := range readBackups(path) {
		if c.Has(backup) {
			continue
		}
		was = true
		if set, err := c.Set(backup, e); err == nil && bytes.Equal(set, text) {
			return backup, nil
		}
	}
	if set, err := c.Set(nil, e); err == nil && bytes.Equal(set, text) && !was && !isLink(path) {
		return nil, nil
	}
	return removed, nil
}

// readBackups reads the backups of a file, the newest first.
func readBackups(path string) [][]byte {
	path, err := resolveLink(path)
	if err != nil {
		return nil
	}
	names, err := os.ReadDir(filepath.Dir(path)) // sorted: their names have the time
	if err != nil {
		return nil
	}
	var texts [][]byte
	for _, name := range slices.Backward(names) {
		if strings.HasPrefix(name.Name(), filepath.Base(path)+backupMark) {
			if text, err := os.ReadFile(filepath.Join(filepath.Dir(path), name.Name())); err == nil {
				texts = append(texts, text)
			}
		}
	}
	return texts
}

// writeBackup writes a backup under a name that is free.
func writeBackup(path string, text []byte, mode fs.FileMode, now time.Time) (string, error) {
	base := path + backupMark + now.Format("20060102-150405")
	for i := 0; ; i++ {
		name := base
		if i > 0 {
			name = fmt.Sprintf("%s-%d", base, i)
		}
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		_, err = f.Write(text)
		return name, errors.Join(err, f.Close())
	}
}

// replace writes a file beside the one it then takes the place of.
func replace(path string, text []byte, mode fs.FileMode) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".vpsnet-mcp-*")
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Chmod(mode), f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		_ = os.Remove(f.Name())
	}
	return err
}

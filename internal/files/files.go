// Package files opens the files that the program trusts: what is secret in them
// stays its user's, and what others could have written is not believed.
package files

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"vpsnet-mcp/internal/decode"
)

// ReadSecret reads a file of secrets that nobody else can read or write. One that
// another user owns may be readable by its group: that is how a process that is not
// root's comes to read what systemd, a container's engine or Kubernetes hands in.
func ReadSecret(path string) ([]byte, error) { return readChecked(path, CheckSecret) }

// ReadTrusted reads a file that nobody else can write, such as a policy. Root is not handed in another user's.
func ReadTrusted(path string) ([]byte, error) { return readChecked(path, CheckTrusted) }

// readChecked checks the very file that it reads, and decodes its text.
func readChecked(path string, check func(string, os.FileInfo) error) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() { // a pipe's other end is who it was handed by
		if err := check(path, info); err != nil {
			return nil, err
		}
	}
	b, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	return decode.NamedText(path, b)
}

// OpenAppend opens a file to be appended to, and read where the flags say so. It is made, readable by its owner alone,
// when it does not exist. A link is refused: one that somebody else has put there would lead to any file of this user.
func OpenAppend(path string, flags int) (*os.File, error) {
	f, err := os.OpenFile(path, flags|os.O_APPEND|noFollow, 0)
	if errors.Is(err, os.ErrNotExist) {
		f, err = os.OpenFile(path, flags|os.O_APPEND|os.O_CREATE|noFollow, 0o600)
		if err == nil {
			err = MatchOwner(f)
		}
	}
	if info, no := os.Lstat(path); err != nil && no == nil && info.Mode()&os.ModeSymlink != 0 {
		err = &os.PathError{Op: "open", Path: path, Err: errors.New("it is a symbolic link, which is not followed; name the file itself")}
	}
	if err != nil && f != nil {
		_ = f.Close()
		f = nil
	}
	return f, err
}

// CreateTemp makes a file of mode 0600 beside the one that it will become.
func CreateTemp(dir, pattern string) (*os.File, error) {
	f, err := os.CreateTemp(dir, pattern)
	if err != nil {
		return nil, err
	}
	if err := MatchOwner(f); err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// MatchOwner gives a file that root made to the owner of its directory, who could not use their own state otherwise.
func MatchOwner(f *os.File) error { return matchOwner(filepath.Dir(f.Name()), f.Chown) }

// MakeDir makes a directory of mode 0700, and those above it, as their owner's
// whose directory it is in.
func MakeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil || !errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(dir, 0o700) // says what is in the way
	}
	parent := filepath.Dir(dir)
	if parent != dir {
		if err := MakeDir(parent); err != nil {
			return err
		}
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		if errors.Is(err, os.ErrExist) { // another process was faster
			return nil
		}
		return err
	}
	return matchDirOwner(dir, parent)
}

// CheckWritable refuses what others can write, and says what they could do.
func CheckWritable(path string, info os.FileInfo, mode, could string) error {
	if sharedBits(info)&info.Mode().Perm()&0o022 == 0 {
		return nil
	}
	return fmt.Errorf("%s can be written by other users (mode %04o): they could %s; run: chmod %s %s", path, info.Mode().Perm(), could, mode, path)
}

// CheckTrusted refuses a file that others can write.
func CheckTrusted(path string, info os.FileInfo) error {
	if sharedBits(info)&info.Mode().Perm()&0o022 == 0 {
		return checkHandedIn(path, info)
	}
	return fmt.Errorf("%s can be written by other users (mode %04o): run: chmod go-w %s", path, info.Mode().Perm(), path)
}

// CheckSecret refuses a file that others can read or write.
func CheckSecret(path string, info os.FileInfo) error {
	if mode := info.Mode().Perm(); sharedBits(info)&mode != 0 {
		can := "read"
		if mode&sharedBits(info)&0o044 == 0 {
			can = "written"
		}
		return fmt.Errorf("%s can be %s by others (mode %04o): chmod 600 it", path, can, mode)
	}
	return checkHandedIn(path, info)
}

// CheckState refuses a file or directory of the state that others can write, by its mode or as its owner; mode is what
// it should have, could what others could do. The owner of the directory that it is in is no other: what root does
// there is done for them.
func CheckState(path string, info os.FileInfo, mode, could string) error {
	if err := CheckWritable(path, info, mode, could); err != nil {
		return err
	}
	dir, err := os.Stat(filepath.Dir(path))
	if err != nil {
		return err
	}
	return CheckOwner(path, info, dir)
}

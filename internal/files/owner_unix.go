//go:build !windows

package files

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// noFollow keeps an open from following a link at the path's end.
const noFollow = syscall.O_NOFOLLOW

// sharedBits returns the bits of a mode that give a secret file to others.
func sharedBits(info os.FileInfo) os.FileMode {
	if s, ok := info.Sys().(*syscall.Stat_t); ok && int64(s.Uid) != int64(os.Geteuid()) {
		return 0o037
	}
	return 0o077
}

// ownerOf returns the user whose file it is.
func ownerOf(info os.FileInfo) (uid int, known bool) {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return int(s.Uid), true
}

// checkHandedIn refuses root the file of another user, who can change it whatever its mode says. Any other user is
// handed in files by whoever starts the program, as a container is.
func checkHandedIn(path string, info os.FileInfo) error {
	uid, known := ownerOf(info)
	if !known || os.Geteuid() != 0 || uid == 0 {
		return nil
	}
	return fmt.Errorf("%s belongs to user %d, who can change what root is to believe: run: chown root %s", path, uid, path)
}

// CheckOwner refuses a file or directory of the state that is neither root's nor this user's. Root, who acts for the
// user in whose directory it is, takes that user's: dir is the directory, nil for one that is the user's whoever that is.
func CheckOwner(path string, info, dir os.FileInfo) error {
	uid, known := ownerOf(info)
	if !known || uid == 0 || uid == os.Geteuid() {
		return nil
	}
	if os.Geteuid() == 0 {
		if dir == nil {
			return nil
		}
		if owner, known := ownerOf(dir); known && uid == owner {
			return nil
		}
	}
	return fmt.Errorf("%s belongs to user %d, who can change it: look what it says, and remove it or make it your own", path, uid)
}

// matchOwner gives what root made to the owner of a directory.
func matchOwner(dir string, chown func(uid, gid int) error) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return err
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok || s.Uid == 0 {
		return nil
	}
	return chown(int(s.Uid), int(s.Gid))
}

// matchDirOwner is matchOwner for a directory that was just made. It is opened: what somebody puts in its place
// meanwhile is not given away.
func matchDirOwner(dir, parent string) error {
	d, err := os.OpenFile(dir, syscall.O_DIRECTORY|noFollow, 0)
	if err != nil {
		return err
	}
	return errors.Join(matchOwner(parent, d.Chown), d.Close())
}

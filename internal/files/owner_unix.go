//go:build !windows

package files

import (
	"errors"
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

//go:build !windows

package state

import (
	"fmt"
	"os"
)

// refuseLoose refuses what others can write.
func refuseLoose(path string, info os.FileInfo, mode string) error {
	if info.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("%s can be written by other users (mode %04o): they could approve plans or change what was counted; run: chmod %s %s",
			path, info.Mode().Perm(), mode, path)
	}
	return nil
}

// syncDir makes a directory's list of files durable.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer func() { _ = d.Close() }()
	return d.Sync()
}

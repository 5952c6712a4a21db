package host

import "os"

// Private reads a file of secrets. Who may read it, its folder's rights say there.
func Private(path string) ([]byte, error) { return os.ReadFile(path) }

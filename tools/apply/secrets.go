package apply

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"vpsnet-mcp/internal/files"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/catalog"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/vpsapi"
)

// SecretsMode says where the passwords go that the service gives.
type SecretsMode string

// The modes.
const (
	SecretsFile   SecretsMode = "file"   // a file of its own in the state directory; the answer names it
	SecretsRedact SecretsMode = "redact" // nowhere: the answer says where they can be read
	SecretsReveal SecretsMode = "reveal" // into the answer
)

// ParseSecretsMode reads a mode's name.
func ParseSecretsMode(s string) (SecretsMode, error) {
	if m := SecretsMode(strings.ToLower(s)); slices.Contains([]SecretsMode{SecretsFile, SecretsRedact, SecretsReveal}, m) {
		return m, nil
	}
	return "", fmt.Errorf("secrets mode %s: use file, redact or reveal", vpsapi.Quote(s))
}

// Secrets is where the passwords go that the service gives.
type Secrets struct {
	Mode SecretsMode // redact when empty
	Dir  string      // where files of passwords are made
	Log  zerolog.Logger
	Now  func() time.Time
}

// Deliver puts the secrets of a reply where the mode says, and returns words that tell where.
func (s *Secrets) Deliver(tool string, thing plan.Thing, found []vpsapi.FoundSecret) string {
	if len(found) == 0 || !catalog.RowOf(tool).Gives {
		return ""
	}
	const portal = "the VPS.NET portal shows it on the server's page"
	switch s.Mode {
	case SecretsReveal:
		var b strings.Builder
		for _, f := range found {
			fmt.Fprintf(&b, "\nFor the person, hidden above: %s: %s", f.Key, string(f.Value))
		}
		return b.String()
	case SecretsFile:
		path, err := s.keep(tool, thing, found)
		if err != nil {
			s.Log.Error().Err(err).Msg("a password could not be kept in a file")
			return "\nThe password could not be kept in a file (see the log); " + portal + "."
		}
		return "\nThe password is in the file " + path + ", which only this user can read. Tell the person the path; do not read the file."
	default:
		return "\nThe password is not shown; " + portal + "."
	}
}

// keep writes secrets to a new file that only its owner can read. It is
// whole or not there.
func (s *Secrets) keep(tool string, thing plan.Thing, found []vpsapi.FoundSecret) (string, error) {
	dir := s.Dir
	if dir == "" {
		return "", errors.New("no directory for secrets")
	}
	if err := files.MakeDir(dir); err != nil {
		return "", err
	}
	f, err := files.CreateTemp(dir, ".secret-*") // of mode 0600
	if err != nil {
		return "", err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n%s: %s\n", s.Now().UTC().Format("2006-01-02 15:04:05 MST"), tool, thing)
	for _, v := range found {
		fmt.Fprintf(&b, "%s: %s\n", v.Key, string(v.Value))
	}
	_, err = f.WriteString(b.String())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	name := []string{s.Now().UTC().Format("20060102-150405"), tool}
	if thing.ID != "" && strings.Trim(thing.ID, "0123456789") == "" { // what the service sent is not part of a path
		name = append(name, thing.ID)
	}
	name = append(name, filepath.Base(f.Name())[len(".secret-"):])
	path := filepath.Join(dir, strings.Join(name, "-")+".txt")
	return path, os.Rename(f.Name(), path)
}

// fillInPassword puts the present root password into a ticket that asks for it. It runs
// after consent, and what it reads goes to the service alone.
func fillInPassword(ctx context.Context, r *account.Reader, in any) (any, error) {
	ticket, ok := in.(vpsapi.OpenTicketIn)
	if !ok || ticket.RootPassword != vpsapi.CurrentPassword {
		return in, nil
	}
	var err error
	ticket.RootPassword, err = readRootPassword(ctx, r, ticket.VMID)
	return ticket, err
}

// readRootPassword reads a server's present root password. Its errors are not the
// service's own: what failed is the read, and the change was not sent.
func readRootPassword(ctx context.Context, r *account.Reader, id vpsapi.ServerID) (vpsapi.Secret, error) {
	result, err := vpsapi.GetServer.Do(ctx, r.Client, vpsapi.GetServerIn{ServerID: id})
	if err != nil {
		return "", errors.New("reading the server's present root password: " + err.Error() + ". The ticket was not sent")
	}
	for _, f := range result.Secrets {
		if f.Key == "password" {
			return f.Value, nil
		}
	}
	return "", errors.New("the service does not tell the server's present root password; the ticket was not sent")
}

package tools

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// deliverSecrets puts the secrets of a reply where the mode says, and returns words that tell where.
func (s *Server) deliverSecrets(tool string, thing plan.Thing, found []vpsapi.FoundSecret) string {
	if len(found) == 0 || !catalog.RowOf(tool).Gives {
		return ""
	}
	const portal = "the VPS.NET portal shows it on the server's page"
	switch s.options.Secrets {
	case SecretsReveal:
		var b strings.Builder
		for _, f := range found {
			fmt.Fprintf(&b, "\n%s: %s", f.Key, string(f.Value))
		}
		return b.String()
	case SecretsFile:
		path, err := s.keepSecret(tool, thing, found)
		if err != nil {
			s.options.Log.Error().Err(err).Msg("a password could not be kept in a file")
			return "\nThe password could not be kept in a file (see the log); " + portal + "."
		}
		return "\nThe password is in the file " + path + ", which only this user can read. Tell the person the path; do not read the file."
	default:
		return "\nThe password is not shown; " + portal + "."
	}
}

// keepSecret writes secrets to a new file that only its owner can read. It is
// whole or not there.
func (s *Server) keepSecret(tool string, thing plan.Thing, found []vpsapi.FoundSecret) (string, error) {
	dir := s.options.SecretsDir
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
	fmt.Fprintf(&b, "%s\n%s: %s\n", s.now().UTC().Format("2006-01-02 15:04:05 MST"), tool, thing)
	for _, v := range found {
		fmt.Fprintf(&b, "%s: %s\n", v.Key, string(v.Value))
	}
	_, err = f.WriteString(b.String())
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return "", err
	}
	name := []string{s.now().UTC().Format("20060102-150405"), tool}
	if thing.ID != "" && strings.Trim(thing.ID, "0123456789") == "" { // what the service sent is not part of a path
		name = append(name, thing.ID)
	}
	name = append(name, filepath.Base(f.Name())[len(".secret-"):])
	path := filepath.Join(dir, strings.Join(name, "-")+".txt")
	return path, os.Rename(f.Name(), path)
}

// checkPasswordFillable refuses a plan whose ticket asks for a password that cannot be filled
// in: a person should not be asked for what cannot be done.
func checkPasswordFillable(ctx context.Context, r *account.Reader, p *plan.Plan) error {
	for _, step := range p.Steps {
		switch in := step.In.(type) {
		case vpsapi.OpenTicketIn:
			if in.RootPassword != vpsapi.CurrentPassword {
				continue
			}
			if _, err := r.Server(ctx, in.VMID); err != nil {
				return fmt.Errorf(`root_password "current": the server cannot be read: %w; nothing was sent`, err)
			}
		case vpsapi.ReplyToTicketIn:
			if in.RootPassword == vpsapi.CurrentPassword {
				return errors.New(`root_password "current": a ticket does not name its server, so this works for ` + vpsapi.OpenTicket.Name + ` only; nothing was sent: give the password itself, or leave it out`)
			}
		}
	}
	return nil
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

package catalog

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"

	"vpsnet-mcp/internal/state"
	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/plan"
	"vpsnet-mcp/tools/words"
	"vpsnet-mcp/vpsapi"
)

// backupKind is what a backup is called where the journal keeps it.
const backupKind = "backup"

// planCreateBackup plans create_backup: what the call would change, cost and break. It only reads.
func planCreateBackup(ctx context.Context, r *account.Reader, in vpsapi.CreateBackupIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.CreateBackup, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Part = plan.Thing{Kind: backupKind, Label: in.Label}
	p.Say("Back up %s.", words.ServerText(s))
	p.Repeats = true // a loop ends before the room for backups does: how many there may be is not documented
	p.UndoMade(vpsapi.DeleteBackup.Name+" deletes it, once it is built.", func(reply any) *state.Inverse {
		return plan.Inverse(vpsapi.DeleteBackup, vpsapi.DeleteBackupIn{ServerID: s.ID, BackupID: vpsapi.BackupID(account.CreatedID(reply))}, "once it is built")
	})
	return p, nil
}

// planDeleteBackup plans delete_backup: what the call would change, cost and break. It only reads.
func planDeleteBackup(ctx context.Context, r *account.Reader, in vpsapi.DeleteBackupIn) (*plan.Plan, error) {
	r.PrefetchServer(ctx, in.ServerID)
	b, err := r.Backup(ctx, in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	p, s, err := account.OnServer(ctx, r, vpsapi.DeleteBackup, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Part = plan.Thing{Kind: backupKind, ID: string(b.ID), Label: string(b.Label)}
	setBackup(ctx, p, r, in.ServerID, b)
	p.Say("Delete the %s of %s.", words.BackupText(b), words.ServerText(s))
	if b.Type != "" && b.Type != "normal" {
		p.RuleOut("the "+words.BackupText(b)+" was made automatically, and only manual ones can be deleted", vpsapi.EditServer.Name+" switches automatic backups off")
	}
	if words.IsOff(b.Built) && words.IsOn(b.Locked) {
		p.RuleOut("the "+words.BackupText(b)+" is still being made, and in use until then",
			fmt.Sprintf(`call again when %s {"server_id":%q} says built true; %s is for one that hangs`, vpsapi.ListBackups.Name, s.ID, vpsapi.OpenTicket.Name))
	}
	p.Loses("the backup. The server keeps what it has on its disk")
	if all := r.BackupsText(ctx, s.ID); all != "" {
		p.AddSay("The server has %s.", strings.TrimPrefix(all, "its "))
	}
	p.Words.Undo = "no."
	return p, nil
}

// planClone plans clone_cloud_server: what the call would change, cost and break. It only reads.
func planClone(ctx context.Context, r *account.Reader, in vpsapi.CloneServerIn) (*plan.Plan, error) {
	p, s, err := account.OnServer(ctx, r, vpsapi.CloneServer, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	target := cmp.Or(in.CloudID, s.CloudID)
	r.PrefetchPrice(ctx, target)
	if in.CloudID != "" {
		checkCloud(ctx, p, r, target, "", nil)
	}
	p.Say("Copy %s to a new cloud server on %s, which uses as many nodes as %s.", words.ServerText(s), r.CloudText(ctx, target), words.NodesText(s))
	free, known := addFreeNodes(ctx, p, r)
	p.NeedAs(s)
	buysServer(p)
	p.Words.Cost = words.PriceUnknown
	if n, _, others := words.NodeCounts(s); n != nil && *n > 0 {
		each := r.NodePrice(ctx, target)
		p.Cost = each.Times(int(*n)).Amount
		p.Words.Cost = moreNodesCost(int(*n), free, known, each)
		if len(others) > 0 {
			p.Words.Cost += "; " + words.JoinAnd(others) + ": " + words.PriceUnknown
		}
	}
	p.Words.Cost += ". What its template and licenses cost is not documented"
	return p, nil
}

// planDeleteClone plans delete_clone: what the call would change, cost and break. It only reads.
func planDeleteClone(ctx context.Context, r *account.Reader, in vpsapi.DeleteCloneIn) (*plan.Plan, error) {
	account.Prefetch(ctx, r, vpsapi.ListClones, vpsapi.ListClonesIn{ServerID: in.ServerID})
	p, s, err := account.OnServer(ctx, r, vpsapi.DeleteClone, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	p.Thing = plan.Thing{Kind: "clone", ID: string(in.CloneID)}
	clone, err := r.Clone(ctx, in.ServerID, in.CloneID)
	if gone := new(account.GoneError); errors.As(err, &gone) {
		return nil, err
	}
	if err != nil {
		p.Say("Delete clone %s, which could not be looked up, of %s.", words.IDText(in.CloneID), words.ServerText(s))
	} else {
		p.Say("Delete clone %s (id %s) from the clone list of %s.", vpsapi.Quote(string(clone.Label)), words.IDText(in.CloneID), words.ServerText(s))
	}
	lost := "the cloned server"
	if clone.ClonedServerID != "" && clone.ClonedServerID != "0" {
		lost = r.OtherServer(ctx, clone.ClonedServerID)
	}
	p.Loses("the entry in the list, and perhaps also %s with all that is on it: whether that is deleted too is not documented", lost)
	p.Words.Undo = "the entry: no. The server, if it is deleted too: perhaps by " + vpsapi.RecoverServer.Name + ", within 12 hours; that is not documented."
	return p, nil
}

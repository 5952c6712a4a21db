package catalog

import (
	"cmp"
	"context"

	"vpsnet-mcp/tools/account"
	"vpsnet-mcp/tools/find"
	"vpsnet-mcp/vpsapi"
)

// backupsRows are the functions of the group backups.
func backupsRows() []Row {
	return []Row{
		function(vpsapi.CreateBackup, spec[vpsapi.CreateBackupIn]{
			plan:    planCreateBackup,
			until:   untilBackup,
			shownIn: vpsapi.ListBackups,
			marks:   func(in vpsapi.CreateBackupIn) []string { return []string{in.Label} },
			search:  "copy save right backup server now manual save",
			acts:    find.Act,
		}),
		function(vpsapi.ListBackups, spec[vpsapi.ListBackupsIn]{
			answer: AsList,
			empty:  vpsapi.CreateBackup.Name + " makes one; backups_enabled switches automatic ones on.",
			search: "old new newest age recent backup server last latest size complete taken exist existing when",
		}),
		function(vpsapi.DeleteBackup, spec[vpsapi.DeleteBackupIn]{
			plan:   planDeleteBackup,
			search: "many month erase backup old manual space",
		}),
		plain(vpsapi.ListClones, "progress clone duplicated cloned cloning progress status made server"),
		function(vpsapi.CloneServer, spec[vpsapi.CloneServerIn]{
			mayMean: "It may make a backup in place of a clone: the same request with other fields makes backups",
			plan:    planClone,
			until:   untilClone,
			shownIn: vpsapi.ListClones,
			shows: func(vpsapi.CloneServerIn) ProofSpec { // the same route makes backups
				return ProofSpec{Also: []WatchedList{{In: vpsapi.ListBackups}}}
			},
			whole: func(ctx context.Context, r *account.Reader, in vpsapi.CloneServerIn) (vpsapi.CloneServerIn, error) {
				s, err := r.Server(ctx, in.ServerID)
				in.CloudID = cmp.Or(in.CloudID, s.CloudID)
				return in, err
			},
			search: "clone server identical exact same another second copy twin move migrate relocate cloud location datacenter",
			acts:   find.Create,
		}),
		function(vpsapi.DeleteClone, spec[vpsapi.DeleteCloneIn]{
			mayMean: "It may delete the cloned server with all that is on it, and not the entry of the list alone",
			plan:    planDeleteClone,
			shows: func(vpsapi.DeleteCloneIn) ProofSpec { // the cloned server may go too
				return ProofSpec{Also: []WatchedList{{In: vpsapi.ListServers}}}
			},
			search: "needed clone cloned duplicated list",
		}),
	}
}

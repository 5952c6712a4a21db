#!/usr/bin/env bash
# A rehearsal of AGENTS.md, "To add a function": in a copy of the tree under a
# publisher's module path it adds two made-up functions as the recipe says, a read
# and a destructive one with a plan, prints the files and lines that a hand had to
# touch, and runs `make docs` and the tests that it concerns. It fails when a test
# does, or when it is more than the recipe promises. Last, a program of somebody
# else imports the copy's client and sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
copy=$scratch/copy
module=github.com/owner/name
mkdir "$copy"
git ls-files -coz --exclude-standard | xargs -0 cp --parents -t "$copy" 2>/dev/null || true # a file that is deleted and not yet committed is missing
cd "$copy"
make -s module MODULE=$module
left=$(grep -rnE '"vpsnet-mcp/(internal|tools|vpsapi|schemas)' --include='*.go' . || true)
[ -z "$left" ] || { echo "rehearse: the old module path is left: $left"; exit 1; }
git init -q && git add -A && git -c user.name=rehearsal -c user.email=rehearsal@example.com commit -qm base

# after FILE PATTERN: standard input goes behind the first line that matches.
after() {
	local text line
	text=$(mktemp) && cat >"$text"
	line=$(grep -nm1 -- "$2" "$1" | cut -d: -f1) || true
	[ -n "$line" ] || { echo "rehearse: $1 has no line with $2" >&2; exit 1; }
	sed -i "${line}r $text" "$1" && rm "$text"
}
# touched NAME FILES LINES prints what a hand touched, and starts the next
# function from there.
touched() {
	if gofmt -l vpsapi tools | grep .; then exit 1; fi
	git add -A
	local files lines
	files=$(git diff --cached --numstat | wc -l)
	lines=$(git diff --cached --numstat | awk '{n += $1 + $2} END {print n}')
	git diff --cached --numstat | sed "s/^/rehearse: $1: /"
	echo "rehearse: $1: $files files and $lines lines by hand; $2 files and $3 lines are promised"
	[ "$files" -le "$2" ] && [ "$lines" -le "$3" ] || exit 1
	git -c user.name=rehearsal -c user.email=rehearsal@example.com commit -qm "$1"
}

# A read: its Op, its handler, its wire case, its row.
cat >>vpsapi/backups.go <<'GO'

// BackupNote is what a person wrote about a backup.
type BackupNote struct {
	Note Text `json:"note,omitempty"`
}

// GetBackupNoteIn names a backup of a server.
type GetBackupNoteIn struct {
	ServerID ServerID `json:"server_id"`
	BackupID BackupID `json:"backup_id"`
}

// GetBackupNote gives what a person wrote about a backup.
var GetBackupNote = Op[GetBackupNoteIn, BackupNote]{
	Name: "get_backup_note", Title: "Get backup note",
	Doc:   "Give the note that a person wrote about a backup.",
	Route: "GET /virtual_machines/{server_id}/backups/{backup_id}/note", Reply: wrappedObject[BackupNote]("note"),
	Safety: Reads, Evidence: Clients,
}
GO
after vpsapi/backups.go 'CreateBackup, ListBackups, DeleteBackup' <<<'	GetBackupNote,'
after vpsapi/sandbox/backups.go 'handle(vpsapi.DeleteClone, deleteClone)' <<<'		handle(vpsapi.GetBackupNote, getBackupNote),'
cat >>vpsapi/sandbox/backups.go <<'GO'

func getBackupNote(a *account, in vpsapi.GetBackupNoteIn) (vpsapi.BackupNote, error) {
	_, _, err := a.backup(in.ServerID, in.BackupID)
	return vpsapi.BackupNote{Note: "before the update"}, err
}
GO
cat >vpsapi/testdata/wire/get_backup_note.txtar <<'TXTAR'
source: made up for the rehearsal (plain)

-- plain/args.json --
{
  "server_id": "1384",
  "backup_id": "3774"
}
-- plain/request --
GET /virtual_machines/1384/backups/3774/note.api10json
-- plain/reply.json --
{
  "note": {
    "note": "before the update"
  }
}
TXTAR
after tools/catalog/backups.go 'plain(vpsapi.ListClones' <<<'		plain(vpsapi.GetBackupNote, "remark comment written about a backup"),'
touched "a read" 4 45

# A destructive function: the same, and its planner.
cat >>vpsapi/backups.go <<'GO'

// DeleteBackupNoteIn names a backup of a server.
type DeleteBackupNoteIn struct {
	ServerID ServerID `json:"server_id"`
	BackupID BackupID `json:"backup_id"`
}

// DeleteBackupNote deletes what a person wrote about a backup.
var DeleteBackupNote = Op[DeleteBackupNoteIn, Done]{
	Name: "delete_backup_note", Title: "Delete backup note",
	Doc:   "Delete the note that a person wrote about a backup.",
	Route: "DELETE /virtual_machines/{server_id}/backups/{backup_id}/note", Reply: noContent(),
	Safety: Destroys, Evidence: Clients,
}
GO
after vpsapi/backups.go '^	GetBackupNote,' <<<'	DeleteBackupNote,'
after vpsapi/sandbox/backups.go 'handle(vpsapi.GetBackupNote, getBackupNote)' <<<'		handle(vpsapi.DeleteBackupNote, deleteBackupNote),'
cat >>vpsapi/sandbox/backups.go <<'GO'

func deleteBackupNote(a *account, in vpsapi.DeleteBackupNoteIn) (vpsapi.Done, error) {
	_, _, err := a.backup(in.ServerID, in.BackupID)
	return vpsapi.Done{}, err
}
GO
cat >vpsapi/testdata/wire/delete_backup_note.txtar <<'TXTAR'
source: made up for the rehearsal (plain)

-- plain/args.json --
{
  "server_id": "1384",
  "backup_id": "3774"
}
-- plain/request --
DELETE /virtual_machines/1384/backups/3774/note.api10json
TXTAR
after tools/catalog/backups.go 'plain(vpsapi.GetBackupNote' <<'GO'
		function(vpsapi.DeleteBackupNote, spec[vpsapi.DeleteBackupNoteIn]{
			plan:   planDeleteBackupNote,
			search: "remark comment erase",
		}),
GO
cat >>tools/catalog/backups_plan.go <<'GO'

func planDeleteBackupNote(ctx context.Context, r *account.Reader, in vpsapi.DeleteBackupNoteIn) (*plan.Plan, error) {
	b, err := r.Backup(ctx, in.ServerID, in.BackupID)
	if err != nil {
		return nil, err
	}
	p, s, err := account.OnServer(ctx, r, vpsapi.DeleteBackupNote, in, in.ServerID)
	if err != nil {
		return nil, err
	}
	setBackup(ctx, p, r, in.ServerID, b)
	p.Say("Delete the note of the %s of %s.", words.BackupText(b), words.ServerText(s))
	p.Loses("the note. The backup stays")
	p.Words.Undo = "no."
	return p, nil
}
GO
touched "a destructive function" 5 90

make docs >make.out 2>&1 || { cat make.out; exit 1; }
go test ./vpsapi/... ./schemas
go test ./tools -run 'Rows|Requests|EachInferred|Catalogue|EveryTool|Plans|Golden|Bytes|Offered|Literal|ModelAlone|Hostile'
go test ./internal/cli -run 'TestReadme|TestExamples'

go build -o "$scratch/program" .
"$scratch/program" call get_profile --sandbox >/dev/null
mkdir "$scratch/theirs"
cat >"$scratch/theirs/main.go" <<'GO'
// Command theirs lists the servers of a sandbox.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/owner/name/vpsapi"
	"github.com/owner/name/vpsapi/sandbox"
)

func main() {
	client, err := vpsapi.NewClient(vpsapi.Config{Email: sandbox.Email, APIKey: sandbox.APIKey, Transport: sandbox.New(sandbox.Options{})})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	servers, err := vpsapi.ListServers.Call(context.Background(), client, vpsapi.ListServersIn{})
	fmt.Println(len(servers), err)
}
GO
cd "$scratch/theirs"
go mod init example.com/theirs >/dev/null 2>&1
go mod edit -require "$module@v0.0.0" -replace "$module=$copy"
go mod tidy >/dev/null 2>&1
said=$(go run .)
[ "$said" = "2 <nil>" ] || { echo "rehearse: their program says: $said"; exit 1; }
echo "rehearse: a program that imports $module runs"

#!/usr/bin/env bash
# Gives a copy of the tree the path of a publisher, builds it, and beside it a
# program of somebody else that imports the client and the sandbox.
set -euo pipefail
cd "$(dirname "$0")/.."
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' f; do [ ! -e "$f" ] || printf '%s\0' "$f"; done |
	tar -c --null -T - | tar -x -C "$scratch" --one-top-level=copy
module=github.com/owner/name
make -s -C "$scratch/copy" module MODULE=$module
(
	cd "$scratch/copy"
	left=$(grep -rnE '"vpsnet-mcp/(internal|tools|vpsapi|schemas)' --include='*.go' . || true)
	[ -z "$left" ] || { echo "module: the old path is left: $left"; exit 1; }
	go vet ./vpsapi/... ./internal/cli
	go build -o "$scratch/program" .
)
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
go mod edit -require "$module@v0.0.0" -replace "$module=$scratch/copy"
go mod tidy >/dev/null 2>&1
said=$(go run .)
[ "$said" = "2 <nil>" ] || { echo "module: their program says: $said"; exit 1; }
echo "module: $module builds, and a program that imports it runs"

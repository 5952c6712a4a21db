#!/usr/bin/env bash
# A release in dist/: programs, MCP bundles, bills of materials, server.json and
# checksums. With --check it is made twice and compared, each part is held
# against its format, and the program out of its archive is set up and started.
# OWNER is the GitHub account that publishes it, for server.json; ONLY=linux/amd64
# makes it for one system, which takes a sixth of the time.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
tools=${TOOLS:-$scratch/bin}
version=${VERSION:-$(sed -n 's/^## \[\([0-9][0-9.]*\)\].*/\1/p' CHANGELOG.md | head -1)}

# tool COMMAND PACKAGE@VERSION builds a Go tool that is not there yet.
tool() {
	[ -x "$tools/$1" ] || GOBIN="$tools" go install "$2"
}
tool cyclonedx-gomod github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0

# release FOLDER makes one of the tree where it is called.
release() {
	go run ./scripts/dist -out "$1" -version "$version" -owner "${OWNER:-OWNER}" -only "${ONLY:-}" -sbom "$tools/cyclonedx-gomod"
}
# state prints what a release depends on: the commit, and what was changed since.
state() { git rev-parse HEAD && git status --porcelain && git diff HEAD; }
before=$(state)
release dist
[ "$(state)" = "$before" ] || { echo "the tree changed while the release was made of it; run this again in a tree that stays as it is" >&2; exit 1; }
[ "${1:-}" = --check ] || { ls -l dist; exit; }

if [ "$(wc -l <<<"$before")" = 1 ]; then
	echo "== made again, in a clone of $before"
	elsewhere=$scratch/elsewhere
	rm -rf "$elsewhere"
	git clone -q --no-checkout . "$elsewhere"
	git -C "$elsewhere" checkout -q --detach "$before"
else
	echo "== made again, in this folder: it has changes that are not committed, which a clone would not have"
	elsewhere=$PWD
fi
cache=$(go env GOCACHE)
[ -z "${COLD:-}" ] || cache=$scratch/cache # compiles everything anew, which takes minutes
(cd "$elsewhere" && GOCACHE=$cache release "$scratch/again")
diff -rq dist "$scratch/again" || { echo "the two releases differ; the programs say what they were made of: go version -m" >&2; exit 1; }

echo "== checksums"
(cd dist && sha256sum --quiet -c checksums.txt)

echo "== the archive's pages lead to files in it"
archive=dist/vpsnet-mcp_${version}_$(go env GOOS)_$(go env GOARCH).tar.gz
rm -rf "$scratch/packed"
mkdir "$scratch/packed"
tar -C "$scratch/packed" -xzf "$archive"
PACKED=$scratch/packed go test ./scripts/dist -run TestPackedPagesLead -count=1 -v | grep -v '^=== '

echo "== bundles"
node_folder "$scratch/mcpb" @anthropic-ai/mcpb@2.1.2
for bundle in dist/*.mcpb; do
	rm -rf "$scratch/bundle"
	"$scratch/mcpb/node_modules/.bin/mcpb" unpack "$bundle" "$scratch/bundle" >/dev/null
	"$scratch/mcpb/node_modules/.bin/mcpb" validate "$scratch/bundle/manifest.json"
done

echo "== the unpacked archive as a plugin of Claude Code and an extension of Gemini CLI"
node_folder "$scratch/plugins" @anthropic-ai/claude-code@2 @google/gemini-cli@0
mkdir -p "$scratch/home"
HOME="$scratch/home" "$scratch/plugins/node_modules/.bin/claude" plugin validate "$scratch/packed"
HOME="$scratch/home" "$scratch/plugins/node_modules/.bin/gemini" extensions validate "$scratch/packed"

echo "== manifests of package managers"
if [ -e dist/vpsnet-mcp.rb ]; then
	ruby -c dist/vpsnet-mcp.rb
fi
go test ./scripts/dist -run 'TestManifests|TestExtensions' -count=1 -v | grep -v '^=== '

echo "== server.json"
server=$PWD/dist/server.json
[ -e "$server" ] || server=$PWD/server.json
registry=$(cd "$scratch" && go mod download -json github.com/modelcontextprotocol/registry@v1.8.8 | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
SERVER_SCHEMA="$registry/internal/validators/schemas/2025-12-11.json" SERVER_JSON="$server" \
	go test ./scripts/dist -run TestServerJSON -count=1 -v | grep -v '^=== '

echo "== from the archive, for each client, on a machine with nothing else"
tar -C "$scratch" -xzf "$archive" vpsnet-mcp
! ldd "$scratch/vpsnet-mcp" 2>/dev/null | grep -q '=>' || { echo "not static"; exit 1; }
env -i "$scratch/vpsnet-mcp" version | tee "$scratch/version"
grep -q "^vpsnet-mcp $version " "$scratch/version" || { echo "the program does not say that it is $version"; exit 1; }
VPSNET_TEST_PROGRAM="$scratch/vpsnet-mcp" go test ./internal/cli -run TestEachClientStartsIt -count=1 -v | grep -v '^=== '
echo "dist: good"

#!/usr/bin/env bash
# A release in dist/: programs, MCP bundles, bills of materials, server.json and
# checksums. With --check it is made twice and compared, each part is held
# against its format, and the program is started from its archive.
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

go run ./scripts/dist -out dist -version "$version" -sbom "$tools/cyclonedx-gomod"
[ "${1:-}" = --check ] || { ls -l dist; exit; }

echo "== made again"
GOCACHE="$scratch/cache" go run ./scripts/dist -out "$scratch/again" -version "$version" -sbom "$tools/cyclonedx-gomod"
diff -r dist "$scratch/again"

echo "== checksums"
(cd dist && sha256sum --quiet -c checksums.txt)

echo "== bundles"
node_folder "$scratch/mcpb" @anthropic-ai/mcpb@2.1.2
for bundle in dist/*.mcpb; do
	rm -rf "$scratch/bundle"
	"$scratch/mcpb/node_modules/.bin/mcpb" unpack "$bundle" "$scratch/bundle" >/dev/null
	"$scratch/mcpb/node_modules/.bin/mcpb" validate "$scratch/bundle/manifest.json"
done

echo "== server.json"
registry=$(cd "$scratch" && go mod download -json github.com/modelcontextprotocol/registry@v1.8.8 | sed -n 's/.*"Dir": "\(.*\)",/\1/p')
SERVER_SCHEMA="$registry/internal/validators/schemas/2025-12-11.json" SERVER_JSON="$PWD/dist/server.json" \
	go test ./scripts/dist -run TestServerJSON -count=1 -v | grep -v '^=== '

echo "== goreleaser"
tool goreleaser github.com/goreleaser/goreleaser/v2@v2.15.0
"$tools/goreleaser" check

echo "== from the archive, without Go"
here="$(go env GOOS)_$(go env GOARCH)"
mkdir -p "$scratch/home/.cursor" "$scratch/home/.codex"
tar -C "$scratch" -xzf "dist/vpsnet-mcp_${version}_$here.tar.gz" vpsnet-mcp
bare=(env -i HOME="$scratch/home" PATH=/usr/bin:/bin)
"${bare[@]}" "$scratch/vpsnet-mcp" version
"${bare[@]}" "$scratch/vpsnet-mcp" setup --sandbox --yes >/dev/null
command=$(sed -n 's/.*"command": "\(.*\)",/\1/p' "$scratch/home/.cursor/mcp.json")
hello='{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}'
echo "$hello" | "${bare[@]}" "$command" --sandbox --toolsets operate 2>/dev/null | grep -q '"serverInfo"'
! ldd "$scratch/vpsnet-mcp" 2>/dev/null | grep -q '=>' || { echo "not static"; exit 1; }
echo "dist: good"

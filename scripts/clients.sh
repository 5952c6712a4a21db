#!/usr/bin/env bash
# Clients that this project did not write, over every transport: the MCP Inspector
# CLI, the TypeScript SDKs v1 and v2, which also open pages for their person. (The
# Go SDK runs in the Go tests.)
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
node_folder "$scratch/clients" @modelcontextprotocol/inspector@2.12.0 @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0
cp scripts/clients/*.mjs "$scratch/clients/"
bin="$scratch/vpsnet-mcp"
go build -o "$bin" .
cd "$scratch/clients"

pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true' EXIT
fresh() { # a server with a sandbox of its own
	[ -z "$pid" ] || { kill "$pid" && wait "$pid" 2>/dev/null || true; }
	serve "$bin" --sandbox --transport http,sse --log-level error --consent "${1:-code}"
}

inspect() { timeout 60 npx --no-install mcp-inspector --cli "$@" >/dev/null; }
inspect "$bin" --sandbox --log-level error --method tools/list --strict
inspect "$bin" --sandbox --log-level error --method tools/call --tool-name get_cloud_server --tool-arg server_id=web01
echo "Inspector, stdio: ok"
fresh
for era in legacy modern; do
	inspect --server-url "$url/mcp" --header "Authorization: Bearer $token" --protocol-era "$era" --method tools/list --strict
	inspect --server-url "$url/mcp" --header "Authorization: Bearer $token" --protocol-era "$era" --method tools/call --tool-name get_cloud_server --tool-arg server_id=web01
	echo "Inspector, http, $era: ok"
done
inspect --server-url "$url/sse" --transport sse --header "Authorization: Bearer $token" --method tools/list
echo "Inspector, sse: ok"
inspect --server-url "$url/mcp" --header "Authorization: Bearer $token" --advertise-apps --app-info --method tools/call --tool-name delete_cloud_server --tool-arg server_id=web01
echo "Inspector, the app of a plan: ok"

for client in "v1.mjs default" "v2.mjs default" "v2.mjs auto"; do
	read -r file mode <<<"$client"
	timeout 60 node "$file" stdio "$bin" "" "$mode"
	fresh
	timeout 60 node "$file" http "$url" "$token" "$mode"
	fresh
	timeout 60 node "$file" sse "$url" "$token" "$mode"
done
for client in "v1 default" "v2 default" "v2 auto"; do
	fresh person
	# shellcheck disable=SC2086
	timeout 60 node links.mjs "$url" "$token" "$person" $client
done

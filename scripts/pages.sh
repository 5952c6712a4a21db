#!/usr/bin/env bash
# The pages in a real browser (Debian's Chromium), at phone and desktop width: their
# text, that they load nothing from elsewhere, and a plan from its notice to what was
# done: approved by the caller's person and by another approver, declined, and run out.
# Then the app that shows a plan, in a host of its own. SHOTS=DIR keeps pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
node_folder "$scratch/pages" playwright-core@1.64.1
cp scripts/pages/*.mjs "$scratch/pages/"
bin="$scratch/vpsnet-mcp"
go build -o "$bin" .
new() { # makes a token, and its entry of the file
	"$bin" token new "$@" --tokens "$scratch/tokens.yaml" | grep -o 'vpsnet_[A-Za-z0-9_]*' | head -1
}
owner=$(new owner --scopes all --approvers olga)
signs=$(new owner --person) # serve sets person
other=$(new olga --person)
hook=$((RANDOM % 1000 + 30000)) # below the ports that the system gives to connections
export VPSNET_NOTIFY="http://127.0.0.1:$hook/hook"
state=$(mktemp -d "$scratch/state.XXXX")
serve "$bin" --sandbox --transport http,sse --log-level error --tokens "$scratch/tokens.yaml" --state-dir "$state"
trap 'kill "$pid" 2>/dev/null || true' EXIT
cd "$scratch/pages"
SHOTS=${SHOTS:-} timeout 90 node pages.mjs "$url" "$owner" "$signs" "$other" "$hook" "$state"
kill "$pid" && wait "$pid" 2>/dev/null || true
serve "$bin" --sandbox --transport http,sse --log-level error --tokens "$scratch/tokens.yaml" # with the servers that are deleted above
SHOTS=${SHOTS:-} timeout 90 node app.mjs "$url" "$owner"

#!/usr/bin/env bash
# The pages in a real browser (Debian's Chromium), at phone and desktop width: their
# text, that they load nothing from elsewhere, and a plan approved and declined on
# them. SHOTS=DIR keeps pictures.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
node_folder "$scratch/pages" playwright-core@1.64.1
cp scripts/pages/*.mjs "$scratch/pages/"
bin="$scratch/vpsnet-mcp"
go build -o "$bin" .
serve "$bin" --sandbox --transport http,sse --log-level error
trap 'kill "$pid" 2>/dev/null || true' EXIT
cd "$scratch/pages"
SHOTS=${SHOTS:-} timeout 90 node pages.mjs "$url" "$token" "$person"

#!/usr/bin/env bash
# Fails where the program as released is larger than its ceiling, or takes more memory to start over stdio and list
# its tools: the least of three starts, as other work on the machine delays the garbage collector.
set -euo pipefail
cd "$(dirname "$0")/.."
most_bytes=${MOST_BYTES:-41000000}
most_kb=${MOST_KB:-32768} # of resident memory, at its peak
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$scratch/vpsnet-mcp" .
bytes=$(wc -c <"$scratch/vpsnet-mcp")
mkfifo "$scratch/in"
# measure starts the program and sets kb, its peak of resident memory.
measure() {
	: >"$scratch/out"
	HOME=$scratch "$scratch/vpsnet-mcp" --sandbox <"$scratch/in" >"$scratch/out" 2>/dev/null &
	pid=$!
	exec 3>"$scratch/in"
	echo '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"ceilings","version":"1"}}}' >&3
	echo '{"jsonrpc":"2.0","method":"notifications/initialized"}' >&3
	echo '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' >&3
	for _ in $(seq 100); do
		grep -q '"id":2' "$scratch/out" && break
		sleep 0.1
	done
	grep -q '"id":2' "$scratch/out" || { echo "no list of tools within 10 s"; kill "$pid"; exit 1; }
	kb=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")
	exec 3>&-
	wait "$pid" || true
}
least=
for _ in 1 2 3; do
	measure
	[ -n "$least" ] && [ "$least" -le "$kb" ] || least=$kb
done
echo "binary $bytes bytes (at most $most_bytes); peak RSS with the first list $least kB (at most $most_kb)"
[ "$bytes" -le "$most_bytes" ] && [ "$least" -le "$most_kb" ]

#!/usr/bin/env bash
# Fails where the program as released is larger than its ceiling, or takes more memory to start over stdio, or to start
# and list its tools: the least of three starts, as other work on the machine delays the garbage collector.
set -euo pipefail
cd "$(dirname "$0")/.."
most_bytes=${MOST_BYTES:-30000000}
most_start_kb=${MOST_START_KB:-24576} # of resident memory, at its peak until initialize is answered
most_list_kb=${MOST_LIST_KB:-28672}   # and until the tools are listed
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$scratch/vpsnet-mcp" .
bytes=$(wc -c <"$scratch/vpsnet-mcp")
mkfifo "$scratch/in"
# await waits for the answer to a request.
await() {
	for _ in $(seq 100); do
		grep -q "\"id\":$1" "$scratch/out" && return
		sleep 0.1
	done
	echo "no answer to request $1 within 10 s"
	kill "$pid"
	exit 1
}
# peak prints the program's peak of resident memory, in kB.
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"; }
# measure starts the program and sets start_kb and list_kb.
measure() {
	: >"$scratch/out"
	HOME=$scratch "$scratch/vpsnet-mcp" --sandbox <"$scratch/in" >"$scratch/out" 2>/dev/null &
	pid=$!
	exec 3>"$scratch/in"
	echo '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"ceilings","version":"1"}}}' >&3
	await 1
	start_kb=$(peak)
	echo '{"jsonrpc":"2.0","method":"notifications/initialized"}' >&3
	echo '{"jsonrpc":"2.0","id":2,"method":"tools/list"}' >&3
	await 2
	list_kb=$(peak)
	exec 3>&-
	wait "$pid" || true
}
least_start=
least_list=
for _ in 1 2 3; do
	measure
	[ -n "$least_start" ] && [ "$least_start" -le "$start_kb" ] || least_start=$start_kb
	[ -n "$least_list" ] && [ "$least_list" -le "$list_kb" ] || least_list=$list_kb
done
echo "binary $bytes bytes (at most $most_bytes); peak RSS at start $least_start kB (at most $most_start_kb), with the first list $least_list kB (at most $most_list_kb)"
[ "$bytes" -le "$most_bytes" ] && [ "$least_start" -le "$most_start_kb" ] && [ "$least_list" -le "$most_list_kb" ]

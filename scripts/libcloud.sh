#!/usr/bin/env bash
# The sandbox against a public VPS.NET program: Debian's python3-libcloud.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
go build -o "$work/vpsnet-mcp" .
"$work/vpsnet-mcp" sandbox --listen 127.0.0.1:0 2>"$work/log" &
pid=$!
trap 'kill $pid 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 50); do
	port=$(grep -om1 '127\.0\.0\.1:[0-9]*' "$work/log" | head -1 | cut -d: -f2 || true)
	[ -n "$port" ] && break
	sleep 0.1
done
timeout 60 /usr/bin/python3 scripts/drive_libcloud.py 127.0.0.1 "$port"

#!/usr/bin/env bash
# Runs each fuzz target of the module for a while: FUZZTIME (10s unless it says
# otherwise), or only those whose name has the argument in it.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${FUZZTIME:-10s}
list=$(go test -list '^Fuzz' ./... | awk '
	/^Fuzz/ { names[n++] = $1 }
	/^ok/ { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }')
[ -n "$list" ] || { echo "no fuzz targets"; exit 1; }
while read -r package target; do
	[[ $target == *"${1:-}"* ]] || continue
	printf '%s %s, %s\n' "$package" "$target" "$time"
	go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x
done <<<"$list"

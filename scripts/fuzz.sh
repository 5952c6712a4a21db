#!/usr/bin/env bash
# Runs each fuzz target of the module for a while: FUZZTIME (10s unless it says
# otherwise), or only those whose name has the argument in it. The targets are
# found by listing them, so that none can be forgotten.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${FUZZTIME:-10s}
list=$(go test -list '^Fuzz' ./... | awk '
	/^Fuzz/ { names[n++] = $1 }
	/^ok/ { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }')
[ -n "$list" ] || { echo "no fuzz targets"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
while read -r package target; do
	[[ $target == *"${1:-}"* ]] || continue
	if ! go test "$package" -run '^$' -fuzz "^$target\$" -fuzztime "$time" -fuzzminimizetime 20x >"$log" 2>&1; then
		cat "$log"
		exit 1
	fi
	printf '%s.%s, %s: %s inputs\n' "${package##*/}" "$target" "$time" "$(grep -o 'execs: [0-9]*' "$log" | tail -1 | cut -d' ' -f2)"
done <<<"$list"

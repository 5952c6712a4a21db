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
# fuzzed PACKAGE TARGET leaves its output in the log.
fuzzed() { go test "$1" -run '^$' -fuzz "^$2\$" -fuzztime "$time" -fuzzminimizetime 20x >"$log" 2>&1; }
# unlucky: the time ran out in a moment that Go 1.26 takes for a failure (its issue
# 75804, mended in 1.27); a finding has more to say.
unlucky() { grep -qx ' *context deadline exceeded' "$log" && ! grep -qE 'Failing input|panic|_test\.go' "$log"; }
while read -r package target; do
	[[ $target == *"${1:-}"* ]] || continue
	if ! fuzzed "$package" "$target" && { ! unlucky || ! fuzzed "$package" "$target"; }; then
		cat "$log"
		exit 1
	fi
	inputs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$log" | tail -1)
	printf '%s.%s, %s: %s inputs\n' "${package##*/}" "$target" "$time" "${inputs:-no time for more than its corpus, 0}"
done <<<"$list"

#!/usr/bin/env bash
# Runs each fuzz target of the module for a while: FUZZTIME (10s unless it says
# otherwise), or only those whose name has the argument in it. The targets are
# found by listing them, so that none can be forgotten. With GUIDED=no inputs are
# not chosen by what they reach: in a few seconds, which the larger targets need to
# measure what their corpus reaches, that tries more of them.
set -euo pipefail
cd "$(dirname "$0")/.."

time=${FUZZTIME:-10s}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
corpora=$(go env GOCACHE)/fuzz
export time scratch corpora
guided=(-fuzz=Fuzz)
[ "${GUIDED:-yes}" = yes ] || guided=()
# A target is a folder, the test program of that folder's package, and a name.
mapfile -t folders < <(git grep -l '^func Fuzz' -- '*_test.go' | xargs -n 1 dirname | sort -u)
targets=()
for folder in "${folders[@]}"; do
	program=$scratch/${folder//\//.}
	go test -c -vet=off "${guided[@]}" -o "$program" "./$folder"
	mapfile -t names < <("$program" -test.list '^Fuzz')
	for name in "${names[@]}"; do targets+=("$folder $program $name"); done
done
[ "${#targets[@]}" -gt 0 ] || { echo "no fuzz targets"; exit 1; }
# fuzzed FOLDER PROGRAM TARGET leaves its output in the target's log.
fuzzed() {
	(cd "$1" && "$2" -test.run '^$' -test.fuzz "^$3\$" -test.fuzztime "$time" -test.fuzzminimizetime 20x -test.parallel 1 -test.fuzzcachedir "$corpora/$1") \
		>"$scratch/$3.log" 2>&1
}
# unlucky TARGET: the time ran out in a moment that Go 1.26 takes for a failure (its issue
# 75804, mended in 1.27); a finding has more to say.
unlucky() { grep -qx ' *context deadline exceeded' "$scratch/$1.log" && ! grep -qE 'Failing input|panic|_test\.go' "$scratch/$1.log"; }
# fuzz FOLDER PROGRAM TARGET tells how it went; 255 ends the others.
fuzz() {
	if ! fuzzed "$@" && { ! unlucky "$3" || ! fuzzed "$@"; }; then
		cat "$scratch/$3.log"
		exit 255
	fi
	local inputs
	inputs=$(sed -n 's/.*execs: \([0-9]*\).*/\1/p' "$scratch/$3.log" | tail -1)
	printf '%s.%s, %s: %s inputs\n' "${1##*/}" "$3" "$time" "${inputs:-no time for more than its corpus, 0}"
}
export -f fuzzed unlucky fuzz
# A target a core, each of which settles on one.
printf '%s\n' "${targets[@]}" | grep "${1:-Fuzz}[^ ]*$" | xargs -P "$(nproc)" -L 1 bash -c 'fuzz "$@"' fuzz

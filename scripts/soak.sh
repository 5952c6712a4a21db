#!/usr/bin/env bash
# Runs the real binary under load and faults for a while (the first argument, 2m
# unless it says otherwise), and holds what callers were told against the journal
# and the sandbox's ledger. A second argument is the page that gets the figures.
set -euo pipefail
cd "$(dirname "$0")/.."

length=${1:-2m}
page=${2:+$PWD/$2}
go test ./internal/soak -count=1 -v -run '^TestSoak$' -timeout 0 -soak "$length" ${page:+-soak-report "$page"}

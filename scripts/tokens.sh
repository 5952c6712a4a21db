#!/usr/bin/env bash
# Counts what a model is given, in tokens of o200k_base: the published tools (name,
# description, input schema), and answers about an account of 500 servers. Fails
# where a count passes its bound or a page shows another; UPDATE=1 writes the pages.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
node_folder "$scratch/tokens" gpt-tokenizer@3.4.0
go run ./bench/words "$scratch/tokens/words.json"
cp scripts/tokens.mjs "$scratch/tokens/"
export ROOT=$PWD
cd "$scratch/tokens" && node tokens.mjs

#!/usr/bin/env bash
# Gives this module the path under which it is published, so that
# `go install MODULE@latest` and `go get MODULE/vpsapi` find it.
set -euo pipefail
cd "$(dirname "$0")/.."
new=${1:-}
if ! [[ $new =~ ^[a-z0-9-]+(\.[a-z0-9-]+)+(/[A-Za-z0-9._~-]+)+$ ]]; then
	echo "usage: make module MODULE=github.com/owner/name" >&2
	exit 2
fi
old=$(go list -m)
[ "$new" != "$old" ] || exit 0

# Only the folders of the module: "vpsnet-mcp/" is also the program's name for the service.
folders=$(find . -name '*.go' -path './*/*' | cut -d/ -f2 | sort -u | paste -sd '|')
old_pattern=${old//./\\.}
find . -name '*.go' -exec sed -i -E "s#\"$old_pattern/($folders)([/\"])#\"$new/\1\2#g" {} +
find . -name '*.md' -not -name CHANGELOG.md -exec sed -i -E "s#(^|[^/A-Za-z0-9._-])$old_pattern/($folders)\b#\1$new/\2#g" {} +
sed -i -E "s#(^|[^/A-Za-z0-9._-])$old_pattern(/($folders)|, desc)#\1$new\2#g" .golangci.yml
go mod edit -module "$new"
(cd deploy/check && go mod edit -module "$new/deploy/check")
gofmt -w $(find . -name '*.go' -not -path '*/testdata/*')
echo "The module is $new. Publish a tag, and: go install $new@latest"

#!/usr/bin/env bash
# The binary of the Dockerfile in an empty root: it starts there, answers, and knows
# CA roots and time zones without a file of either.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
CGO_ENABLED=0 go build -tags container,timetzdata -trimpath -ldflags "-s -w" -o "$root/vpsnet-mcp" .
into=(chroot "$root")
[ "$(id -u)" = 0 ] || into=(unshare --map-root-user chroot "$root")
env -i PATH="$PATH" "${into[@]}" /vpsnet-mcp call get_cloud_server server_id=web01 --sandbox | grep -q web01
cat >"$root/policy.yaml" <<'Y'
rules:
  - {action: deny, tools: [delete_*], hours: {from: "00:00", to: "00:01", zone: Europe/Berlin}}
Y
env -i PATH="$PATH" "${into[@]}" /vpsnet-mcp policy check /policy.yaml | grep -q good
built=$(go list -deps -tags container,timetzdata .)
for package in golang.org/x/crypto/x509roots/fallback time/tzdata; do
	grep -qx "$package" <<<"$built" || { echo "$package is not built in"; exit 1; }
done
echo "static: starts in an empty root of $(du -h "$root/vpsnet-mcp" | cut -f1), with time zones and roots"

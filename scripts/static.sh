#!/usr/bin/env bash
# The binary of a release, which is the container's, in an empty root: it starts there, answers, knows CA
# roots and time zones without a file of either, and speaks TLS to a service whose CA
# it is given and to no other. Then what the containers of docs/hosting.md and deploy/
# start, by scripts/container.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$(mktemp -d) tls=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$root" "$tls"' EXIT
CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o "$root/vpsnet-mcp" .
into=(chroot "$root")
[ "$(id -u)" = 0 ] || into=(unshare --map-root-user chroot "$root")
inside() { env -i PATH="$PATH" "$@"; }
inside "${into[@]}" /vpsnet-mcp call get_cloud_server server_id=web01 --sandbox | grep web01 >/dev/null
cat >"$root/policy.yaml" <<'Y'
rules:
  - {action: deny, tools: [delete_*], hours: {from: "00:00", to: "00:01", zone: Europe/Berlin}}
Y
inside "${into[@]}" /vpsnet-mcp policy check /policy.yaml | grep valid >/dev/null
built=$(go list -deps .)
for package in golang.org/x/crypto/x509roots/fallback/bundle time/tzdata; do
	grep -qx "$package" <<<"$built" || { echo "$package is not built in"; exit 1; }
done
echo "static: starts in an empty root of $(du -h "$root/vpsnet-mcp" | cut -f1), with time zones and roots"

# The roots that are built in, asked in the empty root itself.
CGO_ENABLED=0 go test -c -o "$root/roots.test" ./internal/roots
mkdir "$root/tmp"
said=$(inside "${into[@]}" /roots.test -test.run '^TestRootsInAnEmptyRoot$' -test.v)
grep -q -- '--- PASS: TestRootsInAnEmptyRoot' <<<"$said" || { echo "$said"; exit 1; }
echo "static: the roots load where there is no file of them"

# A sandbox behind TLS, its certificate by a CA of this run.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=a CA of this run" -keyout "$tls/ca.key" -out "$root/ca.pem" 2>/dev/null
openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=127.0.0.1" -keyout "$tls/key.pem" -out "$tls/request.pem" 2>/dev/null
openssl x509 -req -in "$tls/request.pem" -CA "$root/ca.pem" -CAkey "$tls/ca.key" -CAcreateserial -days 2 -extfile <(echo "subjectAltName=IP:127.0.0.1") -out "$tls/cert.pem" 2>/dev/null
"$root/vpsnet-mcp" sandbox --listen 127.0.0.1:0 2>"$tls/sandbox.log" &
pids+=($!)
for _ in $(seq 100); do
	box=$(grep -o 'sandbox at http://[0-9.:]*' "$tls/sandbox.log" | cut -d/ -f3 || true)
	[ -n "$box" ] && break
	sleep 0.1
done
port=$((RANDOM % 1000 + 31000)) # below those that the system gives to connections
cat >"$tls/nginx.conf" <<CONF
daemon off; pid $tls/nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 64; }
http {
	access_log off; client_body_temp_path $tls/b; proxy_temp_path $tls/p; fastcgi_temp_path $tls/f; uwsgi_temp_path $tls/u; scgi_temp_path $tls/s;
	server { listen 127.0.0.1:$port ssl; ssl_certificate $tls/cert.pem; ssl_certificate_key $tls/key.pem; location / { proxy_pass http://$box; } }
}
CONF
"$(command -v nginx || echo /usr/sbin/nginx)" -c "$tls/nginx.conf" &
pids+=($!)
for _ in $(seq 100); do
	curl -s -o /dev/null --cacert "$root/ca.pem" "https://127.0.0.1:$port/" && break
	sleep 0.1
done
over=(VPSNET_API_URL="https://127.0.0.1:$port" VPSNET_EMAIL=sandbox@vps.net VPSNET_API_KEY=sandbox VPSNET_STATE_DIR=/tmp)
inside "${over[@]}" SSL_CERT_FILE=/ca.pem "${into[@]}" /vpsnet-mcp call get_cloud_server server_id=web01 | grep web01 >/dev/null
if said=$(inside "${over[@]}" "${into[@]}" /vpsnet-mcp call get_cloud_server server_id=web01 2>&1); then
	echo "it believed a CA that it was not given: $said"
	exit 1
fi
grep -q "unknown authority" <<<"$said" || { echo "without the CA it said: $said"; exit 1; }
echo "static: TLS to a service whose CA is given by SSL_CERT_FILE, and to no other"

as_root=()
[ "$(id -u)" = 0 ] || as_root=(sudo)
if ! "${as_root[@]}" unshare --net true 2>/dev/null; then
	echo "static: NOT RUN: the containers' arguments (scripts/container.sh) need a network of their own, which this machine does not give"
	exit 0
fi
inside "${as_root[@]}" unshare --net bash scripts/container.sh "$root/vpsnet-mcp"

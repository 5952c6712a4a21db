#!/usr/bin/env bash
# Stock nginx (Debian) in front of a loopback server: a stranger through a proxy is
# refused, and a whole conversation over SSE and streamable HTTP goes through.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/node.sh
. scripts/node.sh
scratch=${SCRATCH:-$(mktemp -d)}
node_folder "$scratch/clients" @modelcontextprotocol/inspector@2.12.0 @modelcontextprotocol/sdk@1.32.2 @modelcontextprotocol/client@2.4.0
cp scripts/clients/*.mjs "$scratch/clients/"
bin="$scratch/vpsnet-mcp"
go build -o "$bin" .
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true' EXIT

front() { # nginx on $port before the server at $address
	port=$((RANDOM % 1000 + 29000)) # below those that the system gives to connections
	sed -e "s/listen 8080;.*/listen 127.0.0.1:$port;/" -e "s/127\.0\.0\.1:808[12]/$address/" deploy/nginx.conf >"$scratch/site.conf"
	cat >"$scratch/nginx.conf" <<-CONF
		daemon off; pid $scratch/nginx.pid; error_log stderr warn; worker_processes 1;
		events { worker_connections 256; }
		http { access_log off; client_body_temp_path $scratch/b; proxy_temp_path $scratch/p; fastcgi_temp_path $scratch/f; uwsgi_temp_path $scratch/u; scgi_temp_path $scratch/s; include $scratch/site.conf; }
	CONF
	"$(command -v nginx || echo /usr/sbin/nginx)" -c "$scratch/nginx.conf" &
	pids+=($!)
	for _ in $(seq 50); do
		curl -s -o /dev/null "http://127.0.0.1:$port/healthz" && break
		sleep 0.1
	done
}

# A server whose operator configured no callers: its own token, and 401 for all others.
serve "$bin" --sandbox --transport http,sse --log-level error --consent code
pids+=("$pid")
front
code=$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d '{}' "http://127.0.0.1:$port/mcp")
[ "$code" = 401 ] || { echo "a stranger through nginx got $code, not 401"; exit 1; }
echo "nginx: a stranger gets 401"
(cd "$scratch/clients" && timeout 60 node v1.mjs http "http://127.0.0.1:$port" "$token")
kill "${pids[@]}" && wait "${pids[@]}" 2>/dev/null || true
pids=()

serve "$bin" --sandbox --transport http,sse --log-level error --consent code
pids+=("$pid")
front
(cd "$scratch/clients" && timeout 60 node v1.mjs sse "http://127.0.0.1:$port" "$token")
(cd "$scratch/clients" && timeout 60 node v2.mjs sse "http://127.0.0.1:$port" "$token" auto)
kill "${pids[@]}" && wait "${pids[@]}" 2>/dev/null || true
pids=()

# Without authentication nothing that was forwarded passes.
serve "$bin" --sandbox --transport http --no-auth --log-level error
pids+=("$pid")
front
code=$(curl -s -o /dev/null -w '%{http_code}' -X POST -H 'Content-Type: application/json' -d '{}' "http://127.0.0.1:$port/mcp")
[ "$code" = 403 ] || { echo "no-auth through nginx got $code, not 403"; exit 1; }
echo "nginx: no-auth takes no forwarded request"

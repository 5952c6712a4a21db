#!/usr/bin/env bash
# Follows docs/hosting.md in a scratch directory, from nothing to two replicas behind
# nginx with TLS, callers, policy, metrics and traces: each command and file is taken
# from the page. Only ports, the address of Redis, the directory and the accounts'
# e-mail addresses are replaced, and the service is a sandbox. Then what the units in
# deploy/ start, with the page's files.
set -euo pipefail
cd "$(dirname "$0")/.."
page=$PWD/docs/hosting.md site=$PWD/deploy/nginx.conf
scratch=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
go build -o "$scratch/bin/vpsnet-mcp" .
export PATH="$scratch/bin:$PATH" HOME="$scratch" XDG_CONFIG_HOME="$scratch/config" XDG_STATE_HOME="$scratch/state"
for name in $(env | grep -o '^VPSNET_[A-Z_]*\|^OTEL_[A-Z_]*' || true); do unset "$name"; done
cd "$scratch"

fail() { echo "hosting: $*" >&2; exit 1; }
has() { grep "$@" >/dev/null; } # reads all: a program that writes on is not a failure
# block LANGUAGE WORD is the page's block of that language that has the word.
block() {
	awk -v start="\`\`\`$1" -v word="$2" '$0 == start {on = 1; text = ""; next} on && $0 == "```" {on = 0; if (index(text, word)) {printf "%s", text; found = 1; exit}} on {text = text $0 "\n"} END {exit !found}' "$page" ||
		fail "the page has no $1 block with $2"
}
base=$((RANDOM % 450 * 20 + 20000)) # metrics are at 10 to 12 above it; below the ports that the system gives to connections
moved() { # the page's addresses are this run's
	sed -e "s/0\.0\.0\.0:8443/127.0.0.1:$base/; s/127\.0\.0\.1:8081/127.0.0.1:$((base + 1))/; s/127\.0\.0\.1:8082/127.0.0.1:$((base + 2))/" \
		-e "s/127\.0\.0\.1:909\([0-2]\)/127.0.0.1:$((base / 10 + 1))\1/; s/redis\.example\.com:6379/127.0.0.1:$((base + 3))/; s/rediss:/redis:/" \
		-e "s#/etc/vpsnet-mcp/#$scratch/hosted/#; s#/etc/nginx/#$scratch/hosted/#g; s/listen 443 ssl/listen 127.0.0.1:$((base + 4)) ssl/"
}
up() { # waits for an address to answer
	for _ in $(seq 100); do
		curl -s -o /dev/null "${@}" && return
		sleep 0.1
	done
	fail "nothing answers: $* $(tail -5 serve.log)"
}
serves() { # the page's command, its lines joined, in the background
	local line
	line=$(moved <<<"$1")
	eval "exec $line --log-level error" 2>>serve.log &
	pids+=($!)
}

eval "$(block sh 'mkdir -p hosted')"

# Callers, accounts, policy, certificate.
tokens=()
while read -r line; do
	eval "$line" >token.out
	case $line in *--person*) ;; *) tokens+=("$(grep -o 'vpsnet_[A-Z0-9]*' token.out)") ;; esac
done < <(block sh 'token new anna')
token=${tokens[0]}
vpsnet-mcp sandbox --listen "127.0.0.1:$((base + 6))" 2>/dev/null &
pids+=($!)
export VPSNET_API_URL="http://127.0.0.1:$((base + 6))"
echo sandbox >main.key && echo sandbox >lab.key && chmod 600 main.key lab.key
{
	echo "api_url: $VPSNET_API_URL"
	block yaml 'accounts:' | sed 's/[a-z]*@example.com/sandbox@vps.net/'
} >accounts.yaml && chmod 600 accounts.yaml
block yaml 'protect:' >policy.yaml
vpsnet-mcp policy check policy.yaml | has valid || fail "the page's policy is not good"
grep -qF 'vpsnet-mcp policy explain delete_cloud_server server_id=web01' "$page" || fail "the page explains another call"
vpsnet-mcp policy explain delete_cloud_server server_id=web01 --policy policy.yaml --sandbox | has -i delete || fail "policy explain"
eval "$(block sh 'openssl req -x509')" 2>/dev/null
[ -s cert.pem ] || fail "no certificate"

ask() { # PORT TOOL ARGUMENTS: the answer of a call over TLS, as Anna
	curl -sS --cacert ca.pem --resolve "mcp.example.com:$1:127.0.0.1" "https://mcp.example.com:$1/mcp" -H "Authorization: Bearer $token" \
		-H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' -H 'Mcp-Protocol-Version: 2025-11-25' \
		-d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$2"'","arguments":'"$3"'}}'
}

# One server with TLS of its own.
serves "$(block sh 'vpsnet-mcp --transport http,sse --listen 0.0.0.0:8443' | tr -d '\\\n')"
up --cacert ca.pem --resolve "mcp.example.com:$base:127.0.0.1" "https://mcp.example.com:$base/healthz"
ask "$base" list_cloud_servers '{}' | has web01 || fail "one server: $(ask "$base" list_cloud_servers '{}') $(cat serve.log)"
for token in "${tokens[@]}"; do # each of the page's callers has an account
	ask "$base" list_cloud_servers '{}' | has web01 || fail "a caller of the page: $(ask "$base" list_cloud_servers '{}')"
done
token=${tokens[0]}
ask "$base" delete_cloud_server '{"server_id":"web01"}' | has 'approve/\|policy' || fail "one server deletes unasked"
grep -q '"tool":"list_cloud_servers"' audit.jsonl || fail "no audit"
curl -sS --cacert ca.pem --resolve "mcp.example.com:$base:127.0.0.1" "https://mcp.example.com:$base/" | has mcp.example.com || fail "the page at / does not show how"
echo "hosting: one server with TLS, callers, accounts, policy and audit"

# Two replicas, with metrics and traces, behind nginx.
command -v redis-server >/dev/null || { echo "hosting: no redis-server on this machine (Debian's redis-server)"; exit 1; }
redis-server --port $((base + 3)) --bind 127.0.0.1 --requirepass password --appendonly yes --save '' --dir "$PWD" >/dev/null &
redis=$!
pids+=($redis)
pair=$(block sh 'export VPSNET_REDIS')
eval "$(moved <<<"$(grep 'openssl rand\|^export' <<<"$pair")")"
python3 - "$((base + 5))" traces.bin <<'P' &
import http.server, sys
class Keep(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        open(sys.argv[2], "ab").write(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200); self.end_headers()
    def do_GET(self):
        self.send_response(200); self.end_headers()
    def log_message(self, *a): pass
http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Keep).serve_forever()
P
pids+=($!)
up "http://127.0.0.1:$((base + 5))/"
export OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$((base + 5))" OTEL_BSP_SCHEDULE_DELAY=100
while read -r line; do serves "$line"; done < <(grep -v 'openssl rand\|^export' <<<"$pair" | sed -e ':a' -e '/\\$/N; s/\\\n *//; ta')
listen=$(block nginx 'listen 443 ssl')
sed -e "s|listen 8080;.*|$listen|" "$site" | moved >site.conf
cat >nginx.conf <<CONF
daemon off; pid $PWD/nginx.pid; error_log stderr warn; worker_processes 1;
events { worker_connections 256; }
http { access_log off; client_body_temp_path $PWD/n1; proxy_temp_path $PWD/n2; fastcgi_temp_path $PWD/n3; uwsgi_temp_path $PWD/n4; scgi_temp_path $PWD/n5; include $PWD/site.conf; }
CONF
up "http://127.0.0.1:$((base + 1))/readyz" && up "http://127.0.0.1:$((base + 2))/readyz"
"$(command -v nginx || echo /usr/sbin/nginx)" -c "$PWD/nginx.conf" &
pids+=($!)
front=$((base + 4))
up --cacert ca.pem --resolve "mcp.example.com:$front:127.0.0.1" "https://mcp.example.com:$front/healthz"
for _ in 1 2 3 4; do ask "$front" list_cloud_servers '{}' | has web01 || fail "two replicas: $(ask "$front" list_cloud_servers '{}') $(cat serve.log)"; done
curl -fs "http://127.0.0.1:$((base / 10 + 1))1/metrics" >metrics.out && curl -fs "http://127.0.0.1:$((base / 10 + 1))2/metrics" >>metrics.out
for metric in $(grep -o '^| `vpsnet_[a-z_]*`' "$page" | tr -d '|` '); do
	case $metric in vpsnet_consents_total | vpsnet_refused_total | vpsnet_api_retries_total | vpsnet_api_breaker_total) continue ;; esac # there was none yet
	grep -q "^$metric" metrics.out || fail "no metric $metric"
done
for _ in $(seq 50); do
	grep -aq 'tools/call list_cloud_servers' traces.bin 2>/dev/null && break
	sleep 0.1
done
grep -aq 'tools/call list_cloud_servers' traces.bin || fail "no traces"
echo "hosting: two replicas behind nginx with TLS, Redis, metrics and traces"

# What the units start, with the credentials that systemd would hand in, as a user
# who can read nothing else, asked as nginx asks.
for pid in "${pids[@]}"; do
	[ "$pid" = "$redis" ] || { kill "$pid" && wait "$pid" || true; }
done
pids=("$redis")
chmod 711 "$scratch"
nobody=(setpriv --reuid=65532 --regid=65532 --clear-groups) own=(-o 65532 -g 65532)
[ "$(id -u)" = 0 ] || nobody=() own=()
unit() { # FILE INSTANCE PORT [NAME=VALUE]
	local file credentials=$scratch/credentials.$1$2 state=$scratch/state.$1$2 to from words answer
	file=$(dirname "$site")/$1
	install -d -m 500 "${own[@]}" "$credentials"
	install -d -m 700 "${own[@]}" "$state"
	while IFS=: read -r to from; do
		install -m 400 "${own[@]}" "${from/#\/etc\/vpsnet-mcp/$scratch/hosted}" "$credentials/$to" || fail "$1 loads $from, which the page does not make"
	done < <(sed -n 's/^LoadCredential=//p' "$file")
	read -ra words < <(sed -n 's#^ExecStart=/usr/local/bin/##p' "$file" | sed "s/%i/$2/g" | moved)
	words=("${words[@]//'${CREDENTIALS_DIRECTORY}'/$credentials}")
	words=("${words[@]//'${STATE_DIRECTORY}'/$state}")
	(cd / && exec env -i PATH="$PATH" HOME=/ VPSNET_SANDBOX=true "${@:4}" "${nobody[@]}" "${words[@]}") 2>>serve.log &
	pids+=($!)
	up "http://127.0.0.1:$3/healthz"
	answer=$(curl -sS "http://127.0.0.1:$3/mcp" -H 'Host: mcp.example.com' -H 'X-Forwarded-For: 192.0.2.7' -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
		-H 'Accept: application/json, text/event-stream' -H 'Mcp-Protocol-Version: 2025-11-25' \
		-d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"list_cloud_servers","arguments":{}}}')
	has web01 <<<"$answer" || fail "$1 answers $answer"
}
unit vpsnet-mcp.service "" $((base + 1))
[ -s "$scratch/state.vpsnet-mcp.service/consent.key" ] || fail "vpsnet-mcp.service keeps its state elsewhere"
kill "${pids[-1]}" && wait "${pids[-1]}" || fail "vpsnet-mcp.service does not end well"
unset 'pids[-1]'
unit vpsnet-mcp@.service 1 $((base + 1)) "VPSNET_REDIS=$VPSNET_REDIS"
unit vpsnet-mcp@.service 2 $((base + 2)) "VPSNET_REDIS=$VPSNET_REDIS"
echo "hosting: the units' commands, as a user who can read their credentials alone"

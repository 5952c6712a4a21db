#!/usr/bin/env bash
# What the container of docs/hosting.md and those of deploy/compose.yaml and
# deploy/kubernetes.yaml start, as far as it goes without an engine: with exactly the
# arguments that stand there, as user 65532 without a home, in an empty root that it
# cannot write, with the page's files, against the sandbox and a Redis.
# scripts/static.sh runs it as root, in a network of its own.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$1
page=docs/hosting.md
scratch=$(mktemp -d)
pids=()
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
fail() { echo "container: $*" >&2; cat "$scratch/log" >&2; exit 1; }
touch "$scratch/log"

# The page's files.
made=$scratch/made
mkdir "$made"
"$program" token new anna --scopes all >"$scratch/token"
token=$(grep -o 'vpsnet_[A-Z0-9]*' "$scratch/token")
sed -n '/^tokens:/,$p' "$scratch/token" >"$made/tokens.yaml"
# block KEY prints the page's block of YAML that begins with that key.
block() { awk -v key="^$1:" '/^```/ {on = 0} /^```yaml/ {first = 1; next} first {on = $0 ~ key; first = 0} on' "$page"; }
block accounts >"$made/accounts.yaml"
block protect >"$made/policy.yaml"
for key in $(grep -o 'api_key_file: [^ }]*' "$made/accounts.yaml" | cut -d' ' -f2); do echo made-up >"$made/$key"; done
openssl rand -hex 32 >"$made/consent.key"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=mcp.example.com" -addext subjectAltName=DNS:mcp.example.com \
	-keyout "$made/key.pem" -out "$made/cert.pem" 2>/dev/null

# image makes an empty root as the Dockerfile does: the program, and what is nobody's.
image() {
	root=$scratch/$1
	mkdir -p "$root/etc"
	cp "$program" "$root/vpsnet-mcp"
	echo "127.0.0.1 redis redis.example.com" >"$root/etc/hosts" # an engine's
	for folder in $(sed -n 's/^COPY .*--chown=65532:65532 .* //p' Dockerfile); do install -d -o 65532 -g 65532 -m 700 "$root$folder"; done
}
# put OWNER MODE FOLDER NAME[=FILE] ... puts files of the page into the root.
put() {
	local owner=$1 mode=$2 folder=$3 file
	shift 3
	mkdir -p "$root$folder"
	for file in "$@"; do install -o "$owner" -g 65532 -m "$mode" "$made/${file#*=}" "$root$folder/${file%%=*}"; done
}
# run [NAME=VALUE ...] starts the program in the root with the arguments in args.
run() {
	env -i HOME=/ VPSNET_SANDBOX=true "$@" "$(command -v chroot)" --userspec=65532:65532 --groups=65532 "$root" /vpsnet-mcp "${args[@]}" >>"$scratch/log" 2>&1 &
	pids+=($!)
}
# end ends the program that was started last.
end() {
	kill "${pids[-1]}" && wait "${pids[-1]}" || fail "it does not end well"
	unset 'pids[-1]'
}
# ask HOW URL TOOL ARGUMENTS: a call as Anna; HOW are options of curl, word by word.
ask() {
	local how
	read -ra how <<<"$1"
	curl -sS "${how[@]}" "$2/mcp" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H 'Accept: application/json, text/event-stream' \
		-H 'Mcp-Protocol-Version: 2025-11-25' -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$3"'","arguments":'"$4"'}}'
}
# ready HOW URL waits until it is.
ready() {
	local how
	read -ra how <<<"$1"
	for _ in $(seq 100); do
		curl -fs "${how[@]}" -o /dev/null "$2/readyz" && return
		kill -0 "${pids[-1]}" 2>/dev/null || fail "it does not start: ${args[*]}"
		sleep 0.1
	done
	fail "it does not become ready: ${args[*]}"
}
# serves HOW URL: it becomes ready, and answers a call.
serves() {
	local answer
	ready "$1" "$2"
	answer=$(ask "$1" "$2" list_cloud_servers '{}')
	grep -q web01 <<<"$answer" || fail "${args[*]} answers $answer"
}
# listed FILE: the arguments of a YAML file's container; deploy/check holds that
# these are all.
listed() { mapfile -t args < <(sed -n 's/^ *- \(--.*\)$/\1/p' "$1"); }

ip link set lo up
tls="--cacert $made/cert.pem --resolve mcp.example.com:8443:127.0.0.1"

# The container of the page: options, image and arguments of its docker run.
read -ra words <<<"$(awk '/^docker run/ {on = 1} /^```/ {on = 0} on {sub(/\\$/, ""); print}' "$page" | tr '\n' ' ')"
set -- "${words[@]:2}"
env=() volumes=()
while [[ $1 == -* ]]; do
	case $1 in
	--read-only) shift ;;
	-e) env+=("$2") && shift 2 ;;
	-v) volumes+=("$2") && shift 2 ;;
	-p | --memory) shift 2 ;;
	*) fail "the page's docker run has $1, which this script does not know" ;;
	esac
done
shift
mapfile -t args < <(sed -n 's/^CMD //p' Dockerfile | jq -r '.[]')
[ ${#args[@]} -gt 0 ] || fail "the Dockerfile has no CMD"
image alone # no files
run "${env[@]}"
wait "${pids[-1]}" && fail "it starts without its files"
grep -q '/etc/vpsnet-mcp/.*: no such file' "$scratch/log" || fail "without its files it does not say which it needs"
unset 'pids[-1]'
[ $# = 0 ] || args=("$@")
image page
put 65532 400 /etc/vpsnet-mcp $(cd "$made" && ls)
for volume in "${volumes[@]}"; do [ -d "$root$(cut -d: -f2 <<<"$volume")" ] || fail "nothing is where the page mounts $volume"; done
run "${env[@]}" VPSNET_SANDBOX=false # as it is meant: with the page's accounts alone
ready "$tls" https://mcp.example.com:8443
end
run "${env[@]}"
serves "$tls" https://mcp.example.com:8443
ask "$tls" https://mcp.example.com:8443 create_domain '{"name":"kept.example.com","ip_address":"192.0.2.1"}' | grep Done >/dev/null || fail "no change"
end
run "${env[@]}"
serves "$tls" https://mcp.example.com:8443
ask "$tls" https://mcp.example.com:8443 history '{}' | grep kept.example.com >/dev/null || fail "the journal is not kept"
end
echo "container: the page's docker run starts as nobody, keeps its journal, and without files says which it needs"

# Compose: a replica behind the proxy's address, and its Redis.
redis-server --port 6379 --bind 127.0.0.1 --requirepass password --save '' --dir "$scratch" >/dev/null &
redis=$!
trap 'kill $redis "${pids[@]}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
listed deploy/compose.yaml
proxy=$(printf '%s\n' "${args[@]}" | sed -n 's/^--behind-proxy=//p')
ip addr add "$proxy/32" dev lo
image compose
put 65532 400 /etc/vpsnet-mcp $(cd "$made" && ls)
url=$(sed -n 's/^ *VPSNET_REDIS: //p' deploy/compose.yaml)
run "VPSNET_REDIS=${url/\$\{*\}/password}"
serves "--interface $proxy -H Host:mcp.example.com" http://127.0.0.1:8080
curl -fs http://127.0.0.1:9090/metrics | grep vpsnet_calls_running >/dev/null || fail "no metrics"
end
echo "container: a replica of compose.yaml starts as nobody and serves its proxy"

# Kubernetes: secrets are root's and the group's; its Redis is here without TLS.
listed deploy/kubernetes.yaml
image kubernetes
put 0 440 /etc/vpsnet-mcp tokens.yaml accounts.yaml consent.key $(cd "$made" && ls | grep '^[a-z]*\.key$' | grep -v consent)
put 0 440 /etc/tls tls.crt=cert.pem tls.key=key.pem
sed -n '/^  policy.yaml: |$/,/^---$/s/^    //p' deploy/kubernetes.yaml >"$made/policy.yaml"
put 0 644 /etc/policy policy.yaml
url=$(sed -n 's/.*--from-literal=url=//p' deploy/kubernetes.yaml | sed 's/^rediss:/redis:/; s/PASSWORD/password/')
run "VPSNET_REDIS=$url"
serves "$tls" https://mcp.example.com:8443
end
echo "container: a pod of kubernetes.yaml starts as nobody and serves TLS"

# Sourced by scripts: a scratch folder with Node 22 and the given npm packages.
# usage: node_folder DIR PACKAGE@VERSION ...
node_folder() {
	local dir=$1
	shift
	mkdir -p "$dir"
	if [ ! -e "$dir/.done" ] || [ "$(cat "$dir/.done")" != "$*" ]; then
		(cd "$dir" && npm install --no-save --no-audit --no-fund --loglevel=error node@22.23.3 "$@" >/dev/null)
		echo "$*" >"$dir/.done"
	fi
	PATH="$dir/node_modules/node/bin:$PATH"
}

# serve BINARY ARGS ... starts a hosted server on a free port of the loopback and
# sets url, token, person (their sign-in token) and pid; the caller ends it by its pid.
serve() {
	local log
	log=$(mktemp)
	"$@" --listen 127.0.0.1:0 2>"$log" &
	pid=$!
	for _ in $(seq 100); do
		address=$(grep -o 'serving on http://[0-9.:]*' "$log" | head -1 | cut -d/ -f3 || true)
		[ -n "$address" ] && break
		sleep 0.1
	done
	[ -n "$address" ] || { cat "$log"; return 1; }
	url="http://$address"
	token=$(grep -o 'vpsnet_[A-Z0-9]*' "$log" | head -1 || true)
	person=$(grep -o 'vpsnet_person_[A-Z0-9]*' "$log" | head -1 || true)
	rm -f "$log"
}

#!/usr/bin/env bash
# Restarts one replica behind nginx without a failed call: nginx is told to send it
# nothing new, its calls end, it is restarted, and nginx is told that it is back.
#
#   roll.sh SITE.CONF 127.0.0.1:8081 http://127.0.0.1:9091/metrics "nginx -s reload" systemctl restart vpsnet-mcp@1
set -euo pipefail
[ $# -ge 5 ] || { sed -n 2,5p "$0" >&2; exit 2; }
conf=$1 address=$2 metrics=$3 reload=$4
shift 4
grep -qF "server $address;" "$conf" || {
	echo "roll.sh: $conf has no line \"server $address;\", so nginx cannot be turned away from it. Nothing was done; give the address as it stands there." >&2
	exit 1
}

# tried COMMAND ... waits until it succeeds, for 75 s at most.
tried() {
	for _ in $(seq 375); do
		"$@" 2>/dev/null && return
		sleep 0.2
	done
	echo "roll.sh: gave up waiting: $*" >&2
	return 1
}
# quiet: no call is under way. The whole answer is read: a pipe that is closed
# early makes curl fail.
quiet() { [ "$(curl -fs "$metrics" | sed -n 's/^vpsnet_calls_running //p')" = 0 ]; }
# idle: quiet twice in a row, as a call may be on its way from nginx.
idle() { quiet && sleep 0.3 && quiet; }

cp -p "$conf" "$conf.before"
trap 'cp -p "$conf.before" "$conf" && $reload' EXIT # whatever happens, nginx knows both again
sed -i "s/server ${address//./\\.};/server $address down;/" "$conf"
$reload
tried idle
"$@"
tried curl -fs -o /dev/null "http://$address/healthz"

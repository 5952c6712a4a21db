#!/usr/bin/env python3
"""Measures how long a caller's list of servers takes alone, and beside another caller of the same account at its worst: 30 fleet reports at once,
320 waits, and an address of the service that always answers 500. The service is a sandbox that takes 100 ms; the pace is the program's own.
Prints one line; fails where the 95th percentile beside it is not under twice the idle one plus an interval of the pace (200 ms).
With impatient the worst caller comes again at once when it is told to come later (HTTP 429, Retry-After).

	go build -o vpsnet-mcp . && scripts/worst.py ./vpsnet-mcp [impatient]
"""
import http.client, json, multiprocessing, os, socket, subprocess, sys, tempfile, threading, time

PACE, LISTS = 0.2, 40
program = os.path.abspath(sys.argv[1])
impatient = sys.argv[2:] == ["impatient"]
scratch = tempfile.TemporaryDirectory()
environment = {"PATH": os.environ["PATH"], "HOME": scratch.name, "XDG_STATE_HOME": scratch.name, "XDG_CONFIG_HOME": scratch.name}


def port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start(*arguments, **more):
    return subprocess.Popen([program, *arguments], cwd=scratch.name, env={**environment, **more}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def token(name):
    said = subprocess.run([program, "token", "new", name, "--scopes", "read", "--tokens", "tokens.yaml"], cwd=scratch.name, env=environment, capture_output=True, text=True, check=True)
    return next(word for word in said.stdout.split() if word.startswith("vpsnet_"))


service, server = port(), port()
tokens = {name: token(name) for name in ("anna", "bert")}
started = [
    start("sandbox", "--listen", f"127.0.0.1:{service}", "--servers", "20", "--sandbox-fault", "latency=100ms", "--sandbox-fault", "status=500,op=get_activity_log"),
    start("--transport", "http", "--listen", f"127.0.0.1:{server}", "--tokens", "tokens.yaml", "--log-level", "error",
          VPSNET_API_URL=f"http://127.0.0.1:{service}", VPSNET_EMAIL="sandbox@vps.net", VPSNET_API_KEY="sandbox"),
]


def call(name, tool, arguments, patience=60):
    """Makes one call in one request, as the newest revision of the protocol has it, and gives its HTTP status and answer."""
    meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientInfo": {"name": "worst", "version": "1"}, "io.modelcontextprotocol/clientCapabilities": {}}
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": tool, "arguments": arguments, "_meta": meta}})
    connection = http.client.HTTPConnection("127.0.0.1", server, timeout=patience)
    try:
        connection.request("POST", "/mcp", body, {
            "Content-Type": "application/json", "Accept": "application/json, text/event-stream", "Authorization": "Bearer " + tokens[name],
            "MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": tool,
        })
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def lists():
    took = []
    for _ in range(LISTS):
        begun = time.monotonic()
        status, text = call("bert", "list_cloud_servers", {})
        if status != 200 or "web01" not in text:
            sys.exit(f"the list: HTTP {status} {text[:300]}")
        took.append(time.monotonic() - begun)
        time.sleep(0.437)  # never in step with the pace
    return sorted(took)[len(took) * 95 // 100]


def worst(until, said):
    """Calls without end, in a process of its own: whoever measures must not wait for its threads."""
    count, lock = {}, threading.Lock()

    def again(tool, arguments):
        while not until.is_set():
            try:
                status, text = call("anna", tool, arguments)
                with lock:
                    count[tool, status] = count.get((tool, status), 0) + 1
                if status == 429 and not impatient:
                    time.sleep(2)  # as Retry-After says
            except OSError:
                time.sleep(0.05)

    jobs = [("fleet_report", {"days": 7})] * 30 + [("wait_for_server", {"server_id": "1384", "state": "stopped", "timeout": 30})] * 320 + [("get_activity_log", {"server_id": "1384"})] * 4
    for job in jobs:
        threading.Thread(target=again, args=job, daemon=True).start()
    until.wait()
    with lock:
        said.put(dict(count))


try:
    for _ in range(100):
        try:
            if call("bert", "list_cloud_servers", {})[0] == 200:
                break
        except OSError:
            pass
        time.sleep(0.1)
    time.sleep(3)
    idle = lists()
    fork = multiprocessing.get_context("fork")
    until, said = fork.Event(), fork.Queue()
    other = fork.Process(target=worst, args=(until, said), daemon=True)
    other.start()
    time.sleep(10)
    beside = lists()
    until.set()
    count = said.get(timeout=60)
    other.kill()
    print(f"95th percentile of {LISTS} lists: {idle * 1000:.0f} ms alone, {beside * 1000:.0f} ms beside (under {(2 * idle + PACE) * 1000:.0f} ms is asked); "
          + ", ".join(f"{n} {tool} HTTP {status}" for (tool, status), n in sorted(count.items())))
    sys.stdout.flush()
    code = 0 if beside < 2 * idle + PACE else 1
finally:
    for p in started:
        p.kill()
        p.wait()
os._exit(code)

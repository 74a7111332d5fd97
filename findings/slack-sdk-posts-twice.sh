#!/usr/bin/env bash
# One call of chat_postMessage posts two messages where the answer is lost.
#
# slack-sdk 3.47.0, Python 3.11.
# Guessed: a call that isn't safe to repeat is sent once, and a lost connection raises.
# Behaviour: a WebClient made without options has a ConnectionErrorRetryHandler. Where the server
#   took the request and the connection ends before its answer, the client sends the same request
#   again and tells the caller of one message. Slack has no key to know the second one by.
# Way out: WebClient(retry_handlers=[]), and look whether the message is there before posting
#   again.
# Output:
#   default client: ok=True, posts the server took: 2
#   retry_handlers=[]: RemoteDisconnected, posts the server took: 1
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check slack-sdk==3.47.0
"$temp/venv/bin/python" - <<'PYTHON'
import os
from http.client import RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from slack_sdk import WebClient

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
taken = []


class Slack(BaseHTTPRequestHandler):
    """Takes every post; the answer to the first is lost on its way."""

    def do_POST(self):
        taken.append(self.rfile.read(int(self.headers["Content-Length"])))
        if len(taken) == 1:
            self.close_connection = True
            return
        body = b'{"ok": true, "ts": "1.1"}'
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}/"

answer = WebClient("xoxb-none", base_url=address).chat_postMessage(channel="C1", text="Hello")
print(f"default client: ok={answer['ok']}, posts the server took: {len(taken)}")
assert answer["ok"] and len(taken) == 2 and taken[0] == taken[1]

taken.clear()
try:
    WebClient("xoxb-none", base_url=address, retry_handlers=[]).chat_postMessage(
        channel="C1", text="Hello"
    )
except RemoteDisconnected as lost:
    print(f"retry_handlers=[]: {type(lost).__name__}, posts the server took: {len(taken)}")
assert len(taken) == 1
PYTHON

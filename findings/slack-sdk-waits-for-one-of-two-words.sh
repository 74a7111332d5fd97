#!/usr/bin/env bash
# The retry handler for rate limits passes over a refusal that says `rate_limited` with status 200.
#
# slack-sdk 3.48.0, Python 3.11.
# Guessed: with RateLimitErrorRetryHandler installed, a call that Slack refuses for its rate is made
#   again after the pause that Slack asks for. Slack documents two words for that refusal,
#   `ratelimited` and, for chat.postMessage and the streams, `rate_limited`.
# Behaviour: the handler looks at the HTTP status alone. Status 429 is waited for and tried again; the
#   same refusal as an answer with status 200 and "ok": false raises SlackApiError at once.
# Way out: look at the error's word as well, and wait for Retry-After where it is given.
# Output:
#   status 429: ok=True after 2 calls
#   status 200, rate_limited: SlackApiError after 1 call
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check slack-sdk==3.48.0
"$temp/venv/bin/python" - <<'PYTHON'
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
calls, refusal = [], {"status": 429, "body": b'{"ok": false, "error": "ratelimited"}'}


class Slack(BaseHTTPRequestHandler):
    """Refuses the first call for its rate, and takes the second."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        calls.append(self.path)
        first = len(calls) == 1
        body = refusal["body"] if first else b'{"ok": true, "ts": "1.1"}'
        self.send_response(refusal["status"] if first else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if first:
            self.send_header("Retry-After", "1")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Slack)
Thread(target=server.serve_forever, daemon=True).start()


def client():
    handlers = [RateLimitErrorRetryHandler(max_retry_count=2)]
    address = f"http://127.0.0.1:{server.server_port}/"
    return WebClient("xoxb-none", base_url=address, retry_handlers=handlers)


answer = client().chat_postMessage(channel="C1", text="Hello")
print(f"status 429: ok={answer['ok']} after {len(calls)} calls")
assert answer["ok"] and len(calls) == 2

calls.clear()
refusal.update(status=200, body=b'{"ok": false, "error": "rate_limited"}')
try:
    client().chat_postMessage(channel="C1", text="Hello")
except SlackApiError as refused:
    print(f"status 200, {refused.response['error']}: {type(refused).__name__} after {len(calls)} call")
assert len(calls) == 1
PYTHON

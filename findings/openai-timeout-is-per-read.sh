#!/usr/bin/env bash
# A call with a timeout of one second takes three and succeeds.
#
# openai 3.54.0, Python 3.11.
# Guessed: OpenAI(timeout=1, max_retries=0) bounds the call: an answer within a second, or an
#   error.
# Behaviour: the second is granted anew for each piece that arrives. A server (or a proxy on the
#   way) that sends a few bytes every half second is waited for as long as it goes on.
# Way out: a clock of one's own around the call, for instance a future that is waited for by
#   result(8).
# Output:
#   answer “Hello” with timeout=1: more than 2 seconds
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check openai==3.54.0
"$temp/venv/bin/python" - <<'PYTHON'
import json
import os
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from openai import OpenAI

for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
ANSWER = {
    "id": "1",
    "object": "chat.completion",
    "created": 1,
    "model": "any",
    "choices": [
        {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": "Hello"},
        }
    ],
}


class Model(BaseHTTPRequestHandler):
    """Answers in six pieces, one each half second."""

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps(ANSWER).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        size = -(-len(body) // 6)
        for start in range(0, len(body), size):
            time.sleep(0.5)
            self.wfile.write(body[start : start + size])

    def log_message(self, *args):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Model)
Thread(target=server.serve_forever, daemon=True).start()
client = OpenAI(
    api_key="none", base_url=f"http://127.0.0.1:{server.server_port}/v1", timeout=1, max_retries=0
)
began = time.monotonic()
answer = client.chat.completions.create(
    model="any", messages=[{"role": "user", "content": "Say hello"}]
)
took = time.monotonic() - began
said = answer.choices[0].message.content
print(f"answer “{said}” with timeout=1: more than {int(min(took, 2))} seconds")
assert said == "Hello" and took > 2
PYTHON

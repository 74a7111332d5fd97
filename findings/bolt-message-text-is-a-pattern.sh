#!/usr/bin/env bash
# A listener for the message "$5" is never called, one for "price?" hears "pric".
#
# slack-bolt 1.30.0, slack-sdk 3.47.0, Python 3.11.
# Guessed: a str is the text itself, as in app.command("/tip"), app.action("save") and
#   app.event("message"); whoever wants a pattern gives re.compile(…).
# Behaviour: app.message("…") alone reads its str as a regular expression and looks for it
#   anywhere in the message. “$” is the end of the text, “?” makes a letter optional, and “hi” is
#   in “this”.
# Way out: re.compile(re.escape(text)), with \b at both ends where words are meant.
# Output:
#   Is it $5 a month?   -> nobody
#   pric                -> price?
#   this                -> hi
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check \
    slack-bolt==1.30.0 slack-sdk==3.47.0
"$temp/venv/bin/python" - <<'PYTHON'
import json
import logging

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult

logging.disable(logging.CRITICAL)
app = App(
    signing_secret="none",
    request_verification_enabled=False,
    process_before_response=True,
    authorize=lambda **_: AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0"
    ),
)
heard = []


def listen_for(text):
    @app.message(text)
    def hear():
        heard.append(text)


for listened in ("$5", "price?", "hi"):
    listen_for(listened)


def who_hears(said):
    heard.clear()
    event = {"type": "message", "channel": "C1", "user": "U1", "text": said, "ts": "1.1"}
    body = json.dumps({"type": "event_callback", "team_id": "T1", "event": event})
    app.dispatch(BoltRequest(body=body, headers={"content-type": ["application/json"]}))
    print(f"{said:19} -> {', '.join(heard) or 'nobody'}")
    return list(heard)


assert who_hears("Is it $5 a month?") == []
assert who_hears("pric") == ["price?"]
assert who_hears("this") == ["hi"]
PYTHON

#!/usr/bin/env bash
# A block that the SDK has no class for yet becomes null inside a View.
#
# slack-sdk 3.41.0 with a card, which Home tabs take and 3.42 knows; 3.48.0 with a header's level.
# Python 3.11.
# Guessed: blocks given as dicts go to Slack as they are, as they do in chat_postMessage.
# Behaviour: View parses each dict. A block whose type this version doesn't know is null in
#   to_dict(), a field that it doesn't know is missing. Nothing is raised, one line is logged at
#   most, and validate_json() finds nothing wrong. With 3.48.0 the same happens to data_table.
# Way out: hand the whole view over as a dict.
# Output:
#   3.41.0: ['divider', None, 'header'], level None
#   3.48.0: ['divider', 'card', 'header'], level None
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
cat >"$temp/view.py" <<'PYTHON'
import logging

from slack_sdk.models.views import View
from slack_sdk.version import __version__

logging.disable(logging.CRITICAL)
given = [
    {"type": "divider"},
    {"type": "card", "title": {"type": "mrkdwn", "text": "Acme"}},
    {"type": "header", "text": {"type": "plain_text", "text": "This week"}, "level": 2},
]
view = View(type="home", blocks=given)
view.validate_json()
sent = view.to_dict()["blocks"]
types = [block and block["type"] for block in sent]
print(f"{__version__}: {types}, level {sent[2].get('level')}")
assert types == ["divider", None if __version__ == "3.41.0" else "card", "header"]
assert "level" not in sent[2]
PYTHON
for version in 3.41.0 3.48.0; do
    "$temp/venv/bin/pip" install --quiet --disable-pip-version-check "slack-sdk==$version"
    "$temp/venv/bin/python" "$temp/view.py"
done

#!/usr/bin/env bash
# Two languages lack the day after tomorrow among their relative days, and nothing is raised.
#
# dateparser 1.5.0, Python 3.11.
# Guessed: the translation tables, made from Unicode's CLDR, hold "in 2 day" for each language that
#   has a word of its own for it, as CLDR does for German and Polish.
# Behaviour: `relative-type` of "de" and "nl" has "in 2 day"; that of "pl" and "sv" has not, though
#   "pojutrze" and "i övermorgon" stand in CLDR. Whoever reads the table knows tomorrow in all
#   four, and no day after it in two.
# Way out: a list of one's own beside the table.
# Output:
#   de: in 1 day ['morgen'], in 2 day ['übermorgen']
#   nl: in 1 day ['morgen'], in 2 day ['overmorgen']
#   pl: in 1 day ['jutro'], in 2 day None
#   sv: in 1 day ['i morgon', 'imorgon', 'imorgon'], in 2 day None
set -euo pipefail
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
python3 -m venv "$temp/venv"
"$temp/venv/bin/pip" install --quiet --disable-pip-version-check dateparser==1.5.0
"$temp/venv/bin/python" - <<'PYTHON'
from importlib import import_module

found = {}
for language in ("de", "nl", "pl", "sv"):
    table = import_module(f"dateparser.data.date_translation_data.{language}").info
    relative = table.get("relative-type", {})
    found[language] = relative.get("in 1 day"), relative.get("in 2 day")
    print(f"{language}: in 1 day {found[language][0]}, in 2 day {found[language][1]}")
assert all(tomorrow for tomorrow, _ in found.values())
assert [language for language, (_, after) in found.items() if not after] == ["pl", "sv"]
PYTHON

"""Stems: the part of an English word that its forms share, good enough to compare two sentences."""

from __future__ import annotations

import re
from functools import lru_cache

_IRREGULAR = {
    form: root
    for root, forms in {
        "be": "is are was were am been being", "have": "has had having", "do": "does did done",
        "go": "goes went gone", "say": "said", "tell": "told", "sell": "sold sale sales",
        "use": "used uses using", "buy": "bought",
        "lose": "lost loss losing", "win": "won winning winner", "keep": "kept", "feel": "felt",
        "know": "knew known knowledge", "write": "wrote written", "speak": "spoke spoken",
        "teach": "taught", "find": "found", "meet": "met", "lead": "led", "leave": "left",
        "hear": "heard", "get": "got gotten", "give": "gave given", "take": "took taken",
        "make": "made", "see": "saw seen", "think": "thought", "bring": "brought",
        "begin": "began begun", "build": "built", "spend": "spent", "pay": "paid",
        "show": "shown", "grow": "grew grown growth", "choose": "chose chosen choice",
        "break": "broke broken", "forget": "forgot forgotten", "hide": "hid hidden",
        "understand": "understood", "mean": "meant", "hold": "held", "draw": "drew drawn",
        "fall": "fell fallen", "rise": "rose risen", "drive": "drove driven", "send": "sent",
        "person": "people persons", "customer": "clientele", "good": "better best",
        "bad": "worse worst", "little": "less", "few": "fewer fewest",
        "late": "later latest", "early": "earlier earliest", "decide": "decision decided",
        "apology": "apologise apologize apologies", "complain": "complaint complaints",
        "behave": "behaviour behavior", "far": "farther further", "criterion": "criteria",
        "compete": "competitor competitors competition competitive",
        "repair": "repaired", "much": "more most many", "explain": "explanation explanations",
        "announce": "announcement", "succeed": "success successful", "young": "younger",
    }.items()
    for form in forms.split()
}  # fmt: skip
_ENDINGS = re.compile(
    r"(?:isation|ization|fulness|iveness|ation|ment|ingly|edly|ally|ness|able|ible|ity|"
    r"ing|ion|ied|ier|iest|er|or|est|ful|ous|ive|ed|ly|al|y|e)$"
)
_PLURAL = re.compile(r"(?<=[^sui])s$|(?<=ss|sh|ch)es$|(?<=x)es$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word without apostrophes. Short words stay as they are."""
    word = _IRREGULAR.get(word, word)
    word = re.sub(r"ies$", "y", word) if len(word) > 4 else word
    word = _PLURAL.sub("", word) if len(word) > 3 else word
    word = _IRREGULAR.get(word, word)
    while len(word) > 4 and (found := _ENDINGS.search(word)):
        start = found.start()
        if start < 3 or not re.search(r"[aeiouy]", word[:start]):
            break
        word = word[:start]
    word = re.sub(r"(?<=...)e$", "", word)
    return re.sub(r"([b-df-hj-np-rtv-xz])\1$", r"\1", word)

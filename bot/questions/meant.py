"""Whether a message to the coach asks something, where it could answer a question of its own."""

from __future__ import annotations

import re
from typing import Literal

# "question": it asks. "mixed": it tells and asks. "perhaps": it tells a situation that the library
# has advice on. "talk": a greeting and its like. "words": it tells.
Meant = Literal["question", "mixed", "perhaps", "talk", "words"]

_LINK = re.compile(r"https?://\S+")
_MARKS = "?？؟"  # in the scripts that people type them in
_OPENS = re.compile(
    r"(?:and |so |ok |okay |but |hey |hi |please )*(?:how (?:do|can|should|would|to|could|does|is|"
    r"are)|what (?:should|do|would|can|is|are|if|to)|whats the|when should|why (?:do|does|is|are|"
    r"would|should)|who should|which|should (?:i|we)|can (?:i|we|you)|could (?:i|we|you)|"
    r"do (?:i|we|you)|is it|are there|any (?:advice|tips?|ideas?|idea)|(?:give|tell|show) me|"
    r"help me|i need (?:advice|a tip|help)|tips? (?:for|on)|advice (?:for|on))\b"
)

# A situation told of anybody, as a question is put: about a call that just was people say "they".
_ANYBODY = re.compile(
    r"(?:so |and |but |well |hi |hey |coach )*(?:the|a|an|my|our|this|some|one)"
    r"(?: \w+){0,2}? (?:customers?|buyers?|prospects?|clients?|leads?|champions?|competitors?"
    r"|procurement|gatekeepers?|decision makers?|accounts?|deals?|products?|prices?|pricing"
    r"|contracts?|renewals?|proposals?|rep|manager|boss|pipeline|quota|forecast)\b"
)
# What can't have happened in a call that was held.
_SILENCE = re.compile(
    r"\b(?:quiet|silent|dark|ghost(?:ed|ing|s)?|no (?:reply|response|answer)"
    r"|(?:not|never|nt|stopped) (?:reply|repl|answer|respond)\w*)\b"
)


def tells_of_anybody(text: str) -> bool:
    """Whether a text without a question reads like a situation rather than an answer to "how did
    it go"."""
    said = " ".join(re.findall(r"[^\W_]+", re.sub(r"['’]", "", text.casefold())))
    return bool(_ANYBODY.match(said) or _SILENCE.search(said))


def asks(text: str) -> Literal["question", "mixed", ""]:
    """By its form alone: a question, one among sentences that tell, or none."""
    bare = _LINK.sub(" ", text).strip()
    sentences = [s for s in re.split(r"(?<=[.!?？؟])\s+|\n+", bare) if re.search(r"\w", s)]
    asking = [s for s in sentences if _is_question(s)]
    if not asking:
        return ""
    return "question" if len(asking) == len(sentences) else "mixed"


def _is_question(sentence: str) -> bool:
    said = re.sub(r"['’]", "", sentence.casefold()).strip()
    return said.rstrip("\"'”’)!.").endswith(tuple(_MARKS)) or bool(_OPENS.match(said))

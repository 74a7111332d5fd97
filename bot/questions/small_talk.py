"""What people write to the coach that is no situation: greetings, thanks, "my calls today"."""

from __future__ import annotations

import re
from typing import Literal

Talk = Literal[
    "hello", "thanks", "bye", "how_are_you", "help", "ack", "laugh", "today", "here", "off",
    "sorry", "private", "verdict", "asked", "emoji", "clip", "cut_clip", "file", "forwarded",
    "empty", "too_long", "",
]  # fmt: skip

# What stands for a message that held no words; it is kept in their place.
WITHOUT_WORDS: dict[str, Talk] = {
    "(voice clip)": "clip",
    "(long voice clip)": "cut_clip",
    "(file)": "file",
    "(forwarded message)": "forwarded",
    "(nothing)": "empty",
    "(very long message)": "too_long",
}

_TO_WHOM = r"(?: (?:there|coach|again|team|everyone|everybody|all|mate|friend|bot|folks|so much))*"
# Of the whole message, in lower case and without punctuation.
_SAID: tuple[tuple[Talk, str], ...] = (
    ("hello", r"(?:hi+|hello|hey+|hiya|howdy|yo|hola|hallo|bonjour|salut|ciao|moin|servus|greetings"
              r"|(?:good )?(?:morning|afternoon|evening|day)|gm|guten (?:morgen|tag))" + _TO_WHOM),
    ("thanks", r"(?:(?:ok|okay|great|perfect|cool|awesome|many|nice|got it|no) )*"
               r"(?:thanks|thank you|thx|ty|tnx|cheers|merci|danke|gracias|grazie|obrigado"
               r"|(?:much )?appreciated|i appreciate it)"
               r"(?: (?:a lot|a million|again|very much|so much|for (?:this|that|the|your) ?\w*))?"
               + _TO_WHOM),
    ("bye", r"(?:bye(?: bye)?|good ?bye|good ?night|see (?:you|ya)(?: \w+)?|later|tschuss|adios"
            r"|have a (?:good|great|nice) \w+|talk (?:soon|later))" + _TO_WHOM),
    ("how_are_you", r"(?:hi |hello |hey )?(?:how are (?:you|things)(?: doing)?|hows it going"
                    r"|how is it going|whats up|what is up|sup|you ok|how do you do)(?: today)?"
                    + _TO_WHOM),
    ("help", r"(?:help(?: me)?(?: please)?|please help|commands?|menu|list|options|usage|info|about"
             r"|start|get started|who are you|what are you|what is this|whats this"
             r"|are you (?:a |an )?(?:bot|human|robot|ai|real|person)"
             r"|what can (?:you|i) do(?: here)?|what do you do"
             r"|how does (?:this|it) work|how do i use (?:you|this))"),
    ("here", r"(?:test(?:ing)?(?: \w+)?|ping|(?:are )?you there|anyone (?:there|here)"
             r"|anybody (?:there|here)|is (?:this|anyone) (?:on|there|working|thing on))"
             + _TO_WHOM),
    ("off", r"(?:please )?(?:stop|unsubscribe|mute|quiet|silence|shut up|go away|leave me alone"
            r"|nudges off|stop (?:it|this|that|these|those|asking|messaging|nudging|writing)"
            r"(?: me)?)(?: please)?"),
    ("sorry", r"(?:oops|sorry|my bad|never ?mind|nvm|wrong (?:chat|channel|window|person)"
              r"|ignore (?:that|this|me)|forget it)(?: (?:about that|wrong \w+))?"),
    ("ack", r"(?:ok|okay|k|kk|okey|got it|cool|nice|noted|understood|alright|all right|sure|right"
            r"|will do|fair enough|fine|good to know)" + _TO_WHOM),
    ("private", r"(?:who|can (?:anyone|anybody|others|people|my \w+)|do(?:es)? (?:anyone|my \w+))"
                r"(?: else)?(?: can)? (?:sees?|reads?|knows?) (?:this|that|it|my \w+|what i .+)"
                r"|is (?:this|it|that|what i \w+)"
                r" (?:private|confidential|anonymous|secret|safe)"),
    ("verdict", r"(?:very |really |so |not )?(?:great|good|bad|useless|terrible|helpful|useful"
                r"|wrong|nice|poor) (?:advice|tip|answer|suggestion)"),
    ("asked", r"you(?: have|ve)?(?: already)? asked (?:me )?(?:that|this)?"
              r"(?: already| before| twice)?"
              r"|i(?: have|ve)?(?: already)? (?:told|answered) (?:you|that)(?: that)?"
              r"(?: already)?"),
    ("laugh", r"(?:lol|lmao|rofl|(?:ha){2,}h?|(?:he){2,})"),
)  # fmt: skip
_COMPILED = tuple((talk, re.compile(pattern)) for talk, pattern in _SAID)
_EMOJI = re.compile(r":[\w+'-]+:")
_NAMED_ONE = re.compile(r"^(?:hey |hi |ok )?(?:coach|bot)\b[ ,:]*")
# Calls of the rep's own, asked for as of a diary: short, and of a day that the coach can tell.
_DIARY = re.compile(
    r"(?:\b(?:what|which|any|show|list|when|do|have|whats|my)\b.*)?"
    r"\b(?:calls?|meetings?|huddles?|agenda|schedule|diary|calendar|on)\b.*\b(?:today|next|now)\b"
    r"|.*\bmy (?:calls|meetings|huddles|agenda|schedule|day)\b.*"
    r"|(?:what|whats|which) .*\b(?:today|next)\b.*\b(?:calls?|meetings?|huddles?)\b.*"
    r"|(?:when|what|whats) (?:is|are)? ?my next (?:call|meeting|huddle)"
)
_DIARY_WORDS = 10


def talk_of(text: str) -> Talk:
    """What kind of small talk the whole message is; "" for anything else."""
    if talk := WITHOUT_WORDS.get(text.strip()):
        return talk
    said = _bare(text)
    if not said:
        return "help" if text.strip() in ("?", "??", "???") else "emoji"
    for talk, pattern in _COMPILED:
        if pattern.fullmatch(said):
            return talk
    return "today" if _is_diary(said) else ""


def _bare(text: str) -> str:
    """Lower case, no emoji, no punctuation; without the coach's own name before it."""
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", _EMOJI.sub(" ", text.casefold())))
    said = " ".join(words)
    return _NAMED_ONE.sub("", said) if said not in ("coach", "bot") else "hello"


def _is_diary(said: str) -> bool:
    return len(said.split()) <= _DIARY_WORDS and bool(_DIARY.fullmatch(said)) and _asks(said)


def _asks(said: str) -> bool:
    """`the call today was hard` tells; `calls today` and `what calls do I have today` ask."""
    told = r"\b(?:was|went|were|had|got|went|said|wants?|told|is on|moved|cancelled|after|before)\b"
    return not re.search(told, said)

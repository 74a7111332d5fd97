"""Whether a sentence tells its reader what to do, as far as its first words and its verbs tell."""

from __future__ import annotations

import re

_VERBS = """
    accept acknowledge act add admit agree aim allow answer anchor apply approach arrange ask
    assign assume attach avoid become begin believe block book bring build buy call calculate
    calm care carry challenge change charge check choose clarify close coach collect come commit
    compare confirm connect consider contact control count cover create cut decide defend define
    delay delete deliver demand describe design determine develop discuss do document draw drop
    earn educate email encourage end engage ensure establish examine expect explain explore face
    figure fill find finish fire fix focus follow forget gather get give go grow guide handle
    have hear help hire hold identify ignore imagine improve include inspect introduce invest
    invite involve join keep know lead learn leave lend let link list listen look lower make map
    mark match mean measure meet mention mind move name narrow negotiate note offer open
    organize own park pass pause pay phone pick place plan play practice practise praise prepare
    present prevent prioritize probe promise propose prove provide publish push put qualify
    quote raise reach read recap recognize record refer refuse reduce reject remember remind
    remove repeat reply report research reserve resist respect respond rest return review reward
    ring run save say schedule see seek sell send separate serve set share shift shorten show
    shut sign simplify sit skip slow solve sort speak spell spend split stand start state stay
    stick stop structure study submit suggest summarize support surprise take talk target teach
    tell test thank think throw tie track trade train treat trust try turn understand update use
    value verify visit wait walk warn watch weigh win work wrap write be
    """.split()  # noqa: SIM905 - a paragraph is easier to read than a list of 250 strings
_VERB = rf"(?:{'|'.join(_VERBS)})"
_NOT = (
    r"(?:do\s+not|don['’]t|never|always|please|just|simply|only|at\s+least|first|instead|also"
    r"|better)"
)
_LEAD = (
    r"(?:(?:so|then|and|but|or|now|first|second|third|next|finally|instead|also|lastly|rather|again"
    r"|today|therefore|of\s+course|in\s+short|above\s+all|most\s+of\s+all|to\s+start|step\s+\d+)\b"
    r"[,:]?\s+|\d+[.)]\s+)*"
)
_IMPERATIVE = re.compile(
    rf"[\"“'‘(]*{_LEAD}(?:{_NOT},?\s+)*{_VERB}\b(?!['’]|\s*[,:]?\s+(?:is|was|are|were)\b)", re.I
)
_FORBIDS = re.compile(rf"[\"“'‘(]*{_LEAD}(?:do\s+not|don['’]t|never|always|stop)\s+\w", re.I)
_AFTER_CLAUSE = re.compile(
    rf"[\"“'‘(]*{_LEAD}(?:when(?:ever)?|if|before|after|once|until|while|where|unless|as\s+soon\s+as|in|at"
    rf"|on|for|with|by|instead\s+of|rather\s+than|to)\b[^,;:]{{3,140}}[,:]\s+(?:{_NOT},?\s+)*{_VERB}\b",
    re.I,
)
_ALSO = re.compile(
    rf"(?:[;:–—]|\band|\bso|\bthen)\s+(?:{_NOT}\s+)*(?:ask|call|send|write|tell|show|stop|keep|let)\b",
    re.I,
)
_OUGHT = re.compile(
    r"\b(?:you|we|reps?|sellers?|salespeople|managers?|everyone|they|one|it|he\s+or\s+she)\s+(?:\w+\s+)?"
    r"(?:should|must|need(?:s)?\s+to|ha(?:ve|s)\s+to|ought\s+to|had\s+better|can(?:no|['’])t\s+afford)\b"
    r"|\b(?:should|must|ought\s+to)\s+(?:not\s+|never\s+|always\s+)?\w+",
    re.I,
)
_BEST = re.compile(
    r"\b(?:the\s+(?:only|best|first|right|real|simplest|easiest|surest|next)\s+\w+(?:\s+\w+){0,6}?\s+(?:is|are)"
    r"|what\s+(?:helps|works|counts|matters)\b|the\s+(?:trick|secret|key|cure|answer|rule|lesson|remedy|point)"
    r"\b.{0,40}\bis\b|it\s+(?:pays|helps|is\s+better|['’]s\s+better)\s+to|make\s+sure|worth\s+\w+ing"
    r"|my\s+(?:advice|rule|tip|suggestion)\b|i\s+(?:recommend|suggest|advise)\b|(?:is|are)\s+better\s+than)",
    re.I,
)
_TELLS = re.compile(
    r"\b(?:i|we|he|she|they|my|mine|his|her)\b[^.]{0,40}\b(?:was|were|had|did|went|came|got|made|said|told|took"
    r"|left|read|saw|sat|felt|thought|knew|used|kept|gave|ran|met|asked|called|\w{3,}ed)\b|^[\"“]?I\b",
    re.I,
)
# Of German and French the plainest forms alone: `Fragen Sie …`, `Demandez …`, `il faut`. A post in
# any other language has no advice that is known as such: it is quoted by what it is most about.
_IMPERATIVE_ELSEWHERE = re.compile(
    r"\W*(?:(?:wenn|bevor|sobald|nachdem|falls|quand|si|avant|après|lorsque)\b[^,;:]{3,140},\s+"
    r"|(?:\w+,?\s+)?)"
    r"(?:\w{2,}(?:en|ern|eln)\s+Sie\b|(?:ne\s+|n['’])?\w{2,}ez\b(?:-(?:vous|leur|lui|les?|la)\b"
    r"|\s+(?:[dl]['’]|(?:pas|jamais|toujours|d[eu]s?|les?|la|une?|que|qui|si|à|au|vos|votre|ce)\b)))",
    re.I,
)
_OUGHT_ELSEWHERE = re.compile(
    r"\b(?:sie|man|wir|wer)\s+(?:sollte[nt]?|müssen|muss|darf|dürfen)\b|\b(?:sollten|müssen)\s+sie\b"
    r"|\b(?:il\s+(?:ne\s+)?(?:faut|vaut\s+mieux)|(?:vous|on)\s+(?:ne\s+)?(?:devez|devriez|doit|devrait))\b",
    re.I,
)
_TELLS_ELSEWHERE = re.compile(r"\b(?:ich|mich|mir|wir|uns|je|me|moi|nous)\b|\bj['’]|\bm['’]", re.I)
ADVISES = 1.0  # from here a sentence may be said as advice


def advice(sentence: str) -> float:
    """How much a sentence advises: 0 for a tale, 1 and more for what somebody can do."""
    points = 0.0
    if _FORBIDS.match(sentence) or _IMPERATIVE.match(sentence):
        points += 2.0
    elif _AFTER_CLAUSE.match(sentence):
        points += 1.8
    if _BEST.search(sentence):
        points += 1.3
    if _OUGHT.search(sentence):
        points += 1.2
    if not sentence.rstrip("\"”’'» ").endswith("?"):
        points += _elsewhere(sentence)
    if not points and _ALSO.search(sentence):
        points += 1.0
    if _TELLS.search(sentence):
        points -= 0.8
    return max(0.0, points - 0.5 * sentence.rstrip("\"”’'").endswith("?"))


def _elsewhere(sentence: str) -> float:
    """The same of a sentence in German or French; 0 for one in English."""
    points = 2.0 * bool(_IMPERATIVE_ELSEWHERE.match(sentence))
    points += 1.2 * bool(_OUGHT_ELSEWHERE.search(sentence))
    return max(0.0, points - 0.8 * bool(_TELLS_ELSEWHERE.search(sentence))) if points else 0.0

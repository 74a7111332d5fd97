"""Drawing a tip: private, shared, kept back, or that there is none."""

from __future__ import annotations

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    SectionBlock,
)

from bot.text.sentences import sentences
from bot.tips.tip import Answer, Tip
from handlers.slack.blocks import (
    NOTIFICATION,
    Message,
    _whole,
    button,
    clip,
    context,
    escape,
    mrkdwn_text,
    section,
    words,
)
from handlers.slack.sources import WRITTEN, _one_line, source_line, supported

TIP_SHARE = "tip.share"


TIP_ANOTHER = "tip.another"


TIP_HELPFUL = "tip.helpful"


TIP_NOT_HELPFUL = "tip.not_helpful"
TIP_CHOOSE = "tip.choose"

CLOSEST = "Closest I have; one of these may fit."
ASKED = 200  # characters of a question that is repeated
LINE = 130  # … and of a lesson in one line


VOTED = {True: "Kept: it helped.", False: "Kept: it did not help."}


def tip(tip: Tip, sharable: bool, voted: bool | None = None, shared_in: str = "") -> Message:
    """A private tip. `voted` is the rep's last vote on it, None if there is none; `shared_in` is
    the channel in which they just repeated it."""
    value = str(tip.id)
    buttons = [
        button("Share", TIP_SHARE, value) if sharable and not shared_in else None,
        button("Another", TIP_ANOTHER, value),
        button("Helpful", TIP_HELPFUL, value) if voted is not True else None,
        button("Not helpful", TIP_NOT_HELPFUL, value) if voted is not False else None,
    ]
    note = None if voted is None else VOTED[voted]
    note = f"Shared in <#{shared_in}>." if shared_in else note
    return Message(
        summary(tip),
        [
            *asked(tip.words),
            *advice(tip),
            *([context(note)] if note else []),
            ActionsBlock(elements=_some(buttons)),
        ],
    )


def shared_tip(tip: Tip, user_id: str) -> Message:
    """A tip that a rep repeats to everybody in the channel."""
    return Message(
        summary(tip), [*advice(tip), context(f"Shared by <@{user_id}> from a private tip")]
    )


def tip_kept_back(tip: Tip, why: str) -> Message:
    """A tip that could not be shared, for the rep alone; `why` is a sentence of the messenger's."""
    return Message(summary(tip), [*advice(tip), context(f"Not shared. {why}")])


def summary(tip: Tip) -> str:
    """A tip as a notification."""
    said = " ".join(sentence.text for sentence in tip.written) or tip.headline
    return _whole(escape(said), NOTIFICATION)


def advice(tip: Tip) -> list[Block]:
    """What is said and what it rests on."""
    if tip.written:
        return [*supported(tip.written), context(WRITTEN)]
    drawn: list[Block] = [section(f"*{escape(_one_line(tip.headline))}*")]
    if not tip.quotes_alone:
        more = " …" if tip.source.clipped else ""
        drawn.append(section(f"> {escape(_one_line(tip.source.quote))}{more}"))
    return [*drawn, context(source_line(tip.source))]


def asked(words: str) -> list[Block]:
    """The question above its answer, where the one who asked does not see it any more."""
    return [context(f"You asked: _{escape(clip(_one_line(words), ASKED))}_")] if words else []


def choice(answer: Answer) -> Message:
    """Up to three lessons of as many posts, each with a button that opens the tip."""
    rows: list[Block] = []
    for n, (lesson, source) in enumerate(answer.offered):
        line = _first_sentence(lesson)
        open_it = button("Open", TIP_CHOOSE, f"{answer.choice_id} {n}", read_out=f"Open: {line}")
        text = mrkdwn_text(f"*{escape(line)}*\n_{escape(source.title)}_")
        rows.append(SectionBlock(text=text, accessory=open_it))
    listed = "\n".join(f"• {escape(_first_sentence(each.lesson))}" for each in answer.offered)
    return Message(_whole(f"{CLOSEST}\n{listed}", NOTIFICATION), [section(CLOSEST), *rows])


def under_its_question(answer: Answer) -> Message:
    """What is offered instead of a tip, or that there is nothing, to somebody who typed a command
    and does not see it any more."""
    if not answer.offered:
        return nothing_found(answer)
    text, drawn = choice(answer)
    return Message(text, [*asked(answer.words), *drawn])


def nothing_found(answer: Answer) -> Message:
    """The library has no answer: what happens with the question, and what to do."""
    if answer.foreign:
        return words("The library is in English, and so are my answers. Ask me in English.")
    if not answer.gap:
        return words(
            "I see no question in that. Say what happened with a customer and what you want next."
        )
    told = escape(clip(_one_line(answer.words), ASKED))
    return words(
        f"The library has nothing on _{told}_."
        " I noted the question for whoever keeps the library."
        " If there is a customer in it, ask again: what they said or did, and what you want next."
    )


def _first_sentence(lesson: str) -> str:
    first = next((sentence.text for sentence in sentences(lesson)), lesson)
    return clip(_one_line(first), LINE)


def _some(elements: Sequence[ButtonElement | None]) -> list[ButtonElement]:
    return [e for e in elements if e is not None]

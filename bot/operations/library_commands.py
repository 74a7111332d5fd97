"""What `python -m bot` prints about the library and the records: posts, tip, export."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.coach import Coach
from bot.library.entry import Entry
from bot.library.source import Source, label
from bot.text.sentences import sentences
from bot.tips.tip import Answer, Ranked

AT_ONCE = 100  # imported posts that a question on the command line waits for, ten seconds' worth


def embedded(done: int, of: int) -> None:
    """Says how far the vectors are."""
    print(f"{done} of {of} posts embedded", file=sys.stderr)


def export(coach: Coach, folder: str) -> int:
    """Write every table that a team owns into `folder`, as CSV."""
    coach.audit.take_in()
    coach.audit.machine_did("export")  # before it, so that it stands in what is exported
    names = coach.records.export(Path(folder))
    print(f"{len(names)} tables written to {folder}: {', '.join(names)}")
    return 0


def list_posts(coach: Coach, as_json: bool) -> int:
    """Every post of the library."""
    entries = list(coach.library.entries().values())
    if as_json:
        print(json.dumps([_post(entry) for entry in entries], ensure_ascii=False, indent=1))
        return 0
    for entry in entries:
        print(f"{entry.slug}  ({entry.shelf})  {entry.name}")
    print(f"{len(entries)} posts")
    return 0


def list_sentences(coach: Coach, slug: str) -> int:
    """The sentences of a post with their hashes, for plays and debrief forms."""
    entry = coach.library.entries().get(slug)
    if entry is None:
        print(f"No post is called {slug}. `python -m bot posts` lists them.", file=sys.stderr)
        return 1
    for sentence in sentences(entry.text):
        print(f"{sentence.hash}  {sentence.text}")
    return 0


def tip(coach: Coach, words: str, as_json: bool, with_model: bool = True) -> int:
    """The answer to `words`, or to each line of standard input when `words` is "-"."""
    coach.meaning.catch_up(embedded, most=AT_ONCE)
    questions = (line.strip() for line in sys.stdin) if words == "-" else iter([words])
    answers = (coach.tips.preview(question, with_model) for question in questions)
    if as_json and words == "-":
        for answer in answers:
            print(json.dumps(_answer(answer), ensure_ascii=False))
        return 0
    for answer in answers:
        if as_json:
            print(json.dumps(_answer(answer), ensure_ascii=False, indent=1))
        else:
            print(as_text(answer))
            for ranked in answer.ranked:
                print(f"  {ranked.score:6.3f}  {ranked.source.name}")
    return 0


def as_text(answer: Answer) -> str:
    """The answer as plain text, as `/tip` says it."""
    if answer.tip is None:
        return _choice(answer) if answer.offered else _nothing(answer)
    tip, source = answer.tip, answer.tip.source
    if tip.written:
        return "\n".join(f"{each.text}\n> {each.source.quote}" for each in tip.written)
    more = " …" if source.clipped else ""
    quote = [] if tip.quotes_alone else [f"> {source.quote}{more}"]
    return "\n".join([tip.headline, *quote, label(source)])


def _choice(answer: Answer) -> str:
    offered = (f"- {each.lesson} ({label(each.source)})" for each in answer.offered)
    return "\n".join(["Closest I have; one of these may fit.", *offered])


def _nothing(answer: Answer) -> str:
    if answer.foreign:
        return "The library is in English. Ask in English."
    return f"The library has nothing on “{answer.words}”."


def _post(entry: Entry) -> dict[str, Any]:
    post = asdict(entry.as_post())
    body = post.pop("body")
    for place in ("guid", "file"):  # they serve the import alone
        del post[place]
    post["published"] = post["published"] and post["published"].isoformat()
    return post | {"shelf": entry.shelf, "body": body}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "query": answer.words,
        "answered": answer.tip is not None,
        "text": as_text(answer),
        "score": answer.score,
        "citations": [_citation(answer.tip.source)] if answer.tip else [],
        "offered": [_citation(each.source) | {"lesson": each.lesson} for each in answer.offered],
        "ranked": [_ranked(ranked) for ranked in answer.ranked],
    }


def _citation(source: Source) -> dict[str, Any]:
    return {
        "post": source.post,
        "title": source.title,
        "author": source.author,
        "published": source.published and source.published.isoformat(),
        "quote": source.quote,
        "shelf": source.shelf,
    }


def _ranked(ranked: Ranked) -> dict[str, Any]:
    facts = ranked.source.facts
    return {
        "post": ranked.source.slug,
        "title": facts.title,
        "published": facts.published and facts.published.isoformat(),
        "score": ranked.score,
    }

"""What a person does on the page: each kind of act by its name."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from datetime import timedelta

from handlers.trial.page_state import INVITE
from handlers.trial.small_slack.courier import Delivery
from handlers.trial.small_slack.world import CantDo, Json, Message, View, snapshot, view_snapshot
from handlers.trial.trial import PEOPLE, Trial

Act = Callable[[Trial, str, Json], Json]


def act(trial: Trial, asked: Json) -> Json:
    """Do what was asked; `{"error": …}` or `{"errors": {field: words}}` if it did not go well.

    Raises `CantDo` for what no person could do, `KeyError` for an act that does not exist.
    """
    user, kind = str(asked["as"]), str(asked["do"])
    if user not in PEOPLE:
        raise CantDo("There is nobody of that name.")
    done = ACTS[kind](trial, user, asked)
    trial.tell()
    return done


def _told(done: Delivery) -> Json:
    return {"error": done.error, "errors": done.errors}


def _command(trial: Trial, user: str, asked: Json) -> Json:
    name, _, words = str(asked["text"]).strip().partition(" ")
    channel = str(asked["channel"])
    if name == INVITE[0]:
        return _invite(trial, channel)
    if name not in trial.coach.settings.commands.values():
        return {"error": f"There is no command {name} here. Type / to see the list."}
    return _told(trial.slack.command(user, channel, name, words))


def _invite(trial: Trial, channel: str) -> Json:
    if trial.slack.world.channels[channel].im:
        return {"error": "The coach is here already."}
    trial.slack.invite(channel)
    return {"note": "The coach is in this channel now."}


def _say(trial: Trial, user: str, asked: Json) -> Json:
    thread = asked.get("thread") or None
    return _told(trial.slack.say(user, str(asked["channel"]), str(asked["text"]), thread))


def _share(trial: Trial, user: str, asked: Json) -> Json:
    content = b64decode(str(asked["content"]), validate=True)
    place, name = str(asked["channel"]), str(asked["name"])
    return _told(trial.slack.share(user, place, name, content, str(asked.get("text") or "")))


def _edit(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.edit(user, _message(trial, asked), str(asked["text"])))


def _delete(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.delete(user, _message(trial, asked)))


def _click(trial: Trial, user: str, asked: Json) -> Json:
    target, value = _target(trial, asked), asked.get("value")
    done = trial.slack.click(user, target, str(asked["action"]), value, str(asked["block"]))
    return _told(done)


def _fill(trial: Trial, user: str, asked: Json) -> Json:
    trial.slack.fill(user, _target(trial, asked), {str(asked["block"]): asked.get("value")})
    return {}


def _suggest(trial: Trial, user: str, asked: Json) -> Json:
    target, typed = _target(trial, asked), str(asked.get("typed") or "")
    place = str(asked["action"]), str(asked["block"])
    return {"options": trial.slack.suggest(user, target, *place, typed)}


def _submit(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.submit(user, _view(trial, asked), asked.get("values") or {}))


def _close(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.close(user, _view(trial, asked)))


def _home(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.open_home(user))


def _messages(trial: Trial, user: str, asked: Json) -> Json:
    return _told(trial.slack.open_messages_tab(user))


def _read(trial: Trial, user: str, asked: Json) -> Json:
    last, channel, ts = trial.read[user], str(asked["channel"]), str(asked["ts"])
    last[channel] = max(last.get(channel, ""), ts)
    return {}


def _clock(trial: Trial, user: str, asked: Json) -> Json:
    move = str(asked["move"])
    if move == "ten":
        trial.move_to(trial.in_ten_minutes())
    elif move == "hour":
        trial.move_to(trial.in_an_hour())
    elif move == "tomorrow":
        trial.move_to(trial.tomorrow(user))
    elif (then := trial.after_the_call()) is not None:
        trial.move_to(then)
    else:
        return {"error": "No call is planned. Ask for a huddle first."}
    return {}


def _calendar(trial: Trial, user: str, asked: Json) -> Json:
    how, calendar = str(asked["how"]), trial.calendar
    if how == "add":
        now = trial.clock.now().replace(second=0, microsecond=0)
        soon = now + timedelta(minutes=60 - now.minute % 30)
        calendar.add(user, str(asked.get("title") or ""), soon, str(asked.get("guest") or ""))
    elif how == "cancel":
        calendar.cancel(user, str(asked["id"]))
    else:
        calendar.move(user, str(asked["id"]), MOVES[how])
    trial.calendar_changed()
    return {}


MOVES = {"later": timedelta(minutes=30), "next_day": timedelta(days=1)}


def _walk(trial: Trial, user: str, asked: Json) -> Json:
    trial.walk.dismissed = bool(asked.get("off"))
    if asked.get("again"):
        trial.walk.done.clear()
    return {}


def _start_over(trial: Trial, user: str, asked: Json) -> Json:
    trial.start_over()
    return {}


ACTS: dict[str, Act] = {
    "command": _command,
    "say": _say,
    "share": _share,
    "edit": _edit,
    "delete": _delete,
    "click": _click,
    "fill": _fill,
    "suggest": _suggest,
    "submit": _submit,
    "close": _close,
    "home": _home,
    "messages": _messages,
    "read": _read,
    "clock": _clock,
    "calendar": _calendar,
    "walk": _walk,
    "start_over": _start_over,
}


def _target(trial: Trial, asked: Json) -> Message | View:
    return _view(trial, asked) if asked.get("view") else _message(trial, asked)


def _message(trial: Trial, asked: Json) -> Message:
    with trial.slack.world.lock:
        found = trial.slack.world.message(str(asked["channel"]), str(asked["ts"]))
        if found is None:
            raise CantDo("That message is gone.")
        return snapshot(found)


def _view(trial: Trial, asked: Json) -> View:
    with trial.slack.world.lock:
        found = trial.slack.world.views.get(str(asked["view"]))
        if found is None:
            raise CantDo("That form was closed.")
        return view_snapshot(found)

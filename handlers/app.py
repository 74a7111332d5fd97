"""The Bolt app: who listens to what."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt import App, BoltResponse

from bot.clock.timer import Scheduler
from bot.coach import Coach
from bot.errors import NotYet
from handlers.calendars import command as calendar_command
from handlers.conversation import messages, profiles, workspaces
from handlers.daily_tips import command as daily_tips_command
from handlers.debriefs import command as debrief_command
from handlers.debriefs import follow_up, handing_on
from handlers.dispatch import coach_command, errors, outsiders
from handlers.dispatch.ack_first import AckFirst
from handlers.dispatch.asked import Asked
from handlers.dispatch.inbox import InboxWorker
from handlers.dispatch.listener import Listener, Then
from handlers.dispatch.outsiders import Membership, Outsider
from handlers.huddles import command as huddle_command
from handlers.huddles import items
from handlers.library import command as library_command
from handlers.meetings import command as meeting_command
from handlers.outbox import hours_command
from handlers.outbox.delivery import USUAL, Deliverer, Limits
from handlers.questions import answers
from handlers.records import commands as record_commands
from handlers.records import keeping
from handlers.slack import payloads
from handlers.slack.blocks import words
from handlers.slack.client import client
from handlers.slack.messenger import Messenger
from handlers.tips import command as tip_command
from handlers.tips import post_reader

# A listener commits what was typed and acks; if it raises before that, a form stays open and says
# why. What is slow it returns as a function of nothing, which then runs on threads kept for
# answers. What nobody waits for, a card or what a channel reads, it returns as `in_time`, which
# runs on others. Each feature is a module with any of
#   COMMANDS, SUBCOMMANDS, ACTIONS, OPTIONS, VIEWS, EVENTS   listeners by name;
#   AFTER_ACK         commands that are only kept before their ack, and what is done after it;
#   COMMITTED_FORMS   forms and buttons: what each begins before its ack, and what is done after;
#   JOBS              what it does at each waking;
#   KINDS             how each kind of message is said that goes out by the outbox;
#   HELP, STATUS      what it adds to `/coach help` and `/coach status`.
FEATURES = (
    tip_command,
    huddle_command,
    items,
    post_reader,
    profiles,
    workspaces,
    debrief_command,
    follow_up,
    handing_on,
    hours_command,
    daily_tips_command,
    calendar_command,
    meeting_command,
    library_command,
    messages,
    answers,
    record_commands,
    keeping,
)

WORKERS = 20  # Bolt's default is 5: five slow answers, and the sixth command is not acked in 3 s


class Bot:
    """The coach at work in one Slack: the Bolt app, its voice, its inbox."""

    def __init__(self, coach: Coach, scheduler: Scheduler, limits: Limits = USUAL) -> None:
        settings = coach.settings
        self.coach = coach
        self.scheduler = scheduler
        web = client(settings.bot_token, settings.api_url, limits.timeout_s)
        self.messenger = Messenger(web, coach, scheduler.later)
        self.membership = Membership(coach, self.messenger)
        deeds = table("AFTER_ACK") | {
            name: deed for name, (_, deed) in table("COMMITTED_FORMS").items()
        }
        self.inbox_worker = InboxWorker(
            coach, self.messenger, table("EVENTS"), deeds, self.membership
        )
        self.deliverer = Deliverer(coach, self.messenger, table("KINDS"), limits)
        # Told of each ack: the command, “button” or “form”, and the seconds it took.
        self.on_ack: Callable[[str, float], object] = _nobody_counts
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="listener")
        self._ack_first = AckFirst()
        self.app = App(
            name="coach",  # else Bolt walks the whole stack to find one, for 50 ms
            client=web,
            signing_secret=settings.signing_secret or "unused",
            token_verification_enabled=False,
            listener_executor=self._workers,
        )
        self._listen()
        coach.calendars.seal_what_is_clear()
        scheduler.each_time(coach.store.flush)
        scheduler.each_time(self.inbox_worker.drain)
        scheduler.each_time(self.deliverer.wake)
        for job in table("JOBS").values():
            scheduler.each_time(partial(job, coach, self.messenger))

    def wind_down(self) -> None:
        """Begin nothing more unasked: no waking, no nudge, no event. What is under way goes on."""
        self.scheduler.pause()
        self.coach.looks.stop()
        self.deliverer.begin_nothing()
        self.inbox_worker.begin_nothing()

    def stop(self) -> None:
        """Finish what is under way and begin nothing. The store stays open."""
        self.wind_down()
        self.scheduler.stop()
        self._workers.shutdown(wait=True, cancel_futures=True)
        self._ack_first.stop()
        self.deliverer.stop()
        self.inbox_worker.stop()

    def _listen(self) -> None:
        app, commands = self.app, self.coach.commands
        app.middleware(self._receive)
        for name, listener in _commands(self.inbox_worker).items():
            app.command(commands[name])(self._heard(listener, name))
        for action_id, listener in table("OPTIONS").items():
            app.options(action_id)(listener)
        # One for all: Bolt takes a tenth of a millisecond to look at a listener, and walks along
        # all of them for each click.
        begun = _begun(self.inbox_worker)
        for every, name, kind in ((app.action, "button", "ACTIONS"), (app.view, "form", "VIEWS")):
            every(re.compile(".*"))(self._heard(_by_name(table(kind) | begun), name))
        errors.listen(app, self.messenger)

    def _heard(self, listener: Listener, name: str) -> Callable[..., None]:
        """`listener` as Bolt calls it, with what it returns put on the slow threads."""

        def hear(ack: Callable[..., object], asked: Asked, came: float) -> None:
            asked = replace(asked, ack=self._counted(ack, name, came))
            try:
                then = listener(asked)
            finally:
                self._ack_first.ack_over(asked.trigger_id)
            if then or asked.is_command:
                self._ack_first.soon(self._answer, then, asked)

        return hear

    def _counted(self, ack: Callable[..., object], name: str, came: float) -> Callable[..., object]:
        """`ack`, of which whoever counts hears; `came` is monotonic."""

        def counted(*answer: object, **more: object) -> object:
            acked = ack(*answer, **more)
            self.on_ack(name, time.monotonic() - came)
            return acked

        return counted

    def _answer(self, then: Then, asked: Asked) -> None:
        """What comes after an ack: a form or an answer.

        Whoever asks to be forgotten before all of it is done stays forgotten: they are known first.
        """
        new = asked.is_command and messages.meet(asked.rep, self.coach)
        rest = errors.run(then, asked) if then else None
        if new or callable(rest):
            self._ack_first.later(self._finish, rest, asked, new)

    def _finish(self, rest: object, asked: Asked, new: bool) -> None:
        """What has time; and who is here, to those who did not know."""
        while callable(rest):
            rest = errors.run(rest, asked)
        if new:
            messages.say_who_is_here(asked.rep, self.coach, self.messenger)

    def _receive(
        self, body: dict[str, Any], context: Any, next: Callable[[], None]
    ) -> BoltResponse | None:
        """Before any listener: keep events, drop replays, turn outsiders away, say who asks."""
        came = time.monotonic()
        if (request := payloads.asked(body)) is None:
            self.inbox_worker.receive(body)
            return BoltResponse(status=200)
        self.coach.workspaces.is_here(request.rep.workspace_id)
        seen = self.coach.inbox.is_first_delivery
        if request.trigger_id and not seen(request.rep.workspace_id, request.trigger_id):
            return BoltResponse(status=200)
        try:
            known = self.membership.recognise(request)
        except (Outsider, NotYet) as why:
            self._ack_first.later(self.messenger.tell_privately, request, words(str(why)))
            return outsiders.answer(request, str(why))
        context.update(asked=Asked.of(known, self.coach, self.messenger), came=came)
        self._ack_first.ack_begins(known.trigger_id)
        next()
        return None


def table(name: str) -> dict[str, Any]:
    """All entries of one kind of all features. Two features that listen for the same are wrong."""
    joined: dict[str, Any] = {}
    for feature in FEATURES:
        entries: Mapping[str, Any] = getattr(feature, name, {})
        if twice := joined.keys() & entries.keys():
            raise ValueError(f"two features listen for {sorted(twice)}")
        joined |= entries
    return joined


def _by_name(listeners: Mapping[str, Listener]) -> Listener:
    """The listener that hears what was pressed or sent under its name."""

    def hear(asked: Asked) -> Then:
        listener: Listener = listeners.get(asked.name, _unknown)
        return listener(asked)

    return hear


def _nobody_counts(name: str, seconds: float) -> None:
    """Where no port is set for the figures."""


def _unknown(asked: Asked) -> Then:
    """A button of a message that an older version of the coach drew."""
    asked.ack()
    old = words("That button is older than I am. Type the command again for a new one.")
    return lambda: asked.reply(old)


def _commands(inbox_worker: InboxWorker) -> dict[str, Any]:
    commands = table("COMMANDS") | {name: inbox_worker.keeper(name) for name in table("AFTER_ACK")}
    told = coach_command.CoachCommand(
        commands | table("SUBCOMMANDS"), _list("HELP"), _list("STATUS")
    )
    return commands | {"coach": told.on_coach}


def _begun(inbox_worker: InboxWorker) -> dict[str, Any]:
    return {
        name: inbox_worker.beginner(begin) for name, (begin, _) in table("COMMITTED_FORMS").items()
    }


def _list(name: str) -> list[Any]:
    return [entry for feature in FEATURES for entry in getattr(feature, name, ())]

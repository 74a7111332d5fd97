"""Who belongs to our workspace; everybody else gets one sentence, and nothing of the library."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.app import Bot
from handlers.slack.homes import belongs
from handlers.trial.small_slack.slack import Delivery, FakeSlack
from handlers.trial.small_slack.world import Message
from tests.conftest import eventually, rows
from tests.support import tips
from tests.support.debriefs import told
from tests.support.huddles import ask, huddle, private
from tests.support.questions import DISCOUNT, at_ten, mention, mentioned, settled

__all__ = ["at_ten", "mentioned"]  # fixtures

AWAY = "This is the sales coach of another workspace. There it works."
NOT_KNOWN = "Slack doesn't tell me right now whether you belong here."
TABLES = ("reps", "replies", "questions", "tips_said", "debriefs")
GRID: dict[str, Any] = {"enterprise": {"id": "E1", "name": "Org"}}


def unknown(bot: Bot, user: str) -> bool:
    """Whether nothing is noted of somebody."""
    return not any(rows(bot, f"SELECT 1 FROM {t} WHERE user_id = '{user}'") for t in TABLES)


@pytest.fixture
def eve(slack: FakeSlack) -> str:
    """Somebody of another organisation, in #deals by Slack Connect since the card was put there."""
    slack.add_user("X1", "eve", team="TX")
    slack.join("X1", "C1")
    return "X1"


def send(slack: FakeSlack, user: str, text: str, **more: Any) -> None:
    """A direct message as Slack tells of it."""
    ts = slack.world.ts()
    inner = {"type": "message", "user": user, "text": text, "ts": ts, "event_ts": ts}
    place = {"channel": slack.world.dm(user).id, "channel_type": "im", "client_msg_id": f"m-{ts}"}
    assert slack._event("message.im", "T1", inner | place | more).status == 200


# Slack Connect ------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["new", "changed"])
def test_an_outsider_who_writes_gets_one_sentence_and_is_no_rep(
    slack: FakeSlack, bot: Bot, what: str
) -> None:
    slack.add_user("X1", "eve", team="TX")
    inner = {"user": "X1", "team": "TX", "ts": "1.1", "text": DISCOUNT}
    changed = {"subtype": "message_changed", "message": inner, "client_msg_id": ""}
    send(slack, "X1", DISCOUNT, team="TX", **(changed if what == "changed" else {}))
    channel = slack.world.dm("X1").id
    eventually(lambda: slack.messages(channel))
    settled(bot)
    assert [m.plain for m in slack.messages(channel)] == [AWAY]
    assert unknown(bot, "X1")


def buttons(message: Message) -> list[tuple[str, str, Any]]:
    """Each element of a message that can be pressed: where, what, its value or first option."""
    found = []
    for block in message.blocks:
        held = [*block.get("elements", ()), block.get("accessory") or {}]
        for part in (p for p in held if p.get("action_id")):
            options = part.get("options") or [{}]
            value = part.get("value") or options[0].get("value")
            found.append((block["block_id"], part["action_id"], value))
    return found


def test_no_button_of_a_card_does_anything_for_an_outsider(
    slack: FakeSlack, bot: Bot, eve: str
) -> None:
    card = huddle(slack, "Acme 15:00")
    # A message stands a moment before Slack's log has the call that brought it.
    eventually(lambda: any(e.name == "chat.postMessage" for e in slack.log))
    slack.world.channels["C1"].shared = True
    before = rows(bot, "SELECT * FROM huddle_items"), len(slack.log)
    pressed = buttons(card)
    for n, (block_id, action_id, value) in enumerate(pressed, start=1):
        assert slack.click(eve, card, action_id, value, block_id).error is None
        eventually(lambda n=n: len(slack.ephemerals(eve)) == n)
    assert len(pressed) > 9
    assert {m.plain for m in slack.ephemerals(eve)} == {AWAY}
    assert slack.modal(eve) is None and unknown(bot, eve)
    assert rows(bot, "SELECT * FROM huddle_items") == before[0]
    calls = {e.name for e in slack.log[before[1] :] if e.direction == "in"}
    assert calls <= {"response_url", "chat.postEphemeral"}, "nobody was asked, nothing was drawn"


def test_an_outsiders_mention_gets_one_sentence_that_they_alone_read(
    mentioned: FakeSlack, bot: Bot, eve: str
) -> None:
    mentioned.world.channels["C1"].shared = True
    mention(mentioned, DISCOUNT, user=eve)
    eventually(lambda: mentioned.ephemerals(eve))
    settled(bot)
    assert [m.plain for m in mentioned.ephemerals(eve)] == [AWAY]
    assert [m.user for m in mentioned.messages("C1")] == [eve] and unknown(bot, eve)


def test_an_outsider_votes_on_no_tip_that_was_shared(slack: FakeSlack, bot: Bot, eve: str) -> None:
    answer = tips.ask(slack, "scope creep")
    tips.press(slack, "U1", answer, "Share")
    shared = eventually(lambda: slack.messages("C1"))[-1]
    slack.world.channels["C1"].shared = True
    for block_id, action_id, value in buttons(shared):
        slack.click(eve, shared, action_id, value, block_id)
    settled(bot)
    assert {m.plain for m in slack.ephemerals(eve)} <= {AWAY} and unknown(bot, eve)


# Enterprise Grid ----------------------------------------------------------------------------


def grid_click(
    slack: FakeSlack, user: str, home: str, value: str, action: str = "debrief.open"
) -> Delivery:
    """A click on a Grid, from a sister workspace: github.com/slackapi/bolt-js/issues/1875."""
    slack.world.users[user].team = home
    place = slack.world.dm(user).id
    payload = GRID | {
        "type": "block_actions",
        "team": {"id": "T2", "domain": "sister", "enterprise_id": "E1"},
        "user": {"id": user, "team_id": "T2"},
        "channel": {"id": place},
        "container": {"type": "message", "channel_id": place, "message_ts": "1.1"},
        "trigger_id": f"grid.{user}",
        "response_url": "",
        "actions": [{"action_id": action, "block_id": "b", "value": value, "type": "button"}],
    }
    return slack.courier.send("interactive", "T1", payload)


def grid_form(slack: FakeSlack, user: str, *blocks: dict[str, Any]) -> Delivery:
    """A form that is sent from a sister workspace."""
    view = {
        "id": "V1", "type": "modal", "callback_id": "debrief.save", "blocks": list(blocks),
        "title": {"type": "plain_text", "text": "Debrief"}, "private_metadata": "",
        "state": {"values": {}}, "app_installed_team_id": "T1",
    }  # fmt: skip
    payload = GRID | {
        "type": "view_submission", "team": {"id": "T2"}, "user": {"id": user, "team_id": "T2"},
        "trigger_id": "grid.form", "view": view,
    }  # fmt: skip
    return slack.courier.send("interactive", "T1", payload)


def grid_command(slack: FakeSlack, user: str, team: str = "T1") -> None:
    payload = {
        "team_id": team, "enterprise_id": "E1", "enterprise_name": "Org", "user_id": user,
        "channel_id": "C1", "channel_name": "deals", "command": "/tip", "text": DISCOUNT,
        "response_url": "", "trigger_id": f"grid.{user}.{team}",
    }  # fmt: skip
    assert slack.courier.send("slash_commands", "T1", payload).status == 200


def grid_message(slack: FakeSlack, user: str, *grants: dict[str, Any], **more: Any) -> None:
    """What somebody wrote, as a Grid tells of it: the outer `team_id` may be a sister's.
    docs.slack.dev/apis/events-api, `authorizations`."""
    ts = slack.world.ts()
    inner = {"type": "message", "user": user, "text": DISCOUNT, "ts": ts, "event_ts": ts}
    inner |= {"channel": slack.world.dm(user).id, "channel_type": "im", "client_msg_id": ts}
    payload = {
        "type": "event_callback", "team_id": "T2", "enterprise_id": "E1", "event": inner | more,
        "event_id": f"Ev{ts}", "event_time": 1, "authorizations": list(grants),
    }  # fmt: skip
    assert slack.courier.send("events_api", "T1", payload).status == 200


OURS = {"enterprise_id": "E1", "team_id": "T1", "user_id": "UBT1", "is_enterprise_install": False}
WHOLE = {"enterprise_id": "E1", "team_id": None, "user_id": "UB", "is_enterprise_install": True}


def opened(slack: FakeSlack) -> int:
    return sum(call.name == "views.open" for call in slack.log)


def test_on_a_grid_a_person_of_our_workspace_is_known_and_one_of_a_sister_is_not(
    slack: FakeSlack, bot: Bot
) -> None:
    huddle(slack, "Acme now")
    grid_click(slack, "U1", "T1", "1")
    eventually(lambda: opened(slack) == 1)
    assert grid_click(slack, "U2", "T2", "1").status == 200
    settled(bot)
    assert opened(slack) == 1


@pytest.mark.parametrize("grants", [(OURS,), (WHOLE, OURS)])
@pytest.mark.parametrize("team", ["T1", "T2"])
def test_an_event_is_ours_by_its_authorizations(
    slack: FakeSlack, bot: Bot, grants: tuple[dict[str, Any], ...], team: str
) -> None:
    grid_message(slack, "U1", *grants, team=team)
    eventually(lambda: any("Negotiating with a Clock" in m.plain for m in told(slack)))
    assert rows(bot, "SELECT DISTINCT workspace_id FROM questions") == [("T1",)]


def test_a_message_from_a_sister_workspace_gets_one_sentence(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U8", "sis", team="T2")
    slack.world.users["U8"].teams = ("T1", "T2")
    grid_message(slack, "U8", OURS, team="T2")
    eventually(lambda: slack.messages(slack.world.dm("U8").id))
    settled(bot)
    assert [m.plain for m in slack.messages(slack.world.dm("U8").id)] == [AWAY]
    assert unknown(bot, "U8")


def test_a_command_of_a_sister_workspaces_person_is_turned_away(slack: FakeSlack, bot: Bot) -> None:
    slack.add_user("U8", "sis", team="T2")
    slack.world.users["U8"].teams = ("T1", "T2")
    grid_command(slack, "U8")
    grid_command(slack, "U8", "T2")
    settled(bot)
    bot.stop()
    assert unknown(bot, "U8") and not rows(bot, "SELECT 1 FROM tips_said")


def test_a_new_colleague_is_served_while_slack_does_not_tell_their_home(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.add_user("U8", "new")
    slack.fail("users.info", "internal_error", 9)
    grid_command(slack, "U8")
    eventually(lambda: rows(bot, "SELECT 1 FROM tips_said WHERE user_id = 'U8'"))


FIELD = {"type": "input", "block_id": "goal", "element": {"type": "plain_text_input"}}
TEXT = {"type": "section", "block_id": "text", "text": {"type": "mrkdwn", "text": "Sure?"}}


def test_a_form_of_somebody_of_a_sister_workspace_stays_open(slack: FakeSlack, bot: Bot) -> None:
    slack.world.users["U2"].team = "T2"
    done = grid_form(slack, "U2", TEXT, FIELD)
    assert done.answer == {"response_action": "errors", "errors": {"goal": AWAY}}


def test_a_form_without_fields_shows_them_the_sentence(slack: FakeSlack, bot: Bot) -> None:
    slack.world.users["U2"].team = "T2"
    done = grid_form(slack, "U2", TEXT)
    assert done.answer["response_action"] == "update" and AWAY in str(done.answer["view"])


def test_a_form_stays_open_while_slack_does_not_tell_whose_it_is(
    slack: FakeSlack, bot: Bot
) -> None:
    slack.fail("users.info", "internal_error")
    done = grid_form(slack, "U1", FIELD)
    assert NOT_KNOWN in done.answer["errors"]["goal"]


@pytest.mark.parametrize(("team", "told_off"), [("T2", True), ("T1", False)])
def test_whom_a_rep_names_belongs_by_the_same_rule(
    slack: FakeSlack, bot: Bot, team: str, told_off: bool
) -> None:
    slack.add_user("U8", "sis", team=team)
    slack.world.users["U8"].teams = ("T1", "T2")
    slack.join("U8", "C2")
    ask(slack, "Acme 15:00 <@U8>", channel="C2")
    if told_off:
        private(slack, "@sis was not told. That person belongs to another workspace.")
    else:
        eventually(lambda: "counts on you for *Acme*" in slack.said_to("U8"))


teams = st.lists(st.sampled_from(["T1", "T2", "T3"]))


@given(st.sampled_from(["T1", "T2", "E1", "", None]), teams, teams)
def test_who_has_a_home_belongs_there_and_nowhere_else(
    home: str | None, member: list[str], listed: list[str]
) -> None:
    user = {"team_id": home, "enterprise_user": {"teams": member}, "teams": listed}
    expected = home == "T1" if home and home[0] == "T" else "T1" in member + listed
    assert belongs(user, "T1") == expected

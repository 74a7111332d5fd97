"""Who someone is, as the Web API tells it."""

from __future__ import annotations

from zoneinfo import ZoneInfo, available_timezones

from handlers.trial.small_slack.api.call import ApiCall
from handlers.trial.small_slack.world import Json, SlackError, User


def info(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/users.info; members of shared channels can be looked up."""
    user = call.world.users.get(call.text("user"))
    if user is None or not _known(call, user):
        raise SlackError("user_not_found")
    told = {"locale": user.locale} if call.text("include_locale") in ("1", "true") else {}
    return {"user": described(call, user) | told}


def everyone(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/users.list"""
    people = [described(call, u) for u in call.world.users.values() if _known(call, u)]
    page, cursor = call.page(people, 1000, 1000)
    return {"members": page, "response_metadata": {"next_cursor": cursor}}


def team(call: ApiCall) -> Json:
    """docs.slack.dev/reference/methods/team.info"""
    own = call.workspace
    return {"team": {"id": own.id, "name": own.name, "domain": own.domain}}


def described(call: ApiCall, user: User) -> Json:
    """A user object: docs.slack.dev/reference/objects/user-object; no zone once deactivated.

    An offset may come without a name: github.com/caiosba/slack-timezone-converter/issues/3.
    """
    zone: Json = {"tz": user.tz}
    if user.tz_offset is not None:
        zone["tz_offset"] = user.tz_offset
    elif user.tz in available_timezones():
        local = call.world.clock.now().astimezone(ZoneInfo(user.tz))
        offset = local.utcoffset()
        zone["tz_label"] = local.tzname()
        zone["tz_offset"] = int(offset.total_seconds()) if offset else 0
    profile = {
        "real_name": user.name,
        "real_name_normalized": user.name,
        "display_name": user.handle,
        "display_name_normalized": user.handle,
        "team": user.team,
    }
    # docs.slack.dev/reference/objects/user-object: an end of 0 is none
    words, sign, until = user.status
    status: Json = {"status_text": words, "status_emoji": sign, "status_expiration": until}
    return {
        "id": user.id,
        "team_id": user.team,
        "name": user.handle,
        "real_name": user.name,
        "deleted": user.deleted,
        "is_bot": user.is_bot,
        "is_admin": user.is_admin,
        "is_app_user": False,
        "is_stranger": user.team != call.workspace.id,
        "profile": profile | status,
        **({"enterprise_user": {"id": user.id, "teams": list(user.teams)}} if user.teams else {}),
        **({} if user.deleted else zone),
    }


def _known(call: ApiCall, user: User) -> bool:
    """One's own people, and those met in a channel shared with their organisation."""
    rooms = [c for c in call.world.channels.values() if c.shared and call.in_reach(c)]
    ours = call.workspace.id in (user.team, *user.teams)
    return ours or any(user.id in c.members for c in rooms)

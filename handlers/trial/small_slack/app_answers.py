"""What Slack does with the app's answer to a payload, and what it tells the person if it is bad."""

from __future__ import annotations

from handlers.trial.small_slack.api import messages
from handlers.trial.small_slack.api.views import checked, close_all, close_top, redraw, stacked
from handlers.trial.small_slack.courier import Delivery
from handlers.trial.small_slack.world import Hook, Json, SlackError, View, World

# Words to the person: docs.slack.dev/interactivity/implementing-slash-commands for a command,
# docs.slack.dev/surfaces/modals for a form; a click that fails only shows a warning sign.
COMMAND_FAILED = "{} failed with the error “{}”"
FORM_FAILED = "We had some trouble connecting. Try again?"
CLICK_FAILED = "(a warning sign beside the button)"


def to_command(world: World, done: Delivery, hook: Hook) -> None:
    """An empty 200 shows nothing; words or JSON are shown to the person, or in the channel."""
    if not done.ok:
        code = "operation_timeout" if done.reason == "http_timeout" else "dispatch_failed"
        done.error = COMMAND_FAILED.format(done.payload["command"], code)
        return
    said = done.answer
    try:
        if said.get("text") or said.get("blocks"):
            messages.say(world, hook, said)
    except SlackError as refusal:
        done.error = COMMAND_FAILED.format(done.payload["command"], refusal.code)


def to_click(done: Delivery) -> None:
    if not done.ok:
        done.error = CLICK_FAILED


def to_form(world: World, done: Delivery, view: View) -> None:
    """docs.slack.dev/surfaces/modals: an empty 200 closes the form; else its `response_action`."""
    if not done.ok:
        done.error = FORM_FAILED
        return
    try:
        _act(world, done, view)
    except SlackError:
        done.error = FORM_FAILED


def _act(world: World, done: Delivery, view: View) -> None:
    answer = done.answer
    action = answer.get("response_action")
    if not answer:
        if world.stacks.get(view.user, [])[-1:] == [view.id]:
            close_top(world, view.user)
    elif action == "errors":
        done.errors = _errors(view, answer.get("errors"))
    elif action == "clear":
        close_all(world, view.user)
    elif action == "update" and view.id in world.views:
        redraw(world, view, checked(answer.get("view"), frozenset({"modal"})))
    elif action == "push":
        body = checked(answer.get("view"), frozenset({"modal"}))
        stacked(world, view.user, view.team, body)
    else:
        raise SlackError("invalid_response_action")


def _errors(view: View, errors: object) -> dict[str, str]:
    """Words per input; an error for a block that is no input spoils the answer."""
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not errors.keys() <= inputs:
        raise SlackError("invalid_errors")
    told: Json = errors
    return {str(block_id): str(words) for block_id, words in told.items()}

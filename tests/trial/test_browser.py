"""The trial in a real browser: everything that the coach draws can be read, pressed and filled in.

Skipped where no Chromium is installed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from handlers.trial.page_server import Page
from handlers.trial.small_slack.api import views
from handlers.trial.trial import Trial
from tests.conftest import eventually, rows
from tests.support.browser import Tab, needs_browser, open_browser
from tests.support.elements import FORM, HOSTILE, MESSAGE
from tests.support.feeds import feed

pytestmark = [needs_browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    driver = open_browser(tmp_path_factory.mktemp("profile"))
    yield driver
    driver.quit()


@pytest.fixture
def tab(trial: Trial, driver: Any) -> Iterator[Tab]:
    page = Page(trial, 0)
    page.start()
    tab = Tab(driver, page.address)
    tab.open()
    yield tab
    assert tab.troubles() == []
    driver.get("about:blank")
    page.stop()


def test_a_newcomer_walks_from_huddle_to_tip(tab: Tab) -> None:
    tab.sees("Get ready for a call", "#walk")
    tab.press("Type it for me", "#walk")
    assert tab.one("#words").get_attribute("value").startswith("/huddle Acme")
    tab.press("Send")
    tab.sees("Acme · today 15:00 for you")
    tab.sees("Work through it together", "#walk")
    tab.click("#said .message input[type=checkbox]")
    tab.sees("1 of")
    tab.sees("Let the call be over", "#walk")
    tab.press("After the call", "#walk")
    tab.sees("Say how it went", "#walk")
    tab.press("Open messages", "#walk")
    tab.sees("How did Acme go?")
    tab.press("Partly", "#said")
    tab.field("Next step").send_keys("Send the offer")
    tab.press("Save", "#form")
    tab.sees("Send the offer")
    tab.sees("Ask for advice", "#walk")
    tab.press("Type it for me", "#walk")
    tab.press("Send")
    tab.sees("Only visible to you")
    tab.sees("That was the whole walk", "#walk")


def test_the_walk_can_be_put_away(tab: Tab) -> None:
    tab.click('[aria-label="Put the walk away"]')
    tab.wait(lambda: not tab.one("#said") or not tab.all("#walk:not([hidden])"))
    tab.open()
    assert not tab.all("#walk:not([hidden])")


def demo(trial: Trial, blocks: list[Any], text: str = "demo") -> None:
    web = WebClient(trial.coach.settings.bot_token, trial.slack.api_url)
    web.chat_postMessage(channel="C1", text=text, blocks=blocks)


def last_action(tab: Tab, trial: Trial, action: str) -> Any:
    """What the app was told of the last use of an element, once what came of it is drawn.

    A click on something that is drawn anew under it would be lost.
    """

    def look() -> Any:
        said = [e.request["actions"][0] for e in trial.slack.log if e.name == "block_actions"]
        return next(one for one in reversed(said) if one["action_id"] == action)

    told = eventually(lambda: _found(look))
    drawn = "return document.body.dataset.drawn"
    tab.wait(lambda: tab.driver.execute_script(drawn) == str(trial.changes), "the last change")
    return told


def _found(look: Any) -> Any:
    try:
        return look()
    except StopIteration:
        return None


def test_every_kind_of_block_can_be_read(tab: Tab, trial: Trial) -> None:
    demo(trial, MESSAGE)
    for words in (
        "A header",
        "Left field",
        "Right field",
        "small print",
        "quoted",
        "@kim",
        "#deals",
    ):
        tab.sees(words)
    for words in (
        "Picture: a chart",
        "Picture: a big chart",
        ":tada:",
        "<b> &",
        "rich@mia",
        "item",
    ):
        tab.sees(words)
    tab.sees("fenced *not bold*")
    for css, text in (("strong", "bold"), ("em", "italic"), ("s", "struck"), ("code", "code")):
        assert tab.one(f"#said {css}", text)
    assert tab.one("#said a", "a link").get_attribute("href") == "https://example.com/a_b_c"
    time = tab.one("#said time[title]")
    in_new_york = time.text
    tab.be("mia")
    assert tab.one("#said time[title]").text != in_new_york
    tab.be("sam")


def test_every_kind_of_element_tells_the_app_what_was_chosen(tab: Tab, trial: Trial) -> None:
    demo(trial, MESSAGE)
    tab.press("Plain", "#said")
    assert last_action(tab, trial, "demo.plain")["value"] == "p"
    tab.press("Danger", "#said")
    tab.press("Keep it", "#ask")
    tab.press("Danger", "#said")
    tab.press("Cancel it", "#ask")
    assert last_action(tab, trial, "demo.danger")["value"] == "d"
    tab.click('#said input[type=checkbox][value="two"]')
    assert [o["value"] for o in last_action(tab, trial, "demo.boxes")["selected_options"]] == [
        "two"
    ]
    tab.click('#said input[type=radio][value="three"]')
    assert last_action(tab, trial, "demo.radio")["selected_option"]["value"] == "three"
    for action, choice, key, value in (
        ("demo.menu", "two", "selected_option", "two"),
        ("demo.user", "U2", "selected_user", "U2"),
        ("demo.place", "C1", "selected_conversation", "C1"),
    ):
        tab.click(f'#said [data-focus="{action}"] option[value="{choice}"]')
        told = last_action(tab, trial, action)[key]
        assert (told["value"] if isinstance(told, dict) else told) == value
    for action, typed, key, kept in (
        ("demo.date", "2026-12-24", "selected_date", "2026-12-24"),
        ("demo.time", "16:30", "selected_time", "16:30"),
        ("demo.moment", "2026-12-24T15:00", "selected_date_time", 1798142400),  # in New York
    ):
        put(tab, f'#said [data-focus="{action}"]', typed)
        assert last_action(tab, trial, action)[key] == kept
    tab.click('#said [data-focus="demo.several"]')
    tab.click('#said .several input[value="one"]')
    assert [o["value"] for o in last_action(tab, trial, "demo.several")["selected_options"]] == [
        "one"
    ]
    tab.one('#said [data-focus="demo.external"]').send_keys("ac")
    asked = eventually(lambda: [e for e in trial.slack.log if e.name == "block_suggestion"])
    assert asked[-1].request["action_id"] == "demo.external"
    tab.click('#said [data-focus="demo.overflow"]')
    tab.press("Shut", "#said")
    assert last_action(tab, trial, "demo.overflow")["selected_option"]["value"] == "shut"


def put(tab: Tab, css: str, value: str) -> None:
    """A picker's value, as its calendar would set it; typing depends on the browser's language."""
    tab.driver.execute_script(
        "arguments[0].value = arguments[1];"
        "arguments[0].dispatchEvent(new Event('change', {bubbles: true}))",
        tab.one(css),
        value,
    )


def open_form(trial: Trial, user: str = "U1") -> None:
    with trial.slack.world.change():
        views.stacked(trial.slack.world, user, "T1", FORM)


def test_a_form_says_at_each_field_what_is_wrong(tab: Tab, trial: Trial) -> None:
    open_form(trial)
    tab.press("Save", "#form")
    tab.sees("Please complete this required field.", "#form")
    name = tab.field("Name")
    assert name.get_attribute("aria-invalid") == "true"
    assert tab.driver.switch_to.active_element == name
    name.send_keys("Ac")
    tab.field("Length").send_keys("400")
    tab.press("Save", "#form")
    tab.sees("Between 3 and 20 characters.", "#form")
    tab.sees("At most 90.", "#form")


def test_a_reload_in_the_middle_of_a_form_loses_nothing(tab: Tab, trial: Trial) -> None:
    open_form(trial)
    tab.field("Name").send_keys("Acme & <Sons>")
    tab.field("Story").send_keys("They liked it")
    tab.click('#form input[type=radio][value="two"]')
    tab.field("People").click()
    tab.click('#form .several input[value="U2"]')
    put(tab, '#form [data-focus="field"][type="date"]', "2026-12-24")
    view = trial.slack.modal("U1")
    assert view
    eventually(lambda: "They liked it" in json.dumps(view.screen.values("U1")))
    eventually(lambda: "2026-12-24" in json.dumps(view.screen.values("U1")))
    tab.open()
    assert tab.field("Name").get_attribute("value") == "Acme & <Sons>"
    assert tab.field("Story").get_attribute("value") == "They liked it"
    assert tab.one('#form input[type=radio][value="two"]').is_selected()
    assert tab.field("People").text == "kim"
    assert tab.field("Day").get_attribute("value") == "2026-12-24"
    tab.click('[aria-label="Close the form"]')
    tab.wait(lambda: not tab.all("#form[open]"))
    assert trial.slack.modal("U1") is None


def test_what_people_and_posts_write_is_shown_and_never_run(tab: Tab, trial: Trial) -> None:
    tab.type(HOSTILE)
    tab.sees("<script>alert(2)</script>")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": HOSTILE}}
    demo(trial, [section, {"type": "header", "text": {"type": "plain_text", "text": HOSTILE}}])
    tab.sees("press")
    assert not tab.all("#said img, #said script, #said [onerror]")
    assert not [a for a in tab.all("#said a") if "javascript" in (a.get_attribute("href") or "")]


def test_two_people_work_on_one_huddle_and_both_see_it(tab: Tab, driver: Any) -> None:
    tab.type("/huddle Acme demo 15:00 @kim")
    tab.sees("Acme · today 15:00 for you")
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    tab.open()
    tab.be("kim")
    tab.sees("today 21:00 for you")
    tab.click("#said .message input[type=checkbox]")
    tab.sees("1 of")
    driver.close()
    driver.switch_to.window(first)
    tab.sees("1 of")
    assert len(tab.all("#said .message input[type=checkbox]:checked")) == 1
    driver.execute_script("localStorage.clear()")


def test_a_changed_message_leaves_focus_and_half_typed_words_alone(tab: Tab, trial: Trial) -> None:
    tab.type("/huddle Acme demo 15:00")
    tab.sees("0 of")
    draft = tab.one("#words")
    draft.send_keys("half a sen")
    card = next(m for m in trial.slack.messages("C1") if m.user != "U1")
    row = next(b for b in card.blocks if b.get("elements", [{}])[0].get("type") == "checkboxes")
    box = row["elements"][0]
    trial.slack.click("U2", card, box["action_id"], box["options"][0]["value"], row["block_id"])
    tab.sees("1 of")
    assert tab.one("#words").get_attribute("value") == "half a sen"
    assert driver_focus(tab) == "words"


def driver_focus(tab: Tab) -> str:
    return str(tab.driver.execute_script("return document.activeElement.id"))


def test_a_form_put_away_gives_the_composer_back(tab: Tab) -> None:
    tab.type("/huddle")
    tab.press("Not now", "#form")
    tab.wait(lambda: not tab.all("#form[open]"), "the form is gone")
    tab.one("#words").send_keys("half a sen")
    assert tab.one("#words").get_attribute("value") == "half a sen"


def test_what_one_asked_for_privately_comes_into_sight(tab: Tab) -> None:
    for account in ("Acme", "Globex", "Initech"):
        tab.type(f"/huddle {account} demo 15:00")
        tab.sees(f"{account} · today")
    tab.driver.execute_script("document.querySelector('#said').scrollTop = 0")
    tab.all("#said button[data-focus^='huddle.why_parts']")[0].click()
    tab.sees("runs the call")
    assert tab.driver.execute_script(
        "const box = document.querySelector('#said');"
        "return box.scrollHeight - box.scrollTop - box.clientHeight < 2"
    )


def test_nothing_moves_under_the_pointer(tab: Tab, trial: Trial) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    for words in ("one", "two"):
        trial.slack.say("U1", "C1", words)
    tab.sees("two")
    tops = "return [...document.querySelectorAll('#said .message')].map((m) => m.offsetTop)"
    before = tab.driver.execute_script(tops)
    for message in tab.all("#said .message"):
        ActionChains(tab.driver).move_to_element(message).perform()
        assert tab.one("#said .rare", "Edit")
        assert tab.driver.execute_script(tops) == before


def test_the_clock_brings_what_is_due(tab: Tab) -> None:
    tab.type("/coach daily 9:00")
    tab.sees("one tip")
    tab.click("#clock")
    assert tab.one("[data-move=after_call]").get_attribute("disabled")
    tab.click("[data-move=tomorrow]")
    tab.wait(lambda: "09:0" in tab.one("#clock").text, "tomorrow morning")
    tab.wait(lambda: len(tab.all("#said .message:not(.private)")) == 1, "the daily tip")
    tab.be("mia")
    assert "23:0" in tab.one("#clock").text
    tab.be("sam")


def test_something_new_elsewhere_is_marked_until_it_is_read(tab: Tab, trial: Trial) -> None:
    tab.go("hallway")
    trial.slack.say("U2", "C1", "look at this")
    tab.wait(lambda: tab.one(".place.new").text.startswith("#\ndeals"), "a mark at #deals")
    tab.go("deals")
    tab.wait(lambda: not tab.all(".place.new"), "no mark")


def test_the_composer_lists_the_commands_and_is_used_by_keyboard(tab: Tab) -> None:
    from selenium.webdriver.common.keys import Keys

    words = tab.one("#words")
    words.send_keys("/")
    tab.wait(lambda: len(tab.all("#hints li")) == 5, "five commands")
    words.send_keys(Keys.ARROW_DOWN, Keys.ENTER)
    assert words.get_attribute("value") == "/huddle "
    tab.sees("<account>", "#usage")
    words.send_keys("Acme @ki")
    words.send_keys(Keys.TAB)
    assert words.get_attribute("value") == "/huddle Acme @kim "


def test_a_thread_opens_beside_the_messages(tab: Tab, trial: Trial) -> None:
    trial.slack.say("U2", "C1", "who is coming?")
    root = trial.slack.messages("C1")[0]
    trial.slack.say("U3", "C1", "I am", thread_ts=root.ts)
    tab.press("1 reply", "#said")
    tab.sees("I am", "#replies")
    tab.one("#reply").send_keys("me too")
    tab.press("Reply", "#answer")
    tab.sees("me too", "#replies")
    assert "me too" not in tab.text("#said")


def test_the_coach_is_asked_in_plain_words(tab: Tab, trial: Trial) -> None:
    tab.go("Coach")
    tab.press("Our product lacks a feature they want", "#prompts")
    tab.sees("Our note on", "#said .message.reply")
    tab.press("Not helpful", "#said .message.reply")
    helped = "SELECT helpful FROM feedback"
    eventually(lambda: rows(trial.bot, helped) == [(0,)])
    assert tab.one('.thumbs [aria-pressed="true"]').text == "Not helpful"
    tab.go("deals")
    tab.type("@coach the buyer wants a bigger discount")
    tab.press("1 reply", "#said")
    tab.sees("Negotiating with a Clock", "#replies")


def test_an_answer_in_parts_grows_before_ones_eyes(tab: Tab, trial: Trial) -> None:
    tab.go("Coach")
    place = trial.slack.dm("U1")
    trial.slack.say("U1", place, "thanks")
    ts = next(m.ts for m in trial.slack.messages(place) if m.text == "thanks")
    tab.sees("You're welcome")
    client = WebClient(trial.slack.world.workspaces["T1"].bot_token, trial.slack.api_url)
    client.assistant_threads_setStatus(channel_id=place, thread_ts=ts, status="is looking…")
    tab.sees("Coach is looking…", "#said .status")
    opened = client.chat_startStream(channel=place, thread_ts=ts, markdown_text="First.")
    tab.sees("First.", "#said .message.reply.streaming")
    assert not tab.all(".status")
    here = {"channel": place, "ts": opened["ts"]}
    client.chat_appendStream(**here, markdown_text="Second.")
    tab.sees("Second.", "#said .message.reply.streaming")
    client.chat_stopStream(**here)
    eventually(lambda: not tab.all(".message.streaming"))


def test_a_look_behind_shows_payloads_and_rows(tab: Tab) -> None:
    tab.type("/tip the customer wants to cancel")
    tab.sees("Only visible to you")
    tab.press("Look behind")
    tab.sees("/tip", "#behind")
    tab.press("Rows", "#behind")
    tab.sees("tips_said", "#behind")


def test_on_a_phone_there_is_one_column_with_a_way_back(tab: Tab) -> None:
    tab.open(390, 844)
    assert not [e for e in tab.all(".place") if e.is_displayed()]
    tab.click("#back")
    tab.go("hallway")
    assert tab.one("#words").is_displayed()
    wide = tab.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390
    tab.open()


def test_a_manager_attaches_a_feed_and_imports_it(tab: Tab, tmp_path: Path) -> None:
    file = tmp_path / "notes.xml"
    file.write_bytes(feed(["Ask about spring", "Silence after the price"]))
    tab.be("mia")
    tab.go("Coach")
    tab.driver.find_element("id", "file").send_keys(str(file))
    tab.sees("File: notes.xml")
    tab.sees("holds 2 posts of Our Field Notes, 2 new.")
    tab.press("Import 2", "#said")
    tab.sees("2 posts were added")


def test_a_meeting_that_is_moved_in_the_calendar_moves_its_card(tab: Tab, trial: Trial) -> None:
    tab.press("Calendar")
    tab.sees("Type /coach calendar, and paste the address below.", "#calendar")
    address = tab.one("#calendaraddress").get_attribute("value")
    assert address.endswith(trial.calendar.path("U1"))
    tab.press("Calendar")
    tab.type("/coach calendar")
    tab.field("Private address in iCal format").send_keys(address)
    tab.press("Save", "#form")
    eventually(lambda: trial.slack.messages(trial.slack.dm("U1"))[2:])
    tab.open()
    tab.go("Coach")
    tab.sees("look like customers")
    trial.move_to(trial.in_an_hour())
    trial.move_to(trial.in_ten_minutes())
    trial.move_to(trial.in_ten_minutes())
    tab.press("Start the huddle", "#said")
    tab.sees("Acme · today 11:00 for you")
    tab.press("Calendar")
    tab.click('#calendar [data-focus="week-0 later"]')
    tab.sees("11:30–12:15", "#calendar")
    trial.move_to(trial.in_ten_minutes())
    tab.sees("Acme · today 11:30 for you")


def test_the_calendar_fits_a_phone_and_takes_a_new_meeting(tab: Tab) -> None:
    tab.open(390, 844)
    tab.press("Calendar")
    tab.one("#newmeeting").send_keys("Birch demo")
    tab.press("Add", "#calendar")
    tab.sees("Birch demo", "#calendar .list")
    wide = tab.driver.execute_script("return document.documentElement.scrollWidth")
    assert wide <= 390
    tab.open()

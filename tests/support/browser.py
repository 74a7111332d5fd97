"""A browser for the stories that need one: Chromium of the machine, driven without downloads."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

T = TypeVar("T")

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")
needs_browser = pytest.mark.skipif(
    not CHROMIUM or not DRIVER, reason="chromium and chromedriver are not installed"
)
WAIT_S = 10
# docs: peter.sh/experiments/chromium-command-line-switches. Nothing here asks for anything outside.
FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--disable-dev-shm-usage", "--hide-scrollbars", "--lang=en-GB"),
)

# In one go: a question for each element costs the driver more than all of the page.
SEEN = """
const [css, text] = arguments;
const shown = { opacityProperty: true, visibilityProperty: true };
const seen = (one) => one.checkVisibility(shown) && one.getClientRects().length > 0;
return [...document.querySelectorAll(css)].reverse().find((one) =>
  seen(one.closest("select") ?? one) && (text === null || one.innerText.trim() === text)) ?? null;
"""


def open_browser(profile: Path) -> Any:
    """A headless browser with an empty profile."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(DRIVER)))


class Tab:
    """The page in front of a person: what can be seen, pressed and typed."""

    def __init__(self, driver: Any, address: str) -> None:
        self.driver, self.address = driver, address

    def open(self, width: int = 1280, height: int = 800) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 700}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get(self.address)
        self.one("body[data-ready]")

    def all(self, css: str) -> list[Any]:
        return list(self.driver.find_elements("css selector", css))

    def one(self, css: str, text: str | None = None) -> Any:
        """The last visible element of these that says `text`, waited for."""
        return self.wait(lambda: self._seen(css, text), f"{css} {text or ''}")

    def _seen(self, css: str, text: str | None) -> Any:
        return self.driver.execute_script(SEEN, css, text)

    def click(self, css: str, text: str | None = None) -> None:
        """Click on it as soon as it stands still: what is drawn anew may push it away."""

        def clicked() -> bool:
            if (found := self._seen(css, text)) is not None:
                found.click()
            return found is not None

        self.wait(clicked, f"{css} {text or ''}")

    def press(self, text: str, within: str = "") -> None:
        self.click(f"{within} button".strip(), text)

    def be(self, name: str) -> None:
        self.click(f'#people [title^="{name},"]')
        self.wait(lambda: name in self.one('#people [aria-pressed="true"]').text, name)

    def go(self, place: str) -> None:
        self.wait(lambda: [e for e in self.all(".place") if place in e.text], place)[0].click()
        self.wait(lambda: place in self.one("#place").text, place)

    def type(self, words: str) -> None:
        """Write in the composer and send it."""
        from selenium.webdriver.common.keys import Keys

        field = self.one("#words")
        field.send_keys(words)
        field.send_keys(Keys.ESCAPE)
        field.send_keys(Keys.ENTER)

    def field(self, label: str) -> Any:
        """The input of the open form under this label."""
        return self.wait(
            lambda: self.driver.execute_script(
                "return [...document.querySelectorAll('#form .input')].find((box) =>"
                " box.querySelector('.label').textContent.startsWith(arguments[0]))"
                "?.querySelector('input, textarea, select, summary')",
                label,
            ),
            label,
        )

    def text(self, css: str = "#said") -> str:
        return str(self.driver.execute_script(
            "return document.querySelector(arguments[0])?.innerText ?? ''", css
        ))  # fmt: skip

    def sees(self, words: str, css: str = "#said") -> bool:
        return bool(self.wait(lambda: words in self.text(css), f"“{words}” in {css}"))

    def wait(self, look: Callable[[], T], what: str = "it") -> T:
        from selenium.common.exceptions import (
            ElementClickInterceptedException,
            StaleElementReferenceException,
            TimeoutException,
        )
        from selenium.webdriver.support.ui import WebDriverWait

        moved = [StaleElementReferenceException, ElementClickInterceptedException]
        patience = WebDriverWait(self.driver, WAIT_S, 0.05, ignored_exceptions=moved)
        try:
            return patience.until(lambda _: look())
        except TimeoutException:
            seen = self.text("body")
            raise AssertionError(f"{what} did not come; the page says:\n{seen}") from None

    def troubles(self) -> list[str]:
        """What the browser itself complained of: scripts that fail, things the policy forbids."""
        return [entry["message"] for entry in self.driver.get_log("browser")
                if "409" not in entry["message"]]  # fmt: skip

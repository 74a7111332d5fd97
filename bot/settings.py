"""Settings: read once from the environment, into one frozen value."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from bot.errors import SETTINGS_WRONG, CoachError

LOCAL, NO_MODEL = "local", "none"  # as COACH_EMBED_MODEL: see bot/model/local_embedding.py
COMMANDS = ("tip", "huddle", "debrief", "coach")
# docs.slack.dev/interactivity/implementing-slash-commands: lower case, at most 32 characters.
_COMMAND_NAME = re.compile(r"/[a-z0-9_-]{1,31}")


class SettingsWrong(CoachError):
    """One or more settings can't be used; the message names each of them."""

    status = SETTINGS_WRONG


def _setting(name: str, help: str, default: Any = None, secret: bool = False) -> Any:
    about = {"name": name, "help": help, "secret": secret}
    if isinstance(default, dict):
        return field(default_factory=lambda: dict(default), metadata=about)
    return field(default=default, metadata=about)


@dataclass(frozen=True)
class Settings:
    """What can be set from outside. Each field's metadata holds its variable and what it is for."""

    bot_token: str = _setting("SLACK_BOT_TOKEN", "the app's bot token (`xoxb-…`)", "", True)
    app_token: str = _setting(
        "SLACK_APP_TOKEN", "the app-level token (`xapp-…`), for Socket Mode", "", True
    )
    signing_secret: str = _setting("SLACK_SIGNING_SECRET", "the signing secret, for HTTP", "", True)
    config_token: str = _setting(
        "COACH_CONFIG_TOKEN",
        "an app configuration token (`xoxe.xoxp-…`), with which `doctor --slack` asks Slack about"
        " the manifest",
        "",
        True,
    )
    port: int = _setting("PORT", "where HTTP or the browser trial listens", 3000)
    api_url: str = _setting(
        "SLACK_API_URL", "another Slack, such as GovSlack", "https://slack.com/api/"
    )
    db: Path = _setting("COACH_DB", "the SQLite file that holds everything", Path("coach.db"))
    openai_key: str = _setting("OPENAI_API_KEY", "the key of a model endpoint", "", True)
    openai_url: str = _setting("OPENAI_BASE_URL", "an OpenAI-compatible endpoint", "")
    model: str = _setting("COACH_MODEL", "the model that may write", "")
    embed_model: str = _setting(
        "COACH_EMBED_MODEL",
        "the model that embeds text for search: `local`, `none`, or one of the endpoint's",
        LOCAL,
    )
    model_seconds: int = _setting(
        "COACH_MODEL_SECONDS", "seconds after which an answer comes without the model", 8
    )
    model_tokens_a_day: int = _setting(
        "COACH_MODEL_TOKENS_A_DAY", "tokens a workspace may use in a day (UTC)", 200_000
    )
    model_judge: bool = _setting(
        "COACH_MODEL_JUDGE", "`no`: the model does not look at its statements again", True
    )
    commands: dict[str, str] = _setting(
        "COACH_COMMANDS",
        "other names for the commands, as in `huddle=/prep,debrief=/after`",
        {name: f"/{name}" for name in COMMANDS},
    )
    managers: frozenset[str] = _setting(
        "COACH_MANAGERS", "Slack user ids of the managers, separated by commas", frozenset()
    )
    own_domains: frozenset[str] = _setting(
        "COACH_OWN_DOMAINS",
        "your company's mail domains, separated by commas: who has another is a customer",
        frozenset(),
    )
    nudge_after_minutes: int = _setting(
        "COACH_NUDGE_AFTER_MINUTES", "minutes between the end of a call and its nudge", 10
    )
    keep_days: int | None = _setting(
        "COACH_KEEP_DAYS",
        "days after which what people said is deleted, 30 or more; it wins over `/coach keep`",
        None,
    )
    erase_days: int = _setting(
        "COACH_ERASE_DAYS",
        "days after which all of a workspace is deleted, once the coach was taken out of it",
        30,
    )
    webhook_url: str = _setting(
        "COACH_WEBHOOK_URL", "where what people share of a debrief is handed on to", "", True
    )
    webhook_secret: str = _setting(
        "COACH_WEBHOOK_SECRET",
        "signs what is handed on: `whsec_` and 24 to 64 bytes in base64",
        "",
        True,
    )
    fetch_inside: bool = _setting(
        "COACH_FETCH_INSIDE",
        "`yes`: feeds and calendars may lie inside the network, and on plain http",
        False,
    )
    health_port: int = _setting(
        "COACH_HEALTH_PORT", "where `/livez`, `/readyz` and `/metrics` are; 0: nowhere", 0
    )
    health_host: str = _setting(
        "COACH_HEALTH_HOST", "on which address they are; `0.0.0.0` is all of them", "127.0.0.1"
    )
    log: Literal["plain", "json"] = _setting(
        "COACH_LOG", "`json`: each line of the log is an object, for programs", "plain"
    )
    secret_keys: tuple[str, ...] = _setting(
        "COACH_SECRET_KEY",
        "seals the addresses of calendars; several, the newest first, separated by commas",
        (),
        True,
    )

    @property
    def embeds_here(self) -> bool:
        """Whether texts are embedded in this process."""
        return self.embed_model == LOCAL

    @property
    def may_embed(self) -> bool:
        """Whether there is a model to embed with, and a way to it."""
        if self.embed_model in ("", NO_MODEL):
            return False
        return bool(self.embeds_here or self.openai_key or self.openai_url)

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read `env`. Raises `SettingsWrong`, which names every setting that can't be read.

        A secret may stand in a file instead, which its name with `_FILE` says."""
        values: dict[str, Any] = {}
        wrong: list[str] = []
        for f in fields(cls):
            name = f.metadata["name"]
            try:
                if not (text := _text(env, name, f.metadata["secret"])):
                    continue
                values[f.name] = _READERS.get(f.name, str)(text)
            except ValueError as why:
                wrong.append(f"{name}: {why}")
        if values.get("webhook_url") and not (values.get("webhook_secret") or wrong):
            wrong.append(f"COACH_WEBHOOK_SECRET: {_NO_SECRET}")
        if wrong:
            raise SettingsWrong("These settings can't be used. " + " ".join(wrong))
        return cls(**values)


def _text(env: Mapping[str, str], name: str, secret: bool) -> str:
    """What is set, or stands in the file that is named for a secret. Raises `ValueError`."""
    text, file = env.get(name, "").strip(), env.get(f"{name}_FILE", "").strip()
    if not (secret and file):
        return text
    if text:
        raise ValueError(f"{name}_FILE is set, too. Set one of them.")
    try:
        found = Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is no text"
        raise ValueError(f"the file of {name}_FILE can't be read ({why}).") from error
    if not found:
        raise ValueError(f"the file of {name}_FILE is empty.")
    return found


def _token(begins: str, where: str) -> Callable[[str], str]:
    """Reads a token; one from elsewhere, or a placeholder, is named at start and not later."""

    def read(text: str) -> str:
        if begins not in text or not re.fullmatch(r"[!-~]+", text):
            raise ValueError(f"a token that begins with {begins} belongs here. It is at “{where}”.")
        return text

    return read


def _secret(text: str) -> str:
    if not re.fullmatch(r"[!-~]+", text):
        raise ValueError("copy it again from “Basic Information”.")
    return text


def _whole_number(text: str) -> int:
    if not text.isdecimal():
        raise ValueError("give a whole number, 0 or more.")
    return int(text)


def _seconds(text: str) -> int:
    if not 1 <= (number := _whole_number(text)) <= 60:
        raise ValueError("give seconds between 1 and 60.")
    return number


def _keys(text: str) -> tuple[str, ...]:
    """Fernet keys: 32 bytes in URL-safe Base64."""
    keys = tuple(part for part in re.split(r"[,\s]+", text) if part)
    if not all(re.fullmatch(r"[A-Za-z0-9_-]{43}=", key) for key in keys):
        raise ValueError(
            "a key is 32 random bytes in URL-safe Base64. Make one:"
            " `openssl rand -base64 32 | tr '+/' '-_'`."
        )
    return keys


def _days(text: str) -> int:
    if not 1 <= (number := _whole_number(text)) <= 3650:
        raise ValueError("give days between 1 and 3650.")
    return number


def _keep_days(text: str) -> int:
    if not 30 <= (number := _whole_number(text)) <= 36_500:
        raise ValueError("give days, 30 or more; leave it out to keep everything.")
    return number


_NO_SECRET = (
    "whoever gets what is handed on must know that it is yours. Give whsec_ and 24 to 64 bytes in"
    ' base64, as `python -c "import secrets, base64;'
    " print('whsec_' + base64.b64encode(secrets.token_bytes(32)).decode())\"` prints them."
)


def _webhook_url(text: str) -> str:
    if not re.match(r"https?://[^\s/]+\S*$", text):
        raise ValueError("give an address that begins with https://.")
    return text


def _webhook_secret(text: str) -> str:
    if not re.fullmatch(r"whsec_[A-Za-z0-9+/]{32,88}={0,2}", text):
        raise ValueError(_NO_SECRET)
    return text


def _yes_or_no(text: str) -> bool:
    if text.casefold() not in ("yes", "no"):
        raise ValueError("say yes or no.")
    return text.casefold() == "yes"


def _log_form(text: str) -> str:
    if text.casefold() not in ("plain", "json"):
        raise ValueError("say plain or json.")
    return text.casefold()


def _port(text: str) -> int:
    if not 0 <= (number := _whole_number(text)) <= 65535:
        raise ValueError("give a port between 0 and 65535.")
    return number


def _managers(text: str) -> frozenset[str]:
    ids = frozenset(part for part in re.split(r"[,\s]+", text) if part)
    if strange := sorted(i for i in ids if not re.fullmatch(r"[UW][A-Z0-9]+", i)):
        raise ValueError(
            f"“{strange[0]}” is no Slack user id. It starts with U or W: open the profile in"
            " Slack and choose “Copy member ID”."
        )
    return ids


def _domains(text: str) -> frozenset[str]:
    domains = frozenset(part.lower().lstrip("@") for part in re.split(r"[,\s]+", text) if part)
    if strange := sorted(d for d in domains if not re.fullmatch(r"[^\W_][\w-]*(\.[\w-]+)+", d)):
        raise ValueError(f"“{strange[0]}” is no mail domain. Give what stands behind the @.")
    return domains


def _commands(text: str) -> dict[str, str]:
    names = {name: f"/{name}" for name in COMMANDS}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _, command = (part.strip() for part in pair.partition("="))
        if name not in names:
            raise ValueError(f"there is no command “{name}”; there are {', '.join(COMMANDS)}.")
        if not _COMMAND_NAME.fullmatch(command):
            raise ValueError(
                f"“{command}” can't be a command: a slash, then lower-case letters, digits, - or _."
            )
        names[name] = command
    if len(set(names.values())) < len(names):
        raise ValueError("two commands have the same name.")
    return names


def _url(text: str) -> str:
    if not re.match(r"https?://[^\s/]", text):
        raise ValueError("give an address that begins with https:// or http://.")
    return text.rstrip("/") + "/"


_READERS: dict[str, Any] = {
    "bot_token": _token("xoxb-", "OAuth & Permissions"),
    "app_token": _token("xapp-", "Basic Information"),
    "signing_secret": _secret,
    "config_token": _token("xoxe.xoxp-", "Your App Configuration Tokens"),
    "port": _port,
    "db": Path,
    "api_url": _url,
    "commands": _commands,
    "managers": _managers,
    "own_domains": _domains,
    "nudge_after_minutes": _whole_number,
    "openai_url": _url,
    "model_seconds": _seconds,
    "model_tokens_a_day": _whole_number,
    "model_judge": _yes_or_no,
    "keep_days": _keep_days,
    "erase_days": _days,
    "webhook_url": _webhook_url,
    "webhook_secret": _webhook_secret,
    "fetch_inside": _yes_or_no,
    "health_port": _port,
    "log": _log_form,
    "secret_keys": _keys,
}

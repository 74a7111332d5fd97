"""What is handed out for containers and services: its settings exist, and its steps work."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.clock.now import SystemClock
from bot.settings import Settings
from handlers.trial.small_slack.slack import FakeSlack
from tests.conftest import eventually
from tests.support.paths import ROOT
from tests.support.processes import free_port

DEPLOY = ROOT / "deploy"
OURS = re.compile(r"\b((?:COACH|SLACK|OPENAI)_[A-Z_]+)")
FILES = [ROOT / "Dockerfile", ROOT / "compose.yaml", *sorted(DEPLOY.iterdir())]


def instructions() -> Iterator[tuple[str, str]]:
    """The Dockerfile's, in order: the word, and what stands behind it."""
    for line in (ROOT / "Dockerfile").read_text().splitlines():
        if line and not line.startswith("#"):
            word, _, rest = line.partition(" ")
            yield word, rest


def of(word: str) -> list[str]:
    return [rest for each, rest in instructions() if each == word]


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_every_setting_that_a_recipe_names_exists(file: Path) -> None:
    settings = {f.metadata["name"]: f.metadata["secret"] for f in fields(Settings)}
    for name in OURS.findall(file.read_text()):
        assert name in settings or settings.get(name.removesuffix("_FILE")), name


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_no_recipe_holds_a_token_and_all_start_the_coach(file: Path) -> None:
    text = file.read_text()
    assert not re.search(r"xox[bpe]-\w|xapp-\w", text)
    assert re.search(r"python -m bot|\"-m\", \"bot\"|args: \[|\.timer|OnCalendar", text)


def test_the_image_holds_what_the_coach_reads_and_nothing_else() -> None:
    taken = {part for rest in of("COPY") for part in rest.split()[:-1]}
    let_in = (ROOT / ".dockerignore").read_text().splitlines()
    assert let_in[0] == "*"
    assert {line[1:] for line in let_in if line.startswith("!")} == taken
    assert all((ROOT / each).exists() for each in taken)


def test_the_container_is_not_root_and_is_asked_to_stop_in_good_time() -> None:
    assert of("USER") == ["10001:10001"] and of("VOLUME") == ["/data"]
    assert of("STOPSIGNAL") == ["SIGTERM"]
    coach = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["coach"]
    assert coach["read_only"] and coach["cap_drop"] == ["ALL"]
    assert int(coach["stop_grace_period"].rstrip("s")) > 10


def test_kubernetes_runs_one_and_never_two_beside_each_other() -> None:
    claim, deployment = yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text())
    assert claim["spec"]["accessModes"] == ["ReadWriteOnce"]
    spec = deployment["spec"]
    assert (spec["replicas"], spec["strategy"]["type"]) == (1, "Recreate")
    pod = spec["template"]["spec"]
    (coach,) = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert coach["securityContext"]["readOnlyRootFilesystem"]
    assert coach["livenessProbe"]["httpGet"]["path"] == "/livez"
    assert coach["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert pod["terminationGracePeriodSeconds"] > 10
    mounted = {each["name"] for each in coach["volumeMounts"]}
    assert mounted == {each["name"] for each in pod["volumes"]}


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_systemd_has_nothing_to_say_against_the_units(tmp_path: Path) -> None:
    for unit in DEPLOY.glob("huddle-coach*"):
        text = unit.read_text().replace("/opt/huddle-coach/.venv/bin/python", sys.executable)
        (tmp_path / unit.name).write_text(text.replace("/opt/huddle-coach", str(ROOT)))
    units = sorted(map(str, tmp_path.glob("huddle-coach*")))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units], text=True, capture_output=True
    )
    assert (done.returncode, [line for line in done.stderr.splitlines() if tmp_path.name in line]) \
        == (0, [])  # fmt: skip
    assert "Unknown" not in done.stderr and "Failed" not in done.stderr


# The Dockerfile's steps, without a container ------------------------------------------------


class Image:
    """A folder in the place of the container's root, and a Python of its own."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "root"
        self.venv = folder / "venv"
        self.env: dict[str, str] = {}
        self.cwd = self.root
        subprocess.run([sys.executable, "-m", "venv", self.venv], check=True)

    def path(self, inside: str) -> Path:
        return self.root / inside.lstrip("/") if inside.startswith("/") else self.cwd / inside

    def build(self) -> None:
        for word, rest in instructions():
            if word == "WORKDIR":
                self.cwd = self.path(rest)
                self.cwd.mkdir(parents=True)
            elif word == "COPY":
                *sources, target = rest.split()
                for source in sources:
                    self._copy(ROOT / source, self.path(target), target.endswith("/"))
            elif word == "ENV":
                name, _, value = rest.partition("=")
                self.env[name] = value.replace("/data", str(self.path("/data")))
            elif word == "RUN":
                self._run(shlex.split(rest))

    def _copy(self, source: Path, target: Path, into: bool) -> None:
        place = target / source.name if into else target
        if source.is_dir():
            shutil.copytree(source, place, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, place)

    def _run(self, words: list[str]) -> None:
        if words[0] == "useradd":
            return  # the machine's own users are left alone
        if words[0] == "install":
            self.path(words[-1]).mkdir(mode=0o700)
            return
        done = subprocess.run(
            [self.venv / "bin" / words[0], *words[1:]], cwd=self.cwd, text=True,
            capture_output=True,
        )  # fmt: skip
        if "(from versions: none)" in done.stderr:
            pytest.skip("there is no package index here")
        assert done.returncode == 0, done.stderr

    def started(self, *command: str, **more: str) -> subprocess.Popen[str]:
        words = json.loads(of("ENTRYPOINT")[0]) + list(command)
        return subprocess.Popen(
            [self.venv / "bin" / words[0], *words[1:]], cwd=self.cwd, text=True,
            env={"PATH": os.environ["PATH"], **self.env, **more},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip

    def healthy(self, **more: str) -> bool:
        words = json.loads(of("HEALTHCHECK")[0].partition(" CMD ")[2])
        done = subprocess.run(
            [self.venv / "bin" / words[0], *words[1:]], env=self.env | more, capture_output=True
        )
        return done.returncode == 0

    def written(self) -> dict[str, Any]:
        """Everything outside of /data, with its size and the moment it was changed."""
        files = (
            path for path in self.root.rglob("*") if not path.is_relative_to(self.path("/data"))
        )
        return {str(path): path.stat().st_mtime_ns for path in files}


@pytest.mark.soak
def test_the_dockerfiles_steps_make_a_coach_that_is_healthy_and_stops_when_told(
    tmp_path: Path,
) -> None:
    image = Image(tmp_path)
    image.build()
    before = image.written()
    with FakeSlack(SystemClock()) as slack:
        slack.add_user("U1", "sam", tz="UTC")
        slack.add_channel("C1", "deals", members=["U1"])
        slack.connect(None)
        (tmp_path / "bot-token").write_text("xoxb-T1\n")
        (tmp_path / "app-token").write_text("xapp-T1\n")
        given = {
            "SLACK_BOT_TOKEN_FILE": str(tmp_path / "bot-token"),
            "SLACK_APP_TOKEN_FILE": str(tmp_path / "app-token"),
            "SLACK_API_URL": slack.api_url,
            "COACH_HEALTH_PORT": str(free_port()),
        }
        coach = image.started(*json.loads(of("CMD")[0]), **given)
        try:
            eventually(lambda: slack.sockets.listening("xapp-T1"))
            eventually(lambda: image.healthy(**given))
            slack.command("U1", "C1", "/tip", "the customer wants to cancel")
            assert eventually(lambda: slack.ephemerals("U1"))
            copies = image.path("/data")
            backup = image.started("backup", str(copies), "--keep", "2", **given)
            said = backup.communicate(timeout=60)
            assert backup.returncode == 0, said
            assert len(list(copies.glob("coach-*.db"))) == 1
            coach.send_signal(signal.SIGTERM)
            assert coach.wait(15) == 0
        finally:
            coach.kill()
            coach.communicate()
    assert not image.healthy(**given)
    assert image.written() == before

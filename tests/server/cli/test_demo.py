"""`machtigen demo`: a smaller country, its questions, and the program itself with the very commands that it prints."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import click
import httpx
import pytest

from authority.decide import decide
from authority.moments import instant
from graph.embedded import EmbeddedGraph
from graph.gathering import gather
from graph.intake import question_of
from server.cli.decide import read_pile
from server.cli.demo import loaded, made, record
from server.demo.questions import FIRST, OTHERS, Asked

PEOPLE = 1_000
ROOT = Path(__file__).parents[3]
SCRIPTS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 12, tzinfo=UTC),
        datetime(2028, 2, 29, 23, 30, tzinfo=UTC),
        datetime(2027, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 31, 6, 29, tzinfo=UTC),
    ],
    ids=str,
)
def test_every_story_comes_out_as_told_on_any_day(tmp_path: Path, now: datetime) -> None:
    pile = read_pile(str(made(tmp_path / "demo", PEOPLE, 1, now)))
    wrong = []
    for asked in (*FIRST, *OTHERS):
        question = question_of(asked.question, now=instant(now.isoformat()))
        decision = decide(question, gather(question, pile))
        if (decision.outcome, decision.reason) != (asked.outcome, asked.reason):
            wrong.append((asked.story, decision.outcome, decision.reason))
    assert wrong == []


def test_one_question_for_each_outcome_comes_first() -> None:
    assert sorted(asked.outcome for asked in FIRST) == ["CONSENT_REQUIRED", "DENY", "INDETERMINATE", "PERMIT"]
    assert (FIRST[0].outcome, FIRST[0].question["represented"]) == ("PERMIT", "lotte")


def test_the_same_day_and_seed_make_the_same_bytes(tmp_path: Path) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    first = made(tmp_path / "a", PEOPLE, 7, now).read_bytes()
    assert made(tmp_path / "b", PEOPLE, 7, now).read_bytes() == first
    assert made(tmp_path / "c", PEOPLE, 8, now).read_bytes() != first


def test_it_has_people_providers_and_authority_of_every_kind(tmp_path: Path) -> None:
    path = made(tmp_path / "demo", 10_000, 1, datetime(2026, 11, 24, 12, tzinfo=UTC))
    facts = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    types = Counter(fact["fact"] for fact in facts)
    assert 10_000 < types["person"] < 10_100
    assert min(types[each] for each in ("organisation", "employment", "consent", "ability", "block", "register")) >= 5
    assert {fact["status"] for fact in facts if fact["fact"] == "provider"} >= {"LIVE", "APPLIED", "TESTED"}
    assert len({fact["sector"] for fact in facts if fact["fact"] == "provider"}) == 12
    assert len({fact["kind"] for fact in facts if fact["fact"] == "authority"}) == 15
    # nine digits might be taken for a number of a person
    assert not [fact["id"] for fact in facts if fact["id"].isdigit() and len(fact["id"]) in (8, 9)]


async def test_a_graph_of_it_answers(tmp_path: Path) -> None:
    import asyncio

    place = tmp_path / "demo"
    path = made(place, PEOPLE, 1, datetime.now(UTC))
    with record(place, neo4j=False) as graph:
        done = await asyncio.to_thread(loaded, graph, path)
        assert done.recorded == len(path.read_text(encoding="utf-8").splitlines())
        ledger = EmbeddedGraph.open(graph, read_only=True)
        for asked in FIRST:
            question = question_of(asked.question, now=time.time_ns() // 1_000)
            decision = decide(question, await ledger.neighbourhood(question))
            assert (decision.outcome, decision.reason) == (asked.outcome, asked.reason)
        await ledger.close()


def test_made_again_it_is_new(tmp_path: Path) -> None:
    place = tmp_path / "demo"
    path = made(place, PEOPLE, 1, datetime.now(UTC))
    for _ in range(2):
        with record(place, neo4j=False) as graph:
            assert loaded(graph, path).unchanged == 0


def test_it_throws_nothing_away_that_it_did_not_make(tmp_path: Path) -> None:
    (tmp_path / "graph").write_text("somebody's")
    with pytest.raises(click.ClickException, match="no demo's folder"):
        made(tmp_path, PEOPLE, 1, datetime.now(UTC))
    assert (tmp_path / "graph").read_text() == "somebody's"


@pytest.fixture
def told(tmp_path: Path) -> Iterator[str]:
    """What the program says once it serves."""
    arguments = [
        sys.executable,
        "-c",
        "from server.cli import main; main()",
        "demo",
        "--people",
        str(PEOPLE),
        "--port",
        "0",
    ]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with (tmp_path / "said").open("w+") as said:
        program = subprocess.Popen(
            [*arguments, "--home", str(tmp_path / "demo")],
            cwd=ROOT,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        try:
            deadline = time.monotonic() + 60
            while "Stop with Ctrl-C" not in (text := (tmp_path / "said").read_text()):
                assert program.poll() is None, text
                assert time.monotonic() < deadline, text
                time.sleep(0.1)
            yield text
        finally:
            program.send_signal(signal.SIGINT)
            program.wait(20)


def test_the_program_says_commands_that_work(told: str) -> None:
    (export,) = [line for line in told.splitlines() if line.startswith("  export TOKEN=")]
    line = f"PATH={SCRIPTS}:$PATH; {export}; echo $TOKEN"
    bearer = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    commands = [shlex.split(line) for line in told.splitlines() if line.startswith("  curl ")]
    assert len(commands) == len(FIRST)
    for command, asked in zip(commands, FIRST, strict=True):
        url, body = command[2], command[command.index("-d") + 1]
        told_headers = [command[at + 1].partition(": ") for at, each in enumerate(command) if each == "-H"]
        headers = {name: value.replace("$TOKEN", bearer) for name, _, value in told_headers}
        answer = httpx.post(url, content=body, headers=headers).json()
        decision = answer["data"]["decision"]
        assert (decision["outcome"], decision["reason"]) == (asked.outcome, asked.reason)
        if asked.outcome == "PERMIT":
            assert [ground["id"] for ground in decision["grounds"]] == ["sanne-lotte"]
    assert "/graphql" in told
    assert "machtigen explain --graph" in told


def test_the_three_channels_are_played_with_the_commands_of_the_documentation(told: str) -> None:
    """As they stand there; a mandate by each channel, and one taken back."""
    page = (ROOT / "docs/demo.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```bash\n(.*?)```", page, re.DOTALL)
    (url,) = set(re.findall(r"http://127\.0\.0\.1:\d+(?=/graphql)", told))
    command = ["bash", "-eu", "-o", "pipefail", "-c", script]
    environment = {**os.environ, "URL": url}
    played = subprocess.run(command, env=environment, capture_output=True, timeout=60, check=True)
    said = [json.loads(line) for line in played.stdout.decode().splitlines()]
    decided = [each["data"]["decision"] for each in said if "decision" in each.get("data", {})]
    permitted = {"outcome": "PERMIT", "reason": "VOLUNTARY_MANDATE"}
    assert decided == [permitted, permitted, permitted, {"outcome": "DENY", "reason": "WITHDRAWN"}], said
    outbox = httpx.get(f"{url}/dev/outbox").text
    assert outbox.count("<article>") >= 9


def test_the_stories_are_told_in_the_documentation() -> None:
    page = (ROOT / "docs/demo.md").read_text(encoding="utf-8")
    asked: Asked
    for asked in (*FIRST, *OTHERS):
        for who in (asked.question["representative"], asked.question["represented"], asked.question["service"]):
            assert f"`{who}`" in page
        assert asked.reason in page

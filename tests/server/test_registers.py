"""`machtigen serve` that asks registers: real processes, a real register server, both graphs."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.pseudonyms import Pseudonyms
from tests.contracts.homes import Home
from tests.graph.registers.brp_server import BrpServer, brp_server, person, sole
from tests.resolvers.small import FACTS, fill
from tests.server.asking import SECONDS_MAX, served
from tests.server.test_cases import credentials
from tests.server.test_metrics import Samples, at, fires, metrics_named, samples
from tests.server.test_running import refused
from tests.tokens import BY_WHAT_IS_ASKED

CHILD, MOTHER, OTHER_CHILD = "900000001", "900000002", "900000006"
KEY = "6b" * 32
PID = {number: Pseudonyms({1: bytes.fromhex(KEY)}, eleven_test=False).id_of(number) for number in (CHILD, MOTHER)}
DECISION = "query($question: Question!) { decision(question: $question) { outcome reason staleRegisters } }"
QUESTION = {
    "representative": PID[MOTHER],
    "represented": PID[CHILD],
    "provider": "h1",
    "service": "record",
    "assurance": "SUBSTANTIAL",
}
PROVIDERS = [fact for fact in FACTS if fact["fact"] in ("provider", "service")]
PERMIT = {"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY", "staleRegisters": []}
STALE = {"outcome": "INDETERMINATE", "reason": "REGISTER_STALE", "staleRegisters": ["BRP"]}


@pytest.fixture
def brp() -> Iterator[BrpServer]:
    """A mother who alone holds the authority over a child."""
    with brp_server() as server:
        server.people = {
            CHILD: person(CHILD, gezag=[sole(CHILD, MOTHER)]),
            MOTHER: person(MOTHER, "1985-02-03"),
        }
        yield server
        assert server.broken == []


class Followed:
    """A graph with a hospital, and a file of sources with one population register."""

    def __init__(self, home: Home, folder: Path, brp: BrpServer) -> None:
        self.home, self.brp = home, brp
        (folder / "people.txt").write_text(f"{CHILD}\n{MOTHER}\n{OTHER_CHILD}")
        self.toml = folder / "registers.toml"
        self.toml.write_text(
            f'[[source]]\nname = "brp"\nkind = "brp"\nurl = "{brp.url}"\npeople = "people.txt"\n'
            'eleven_test = false\nevery = "PT1S"\nmax_silence = "P2D"\ndelay = "P92D"\n'
        )
        self.store = folder / "connectors.sqlite"

    def serve(self, *arguments: str) -> Any:
        variables = credentials(self.home) | {"MACHTIGEN_BSN_KEY_1": KEY, "MACHTIGEN_CONNECTORS": str(self.store)}
        return served(self.home.address, "--dev", "--registers", str(self.toml), *arguments, **variables)

    def driver(self) -> int:
        """The worker that drives the connectors."""
        return int((Path(f"{self.store}.lock").read_text() or "0").split()[0])


@pytest.fixture
async def followed(home: Home, tmp_path: Path, brp: BrpServer) -> Followed:
    await fill(await home.empty(), PROVIDERS)
    return Followed(home, tmp_path, brp)


def post(url: str, query: str, **variables: object) -> Any:
    answer = httpx.post(
        f"{url}/graphql", json={"query": query, "variables": variables}, auth=BY_WHAT_IS_ASKED, timeout=SECONDS_MAX
    ).json()
    assert "errors" not in answer, answer
    return answer["data"]


def decided(url: str, represented: str = PID[CHILD]) -> Any:
    return post(url, DECISION, question=QUESTION | {"represented": represented})["decision"]


def comes(what: Callable[[], object], expected: object) -> None:
    """It becomes so, within the time that any test may take."""
    deadline = time.monotonic() + SECONDS_MAX
    while (found := what()) != expected:
        assert time.monotonic() < deadline, found
        time.sleep(0.1)


def kill_all_of(process: subprocess.Popen[str]) -> None:
    """The server and its workers, with no chance to tidy up."""
    workers = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for pid in (process.pid, *map(int, workers)):
        os.kill(pid, signal.SIGKILL)
    process.wait(SECONDS_MAX)


REGISTERS = """{ registers { id stale silence maxSilence delay authorityCount staleDecisions { count }
  connectors { name watermark breaker failures lastError lastHeard nextTry quarantine notices } } }"""


def register(url: str) -> dict[str, Any]:
    """The population register as GraphQL shows it."""
    found = post(url, REGISTERS)["registers"]
    assert [each["id"] for each in found if each["connectors"]] == ["BRP"]
    shown: dict[str, Any] = next(each for each in found if each["id"] == "BRP")
    return shown


def metrics(url: str) -> Samples:
    return samples(httpx.get(f"{url}/metrics", timeout=SECONDS_MAX).text)


def moved(url: str, now: str) -> None:
    assert httpx.post(f"{url}/dev/clock", json={"now": now}, timeout=SECONDS_MAX).status_code == 200


async def test_a_register_falls_silent_and_comes_back(followed: Followed) -> None:
    with followed.serve("--clock", "rehearsal") as (url, _):
        moved(url, "2026-11-24T12:00:00Z")
        comes(lambda: decided(url), PERMIT)
        comes(lambda: register(url)["connectors"][0]["lastHeard"], "2026-11-24T12:00:00Z")
        before = register(url)
        assert before.pop("staleDecisions")["count"] >= 0
        assert before == {
            "id": "BRP",
            "stale": False,
            "silence": "PT0S",
            "maxSilence": "P2D",
            "delay": "P92D",
            "authorityCount": 1,
            "connectors": [
                {
                    "name": "brp",
                    "watermark": "person 1 of the list",
                    "breaker": "CLOSED",
                    "failures": 0,
                    "lastError": None,
                    "lastHeard": "2026-11-24T12:00:00Z",
                    "nextTry": "2026-11-24T12:00:01Z",
                    "quarantine": 0,
                    "notices": 0,
                }
            ],
        }
        assert fires("RegisterStale", metrics(url)) == []

        followed.brp.status = 503
        moved(url, "2026-11-26T11:59:59Z")
        comes(lambda: register(url)["connectors"][0]["lastError"], "brp: answered 503")
        assert decided(url) == PERMIT
        found = metrics(url)
        given = at(found, "decisions_total", outcome="INDETERMINATE") or 0
        named = at(found, "stale_decisions_total", register="BRP") or 0
        moved(url, "2026-11-26T12:00:00Z")
        assert decided(url) == STALE
        shown = register(url)
        assert (shown["stale"], shown["silence"], shown["authorityCount"]) == (True, "P2D", 1)
        assert shown["staleDecisions"]["count"] >= 1
        assert shown["connectors"][0]["failures"] >= 1
        found = metrics(url)
        assert fires("RegisterStale", found) == [{"register": "BRP"}]
        assert at(found, "decisions_total", outcome="INDETERMINATE") == given + 1
        assert at(found, "stale_decisions_total", register="BRP") == named + 1
        assert (at(found, "connector_failures_total", connector="brp", register="BRP") or 0) >= 1
        assert at(found, "register_silence_seconds", register="BRP") == 2 * 86_400
        assert metrics_named() <= {name for name, _ in found}

        followed.brp.status = 200
        moved(url, "2026-11-26T12:10:00Z")
        comes(lambda: decided(url), PERMIT)
        (connector,) = register(url)["connectors"]
        assert (connector["failures"], connector["lastError"]) == (0, None)
        found = metrics(url)
        assert fires("RegisterStale", found) == []
        assert (
            at(found, "connector_last_success_timestamp_seconds", connector="brp", register="BRP") == 1795694400 + 600
        )
        everything = str(found) + str(register(url))
        assert not any(secret in everything for secret in (CHILD, MOTHER, *PID.values(), KEY))


async def test_it_goes_on_after_kill_9(followed: Followed) -> None:
    with followed.serve() as (url, process):
        comes(lambda: decided(url), PERMIT)
        kill_all_of(process)
    followed.brp.people[OTHER_CHILD] = person(OTHER_CHILD, gezag=[sole(OTHER_CHILD, MOTHER)])
    other = Pseudonyms({1: bytes.fromhex(KEY)}, eleven_test=False).id_of(OTHER_CHILD)
    with followed.serve() as (url, process):
        comes(lambda: decided(url, other), PERMIT)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0


@pytest.mark.parametrize("home", ["embedded"], indirect=True)  # whose turn it is does not depend on the graph
async def test_one_worker_asks_and_another_takes_over(followed: Followed) -> None:
    with followed.serve("--workers", "2") as (url, process):
        comes(lambda: decided(url), PERMIT)
        first = followed.driver()
        os.kill(first, signal.SIGKILL)
        comes(lambda: followed.driver() != first, True)
        asked = len(followed.brp.asked)
        comes(lambda: len(followed.brp.asked) > asked, True)
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[source]]\nname = 1", "source 1: kind: found None, expected one of brp, brp_records, ccbr, drop"),
        ('[[source]]\nname = "b"\nkind = "brp"\nurls = ""', "source 'b': urls: no such key; did you mean url?"),
        ("[source", "not TOML"),
        (None, "cannot be read (No such file or directory)"),
    ],
)
def test_a_wrong_file_of_sources_is_told_before_anything_starts(tmp_path: Path, text: str | None, said: str) -> None:
    toml = tmp_path / "registers.toml"
    if text is not None:
        toml.write_text(text)
    told = refused("--graph", str(tmp_path / "g"), "--registers", str(toml))
    assert told.startswith(f"machtigen: {toml}: {said}")

"""`machtigen serve` itself: a process, a port, a signal."""

from __future__ import annotations

import signal
import socket
import subprocess
import threading
from pathlib import Path

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from tests.resolvers.small import QUESTION, fill
from tests.server.asking import MACHTIGEN, ROOT, SECONDS_MAX, served
from tests.tokens import BY_WHAT_IS_ASKED, serving

DECISION = "query($question: Question!) { decision(question: $question) { outcome asOf } }"
RECORD = "mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { asOf recorded userErrors { message } } }"


async def small_world(path: Path) -> str:
    graph = EmbeddedGraph.open(str(path))
    await fill(graph)
    await graph.close()
    return str(path)


def post(url: str, query: str, **variables: object) -> httpx.Response:
    return httpx.post(
        f"{url}/graphql", json={"query": query, "variables": variables}, auth=BY_WHAT_IS_ASKED, timeout=SECONDS_MAX
    )


async def test_workers_share_the_graph_and_stop_in_order(tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g"), "--workers", "2") as (url, process):
        assert post(url, DECISION, question=QUESTION).json()["data"]["decision"]["outcome"] == "PERMIT"
        block = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}
        done = post(url, RECORD, facts=[block]).json()["data"]["recordFacts"]
        assert done["recorded"] == 1
        for _ in range(20):  # new connections, so that both workers answer
            decision = post(url, DECISION, question=QUESTION).json()["data"]["decision"]
            assert decision == {"outcome": "DENY", "asOf": done["asOf"]}
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS_MAX) == 0


async def test_what_is_under_way_is_answered_before_it_stops(tmp_path: Path) -> None:
    questions = [QUESTION] * 1_000
    query = "query($questions: [Question!]!) { decisions(questions: $questions) { outcome grounds { id } } }"
    answered: list[httpx.Response] = []
    with served(await small_world(tmp_path / "g")) as (url, process):
        threads = [
            threading.Thread(target=lambda: answered.append(post(url, query, questions=questions))) for _ in range(3)
        ]
        for thread in threads:
            thread.start()
        while not answered:
            pass  # the others are under way now, or waiting their turn
        process.send_signal(signal.SIGINT)
        for thread in threads:
            thread.join(SECONDS_MAX)
        assert process.wait(SECONDS_MAX) == 0
    assert [len(response.json()["data"]["decisions"]) for response in answered] == [1_000] * 3


def refused(*arguments: str, issuer: bool = True) -> str:
    command = [MACHTIGEN, "serve", *(serving() if issuer else []), *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.org"])
def test_any_other_host_is_refused_while_developing(host: str, tmp_path: Path) -> None:
    said = refused("--host", host, "--graph", str(tmp_path / "g"), "--dev", issuer=False)
    assert said.startswith(f"machtigen: --host {host} is refused with --dev")
    assert not (tmp_path / "g").exists()


def test_nobody_to_believe(tmp_path: Path) -> None:
    said = refused("--graph", str(tmp_path / "g"), issuer=False)
    assert said.startswith("machtigen: whose tokens are taken? Give --issuer URL and --audience NAME, or --dev")
    assert not (tmp_path / "g").exists()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--issuer", "https://login.example.nl"], "an issuer needs an audience"),
        (["--issuer", "http://login.example.nl", "--audience", "m"], "over https://"),
        (["--issuer", "nonsense", "--audience", "m"], "over https://"),
        (["--issuer", "i", "--audience", "m", "--jwks", "http://login.example.nl/keys"], "over https://"),
        (["--issuer", "i", "--audience", "m", "--jwks", "nowhere.json"], "--jwks nowhere.json: no such file"),
    ],
)
def test_an_issuer_that_cannot_be_one(arguments: list[str], why: str, tmp_path: Path) -> None:
    said = refused("--graph", str(tmp_path / "g"), *arguments, issuer=False)
    assert why in said
    assert not (tmp_path / "g").exists()


async def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = refused("--graph", await small_world(tmp_path / "g"), "--port", str(port))
    assert said.startswith(f"machtigen: cannot listen at 127.0.0.1 port {port}: address already in use")


def test_a_graph_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("no graph")
    assert "text: not a Machtigen graph" in refused("--graph", str(tmp_path / "text"))
    assert "no such kind of graph" in refused("--graph", "redis://127.0.0.1")

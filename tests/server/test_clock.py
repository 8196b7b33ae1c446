from __future__ import annotations

import threading
from pathlib import Path

import httpx
import pytest

from authority.moments import instant, instant_text
from graph.embedded import EmbeddedGraph
from server.clock import Backwards, RehearsalClock
from tests.resolvers.small import NOW, QUESTION
from tests.server.asking import in_process, served
from tests.server.test_running import post, refused, small_world

DAY = "2020-06-18T10:00:00Z"
NEXT = "2020-06-19T10:00:00.000001Z"


def test_it_stands_still_until_it_is_moved_and_never_goes_back() -> None:
    with RehearsalClock.made() as path:
        one, other = RehearsalClock(path), RehearsalClock(path)
        assert one() == other() == 0
        one.move(instant(DAY))
        assert other() == instant(DAY)
        with pytest.raises(Backwards, match=r"^the clock is at 2020-06-18T10:00:00Z and does not go back$"):
            other.move(instant(DAY) - 1)
        assert one() == other() == instant(DAY)
    assert not Path(path).exists()


def test_many_that_move_it_never_take_it_back() -> None:
    with RehearsalClock.made() as path:
        seen: list[int] = []

        def mover(first: int) -> None:
            clock = RehearsalClock(path)
            for now in range(first, 3_000, 3):
                try:
                    clock.move(now)
                except Backwards:
                    seen.append(clock())

        threads = [threading.Thread(target=mover, args=(first,)) for first in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert RehearsalClock(path)() == 2_999
        assert max(seen, default=0) <= 2_999


async def test_it_is_moved_over_http(ledger: EmbeddedGraph) -> None:
    with RehearsalClock.made() as path:
        async with in_process(ledger, dev=True, clock=RehearsalClock(path)) as client:
            assert (await client.get("/dev/clock")).json() == {"now": "1970-01-01T00:00:00Z"}
            assert (await client.post("/dev/clock", json={"now": DAY})).json() == {"now": DAY}
            back = await client.post("/dev/clock", json={"now": "2020-06-18T11:59:00+02:00"})
            assert (back.status_code, back.json()["error"]) == (409, f"the clock is at {DAY} and does not go back")
            for body in ({}, {"now": 1}, {"now": "2020-06-18"}, {"now": NEXT, "then": NEXT}, [NEXT]):
                assert (await client.post("/dev/clock", json=body)).status_code == 400
            assert (await client.post("/dev/clock", content=b"{")).status_code == 415
            assert (await client.post("/dev/clock", json={"now": NEXT + " " * 1_000})).status_code == 413
            assert (await client.get("/dev/clock")).json() == {"now": DAY}


async def test_there_is_no_such_route_without_dev(ledger: EmbeddedGraph) -> None:
    with RehearsalClock.made() as path:
        async with in_process(ledger, clock=RehearsalClock(path)) as client:
            assert (await client.post("/dev/clock", json={"now": DAY})).status_code == 404
    async with in_process(ledger, dev=True) as client:
        assert (await client.post("/dev/clock", json={"now": DAY})).status_code == 404


async def test_all_workers_have_the_same_now(tmp_path: Path) -> None:
    query = "query($question: Question!) { decision(question: $question) { outcome } }"
    arguments = ("--workers", "2", "--dev", "--clock", "rehearsal")
    with served(await small_world(tmp_path / "g"), *arguments) as (url, _):
        for now, outcome in ((instant_text(NOW), "PERMIT"), ("2060-01-01T00:00:00Z", "DENY")):  # the child is grown up
            async with httpx.AsyncClient() as client:
                assert (await client.post(f"{url}/dev/clock", json={"now": now})).json() == {"now": now}
            for _ in range(20):  # new connections, so that both workers answer
                assert post(url, query, question=QUESTION).json()["data"]["decision"]["outcome"] == outcome


def test_the_option_needs_dev(tmp_path: Path) -> None:
    said = refused("--clock", "rehearsal", "--graph", str(tmp_path / "g"))
    assert said.startswith("machtigen: --clock rehearsal is refused without --dev")

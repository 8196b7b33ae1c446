"""What workers count, put together."""

from __future__ import annotations

from pathlib import Path

import pytest

from authority.decision import Decision
from authority.neighbourhood import Neighbourhood
from resolvers.decisions import Answer
from resolvers.registers import StaleDecisions
from server.tallies import Tallies, Total
from tests.resolvers.small import NOW, asked

HOUR = 3_600_000_000
TEN_MINUTES = HOUR // 6


def answer(*stale: str) -> Answer:
    decision = Decision(
        id=None,
        outcome="INDETERMINATE",
        reason="REGISTER_STALE",
        reasons=("REGISTER_STALE",),
        as_of="l.1",
        stale_registers=stale,
    )
    return Answer(asked(), decision, Neighbourhood())


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def test_workers_add_up_and_what_one_had_is_there_after_it(tmp_path: Path) -> None:
    first, second = (Tallies(tmp_path / "t.sqlite", Clock()) for _ in range(2))
    first.decided([answer("BRP", "CCBR"), answer("BRP")])
    first.served("decision", 0.002)
    first.close()
    second.decided([answer("BRP")])
    second.served("decision", 20.0)
    assert second.stale_decisions("BRP") == StaleDecisions(3, NOW)
    assert second.stale_decisions("CCBR").count == 1
    assert second.stale_decisions("COURT").count == 0
    assert second.totals() == {
        Total("decisions", "INDETERMINATE"): 3,
        Total("stale_decisions", "BRP"): 3,
        Total("stale_decisions", "CCBR"): 1,
        Total("requests_1", "decision"): 1,
        Total("requests_13", "decision"): 1,
        Total("requests_seconds", "decision"): pytest.approx(20.002),
    }
    second.close()


def test_after_24_hours_a_decision_counts_no_more() -> None:
    clock = Clock()
    tallies = Tallies(None, clock)
    tallies.decided([answer("BRP")])
    clock.now += 24 * HOUR - TEN_MINUTES
    tallies.decided([answer("BRP")])
    assert tallies.stale_decisions("BRP") == StaleDecisions(2, NOW)
    clock.now += TEN_MINUTES
    found = tallies.stale_decisions("BRP")
    assert found.count == 1
    assert clock.now - 24 * HOUR < found.since <= clock.now - 24 * HOUR + TEN_MINUTES
    tallies.close()


def test_what_cannot_be_written_now_is_kept(tmp_path: Path) -> None:
    one, other = (Tallies(tmp_path / "t.sqlite", Clock()) for _ in range(2))
    other._database.execute("PRAGMA busy_timeout = 0")
    one._database.execute("BEGIN IMMEDIATE")
    other.served("decision", 0.1)
    other.flush()
    one._database.execute("ROLLBACK")
    assert one.totals() == {}
    other.flush()
    assert set(one.totals()) == {Total("requests_6", "decision"), Total("requests_seconds", "decision")}
    one.close()
    other.close()


@pytest.mark.parametrize("place", ["file", "folder"])
def test_where_the_file_cannot_be_had_each_counts_for_itself(
    tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """A server that cannot write its counts still answers."""
    text = tmp_path / "t.sqlite"
    text.write_text("no database, but long enough to be told from an empty file" * 20)
    path = text if place == "file" else text / "t.sqlite"
    tallies = Tallies(path, Clock())
    assert "each worker counts for itself" in caplog.text
    tallies.decided([answer("BRP")])
    assert tallies.stale_decisions("BRP") == StaleDecisions(1, NOW)
    assert text.read_text().startswith("no database")
    tallies.close()

"""The soak of subscriptions in small; `make soak` has 2,000 subscribers and 10,000 changes."""

from __future__ import annotations

from tests.soak import soak


async def test_none_lost_none_doubled_memory_flat() -> None:
    report = await soak(subscribers=200, changes=1_000)
    assert (report.lost, report.doubled, report.disordered, report.decisions_wrong) == (0, 0, 0, 0)
    assert report.told >= 2 * 1_000
    assert report.decisions_told >= 2 * 20
    assert report.sound, report

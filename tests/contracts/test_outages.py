"""Each register falls silent in turn: exactly those decisions become INDETERMINATE that facts.md says."""

from __future__ import annotations

from pathlib import Path

from authority.registers import TABLE
from graph.ledger import Ledger
from tests.graph.registers.outages import CASES, REGISTERS, Outage, outages, table
from tests.graph.registers.town import town

PAGE = Path(__file__).parents[2] / "docs" / "registers.md"


async def test_each_register_silent_in_turn(ledger: Ledger, tmp_path: Path) -> None:
    async with town(ledger, tmp_path / "town") as here:
        found = await outages(here)
        assert [outage.register for outage in found] == sorted(TABLE)
        for outage in found:
            _check(outage)
        assert here.store.quarantine() == []
        assert "\n".join(table(found)) in PAGE.read_text(encoding="utf-8"), "docs/registers.md shows another table"


def _check(outage: Outage) -> None:
    assert outage.failed.startswith(f"{REGISTERS[outage.register]}: ")
    for case, before, during, after in zip(CASES, outage.before, outage.during, outage.after, strict=True):
        where = f"{outage.register} silent: {case.name}"
        silent = outage.register in case.matters
        said = "INDETERMINATE REGISTER_STALE" if silent else case.answer
        assert f"{before.outcome} {before.reason}" == case.answer, where
        assert f"{during.outcome} {during.reason}" == said, where
        assert f"{after.outcome} {after.reason}" == case.answer, where
        assert (before.stale_registers, during.stale_registers, after.stale_registers) == (
            (),
            (outage.register,),
            (),
        ), where

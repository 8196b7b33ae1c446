"""Duinstad, the demo's town, without the crowd around it."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

from server.demo.calendar import Calendar
from server.demo.families import families
from server.demo.town import town
from tests.server.asking import MACHTIGEN


def load(graph: str, folder: Path) -> None:
    """Its facts of this moment into a graph."""
    calendar = Calendar(datetime.now(UTC))
    facts = folder / "facts.jsonl"
    facts.write_text("".join(json.dumps(line) + "\n" for line in chain(town(calendar), families(calendar))))
    command = [MACHTIGEN, "import", str(facts), "--graph", graph, "--recorded-at", "since-ever"]
    subprocess.run(command, check=True, capture_output=True, env=os.environ)

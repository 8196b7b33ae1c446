"""What can be wrong with a plan: one error, one line."""

from __future__ import annotations


class ScenarioError(Exception):
    """A scenario that breaks the rules. `str(error)` is one line that names file and key, fit for a planner."""

    def __init__(self, sentence: str, *, source: str = "", key: str = "") -> None:
        self.sentence, self.source, self.key = sentence, source, key
        super().__init__(": ".join(part for part in (source, key, sentence) if part))

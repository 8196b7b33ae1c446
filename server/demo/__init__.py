"""The small country of `machtigen demo`: a town with families worth telling about, in a crowd of invented people.

The crowd is the simulator's population; here are the town (`town`), its families (`families`), what people of the crowd
said (`words`) and the questions to try (`questions`). Everything is told relative to a moment, so that ages and the
registers' silences are right on the day that it is made. Facts are lines of a facts file, as dictionaries.
"""

from __future__ import annotations

from typing import Any

Line = dict[str, Any]
"""One fact, as on a line of a facts file."""

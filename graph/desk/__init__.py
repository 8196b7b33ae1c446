"""The desk: what comes before a fact and after it. One SQLite file beside the graph (docs/mandates.md).

Requests that nobody has activated yet, the attempts at their codes, deeds on their way to the ledger, and the letters
and e-mails that go out. What holds stands in the ledger alone.
"""

from graph.desk.codes import Codes, NoCodeKey
from graph.desk.store import Desk, desk_path

__all__ = ["Codes", "Desk", "NoCodeKey", "desk_path"]

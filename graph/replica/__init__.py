"""The replica: a copy on this machine that follows the record and answers for it (DESIGN.md chapter 5)."""

from graph.replica.following import Follower
from graph.replica.heard import Heard
from graph.replica.replica import LAG_MAX_S, Replica, open_replica

__all__ = ["LAG_MAX_S", "Follower", "Heard", "Replica", "open_replica"]

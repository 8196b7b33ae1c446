"""The replica: a copy on this machine that follows the record and answers for it (DESIGN.md chapter 5)."""

from graph.replica.following import Follower
from graph.replica.heard import Heard
from graph.replica.replica import Replica, lag_max, open_replica

__all__ = ["Follower", "Heard", "Replica", "lag_max", "open_replica"]

"""What Locust loads: `locust -f loadtests/locustfile.py`, with its web page, `--processes`, `--master`, `--worker`.

Without `--rate` and `--plan` the users are Locust's usual closed loop with time to think. With either they take
arrivals that are due whatever the service does. Response times in Locust's page are those from the intended start.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, Final

from locust import events
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.runners import MasterRunner

from loadtests.arrivals import SPACINGS
from loadtests.plan import Plan
from loadtests.playing import Conductor, Player, plan_of
from loadtests.users.asking import Citizens, Gateways, Helpers, Portals
from loadtests.users.following import Subscribers
from loadtests.users.writing import Counters, Mandates, Registers, Suppliers

__all__ = [
    "Citizens",
    "Counters",
    "Gateways",
    "Helpers",
    "Mandates",
    "Portals",
    "Registers",
    "Subscribers",
    "Suppliers",
]

_LEAST_SHARE: Final = 0.05
"""Of the pool, for each class of users."""


@events.init_command_line_parser.add_listener
def _arguments(parser: LocustArgumentParser) -> None:
    parser.add_argument("--rate", type=float, default=0.0, help="Decisions a second, open loop. 0: a closed loop")
    parser.add_argument("--seconds", type=float, default=60.0, help="With --rate, how long")
    parser.add_argument("--arrivals", choices=SPACINGS, default="poisson", help="How they come")
    parser.add_argument("--people", type=int, default=100_000, help="Of the population that the service holds")
    parser.add_argument("--people-seed", type=int, default=1, help="Its seed")
    parser.add_argument(
        "--plan", default="", include_in_web_ui=False, help="A plan's JSON, or @FILE; instead of --rate"
    )
    parser.add_argument("--samples", default="", include_in_web_ui=False, help="Where to write what was measured")
    parser.add_argument("--part-samples", default="", include_in_web_ui=False, help="A worker's own, on its machine")
    parser.add_argument("--progress", action="store_true", include_in_web_ui=False, help="A JSON line each second")


@events.init.add_listener
def _begin(environment: Environment, **_: Any) -> None:
    options: Any = environment.parsed_options
    runner = environment.runner
    if options.plan or options.rate:
        _pool(environment, plan_of(options)[0])
    if isinstance(runner, MasterRunner):
        if options.plan.startswith("@"):
            # its workers are elsewhere, and get the options
            options.plan = Path(options.plan[1:]).read_text(encoding="utf-8")
        Conductor(environment, runner)
    elif runner is not None:
        Player(environment)


def _pool(environment: Environment, plan: Plan) -> None:
    """Only users that have something to do, as many of each as their share, but never hardly any."""
    shares: Counter[str] = Counter()
    for name, curve in plan.rates.items():
        shares[name.partition(".")[0]] += curve.total  # type: ignore[assignment]  # a counter of floats counts well
    environment.user_classes = [users for users in environment.user_classes if users.__name__ in shares]
    for users in environment.user_classes:
        users.weight = max(_LEAST_SHARE, shares[users.__name__] / plan.total)

"""The two parts of a run: a player has users and samples; a conductor adds up what several players saw."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import gevent
from locust.env import Environment
from locust.runners import MasterRunner, WorkerRunner

from loadtests.arrivals import constant
from loadtests.errors import LoadTestError
from loadtests.mix import reading
from loadtests.plan import Plan
from loadtests.recording import Samples
from loadtests.service import Service
from loadtests.session import Session, begun

TOKEN: Final = "MACHTIGEN_LOAD_TOKEN"  # noqa: S105 - the name of the variable that has it
TOKENS: Final = "MACHTIGEN_LOAD_TOKENS"  # likewise, of where tokens are had
_SAMPLES: Final = "samples"
_FINISHED: Final = "finished"
_TOLD_EVERY_S: Final = 1.0
_LAST_REPORTS_S: Final = 15.0


def plan_of(options: Any) -> tuple[Plan, bool]:
    """The plan that the options ask for; whether it is an open one. Raises LoadTestError."""
    if options.plan:
        text = Path(options.plan[1:]).read_text(encoding="utf-8") if options.plan.startswith("@") else options.plan
        plan = Plan.loads(text)
        return plan, not plan.closed
    rate = options.rate or 1.0
    plan = Plan(
        reading(constant(rate, options.seconds)),
        spacing=options.arrivals,
        people=options.people,
        people_seed=options.people_seed,
        run=os.urandom(4).hex(),
    )
    return plan, options.rate > 0.0


class Player:
    """The part of a process that has users."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment
        options: Any = environment.parsed_options
        self._options = options
        environment.events.test_start.add_listener(self.prepare)
        environment.events.spawning_complete.add_listener(self.start)
        environment.events.test_stop.add_listener(self.end)
        # what a master sends takes the place of a worker's options: this one is its own
        self._own: str = options.part_samples
        self._session: Session | None = None
        self._ended = False

    def prepare(self, environment: Environment, **_: Any) -> None:
        """Before there are users."""
        options, runner = self._options, environment.runner
        parts = int(getattr(options, "generators", 0) or 1)
        part = max(0, getattr(runner, "worker_index", 0))
        plan, is_open = plan_of(options)
        try:
            # in a thread: a worker that does not say for three seconds that it lives is given up by its master
            session = gevent.get_hub().threadpool.apply(_prepared, (plan, environment.host or "", part, parts))
        except LoadTestError as wrong:
            _give_up(str(wrong))
        if is_open:
            session.open()
        self._session, self._ended = session, False
        begun(environment, session)

    def start(self, **_: Any) -> None:
        """Once all users wait."""
        if self._session is not None:
            self._session.start()
            gevent.spawn(self._watch, self._session)

    def _watch(self, session: Session) -> None:
        """Until all has been done; then this process is done, and the run if it is the only one."""
        while not self._ended:
            if session.dispatcher is not None:
                session.dispatcher.expire()
            if self._options.progress:
                _tell(session)
            if session.finished:
                runner = self.environment.runner
                assert runner is not None
                if isinstance(runner, WorkerRunner):
                    runner.send_message(_FINISHED, {})
                elif self._options.headless:
                    runner.quit()
                else:
                    runner.stop()
                return
            gevent.sleep(_TOLD_EVERY_S)

    def end(self, environment: Environment, **_: Any) -> None:
        """All users have gone."""
        session = self._session
        if session is None or self._ended:
            return
        self._ended = True
        if session.dispatcher is not None:
            session.dispatcher.abandon()
        try:
            session.ask_again()
        except LoadTestError as wrong:
            session.samples.find("unasked", {"why": str(wrong)})
        if self._own:
            _write(self._own, session.samples)
        runner = environment.runner
        if isinstance(runner, WorkerRunner):
            runner.send_message(_SAMPLES, {"samples": json.dumps(session.samples.as_json())})
            gevent.sleep(0.0)
        elif self._options.samples:
            _write(self._options.samples, session.samples)


def _prepared(plan: Plan, host: str, part: int, parts: int) -> Session:
    service = Service(host, os.environ.get(TOKEN), os.environ.get(TOKENS), persisted=plan.persisted)
    session = Session(plan, service, part, parts)
    session.prepare()
    return session


class Conductor:
    """The part of a master: tells its workers how many they are, adds up what they saw, ends the run."""

    def __init__(self, environment: Environment, runner: MasterRunner) -> None:
        self.runner = runner
        self._options: Any = environment.parsed_options
        self.samples: Samples | None = None
        self._parts = self._finished = self._heard = 0
        runner.register_message(_SAMPLES, self.hear)
        runner.register_message(_FINISHED, self.one_finished)
        environment.events.test_start.add_listener(self.start)
        environment.events.quitting.add_listener(self.end)

    def start(self, **_: Any) -> None:
        """Before the workers are told to begin."""
        self._parts = self.runner.worker_count
        self._finished = self._heard = 0
        self.samples = None
        self._options.generators = self._parts

    def one_finished(self, environment: Environment, msg: Any, **_: Any) -> None:
        """A worker has nothing left to do."""
        self._finished += 1
        if self._finished >= self._parts:
            gevent.spawn(self.runner.stop)
            if self._options.headless:
                gevent.spawn(self._quit)

    def _quit(self) -> None:
        until = _LAST_REPORTS_S
        while self._heard < self._parts and until > 0.0:
            gevent.sleep(0.2)
            until -= 0.2
        self.runner.quit()

    def hear(self, environment: Environment, msg: Any, **_: Any) -> None:
        """What a worker saw."""
        found = Samples.from_json(json.loads(msg.data["samples"]))
        self._heard += 1
        if self.samples is None:
            self.samples = found
        else:
            self.samples.add(found)

    def end(self, environment: Environment, **_: Any) -> None:
        """The sum, with how many generators there were to be."""
        if self.samples is not None and self._options.samples:
            _write(self._options.samples, self.samples)


def _write(path: str, samples: Samples) -> None:
    Path(path).write_text(json.dumps(samples.as_json()), encoding="utf-8")


def _tell(session: Session) -> None:
    samples = session.samples
    told = {
        "part": session.part,
        "seconds": round(perf_counter() - session.begin, 3),
        "due": samples.due.total(),
        "begun": samples.begun.total(),
        "dropped": samples.dropped_by_interval.total(),
        "false_permits": samples.findings["false_permit"],
    }
    print(json.dumps(told), flush=True)


def _give_up(why: str) -> None:
    """Locust logs what listeners raise and goes on: a run that cannot begin must not look like one."""
    print(f"loadtest: {why}", file=sys.stderr, flush=True)
    os._exit(2)

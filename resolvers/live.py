"""What changes, told as it happens: one task reads each position of the ledger once, for all who wait.

Whoever waits for *steps* (what the ledger learnt) gets each of them once, in order: from those that are kept for all
(`resolvers.recent`), or where they lie further back from the ledger itself. Nothing is kept for one subscription, so
that nobody's slowness costs memory or a step.

Whoever waits for a *decision* gets it whenever it differs from the one told last, by a new fact or by time. It is
decided anew at the position that the task has come to, so that none is told that does not hold any more, and what came
and went in between is not told.
"""

from __future__ import annotations

import asyncio
import gc
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterable
from contextlib import aclosing, asynccontextmanager
from contextvars import Context
from typing import Final, Literal, TypeVar

import msgspec

from authority.decision import Decision
from authority.neighbourhood import other_holders
from authority.question import Question
from graph.errors import GraphError
from graph.following import Step, Topic, steps_between, topics_of
from graph.ledger import Ledger, Token
from resolvers.deadlines import Deadlines
from resolvers.decisions import Answer, decide_at, given
from resolvers.reading import Reading, answering, position
from resolvers.recent import RECENT_MAX, Recent, is_kept

W = TypeVar("W")

WAITING_MAX: Final = 10_000
"""Subscriptions of one process."""
BEHIND_MAX: Final = 100_000
"""Positions that a subscription may begin or fall behind; they are read again for it."""
COLLECT_EVERY: Final = 1_000
"""Subscriptions that ended. The executor leaves some kilobytes of cycles behind each, which would stay for long: the
collector of a server seldom looks at what is old (`server.running`)."""
_TOGETHER: Final = 128

Cause = Literal["START", "FACT", "TIME"]


class TooManySubscriptions(GraphError):
    """This process has as many as it takes."""

    code = "TOO_MANY_SUBSCRIPTIONS"


class TooFarBehind(GraphError):
    """The token lies too far back, or the one who reads is too slow."""

    code = "TOO_FAR_BEHIND"


class Told(msgspec.Struct, frozen=True, gc=False):
    """A decision that is told. `now`: the instant that it was taken at.

    `cause`: START, the first one; TIME, the one told before it was to hold until now; FACT, something was learnt.
    """

    answer: Answer
    now: int
    cause: Cause


class ServerStops(GraphError):
    """This process ends."""

    code = "SERVER_STOPS"


class _Waiting:
    """Somebody who waits for steps. `before`: the position before the first that it was woken for."""

    __slots__ = ("before", "reason", "woken")

    def __init__(self) -> None:
        self.before = 0
        self.reason: Exception | None = None
        self.woken = asyncio.Event()

    def wake(self, step: Step) -> None:
        if not self.woken.is_set():
            self.before = step.position - 1
            self.woken.set()

    def end(self, reason: Exception) -> None:
        self.reason = reason
        self.woken.set()

    async def wait(self) -> int:
        """Until there is one; up to where there is none. Raises what ended it."""
        if self.reason is None:
            await self.woken.wait()
            self.woken.clear()
        if self.reason is not None:
            raise self.reason
        return self.before


class _Standing:
    """A question that stands: its decision told last, and the newest one where that is to be told."""

    __slots__ = ("about_now", "begin", "latest", "question", "reason", "told", "topics", "woken")

    def __init__(self, question: Question, *, about_now: bool, told: Decision | None = None, begin: int = 0) -> None:
        self.question = question
        self.about_now = about_now
        self.told = told
        self.begin = begin
        self.latest: Told | None = None
        self.reason: Exception | None = None
        self.topics: frozenset[Topic] = frozenset()
        self.woken = asyncio.Event()

    def at(self, now: int) -> Question:
        return msgspec.structs.replace(self.question, at=now) if self.about_now else self.question

    def answered(self, answer: Answer, now: int) -> int | None:
        """Take the newest answer; when it is to be decided anew if nothing is learnt."""
        decision, told = answer.decision, self.told
        if told is None or self._differs(told, decision, now):
            self.latest = Told(answer, now, self._cause(now))
            self.woken.set()
            return decision.valid_until if self.about_now else None
        self.latest = None
        if not self.about_now:
            return None
        # whoever was told that it holds until then hears by then that it holds longer
        return min((until for until in (told.valid_until, decision.valid_until) if until is not None), default=None)

    def _differs(self, told: Decision, new: Decision, now: int) -> bool:
        if any(getattr(told, field) != getattr(new, field) for field in _TOLD):
            return True
        if not self.about_now:
            return told.valid_until != new.valid_until
        if told.valid_until is None:
            return new.valid_until is not None
        return told.valid_until <= now or (new.valid_until is not None and new.valid_until < told.valid_until)

    def _cause(self, now: int) -> Cause:
        if self.told is None:
            return "START"
        until = self.told.valid_until
        return "TIME" if self.about_now and until is not None and until <= now else "FACT"

    def end(self, reason: Exception) -> None:
        self.reason = reason
        self.woken.set()

    async def take(self) -> Told:
        """The next one to tell. Raises what ended it."""
        while True:
            if self.reason is not None:
                raise self.reason
            if self.latest is not None:
                taken, self.latest = self.latest, None
                self.told = taken.answer.decision
                return taken
            self.woken.clear()
            await self.woken.wait()


_TOLD: Final = ("outcome", "reason", "reasons", "required_consents", "step_up", "grounds")
"""What makes a decision another; `valid_until` where it comes sooner than was told."""


class Live:
    """One for each process, over one ledger. `clock` in microseconds."""

    def __init__(self, ledger: Ledger, clock: Callable[[], int]) -> None:
        self._ledger, self._clock = ledger, clock
        self._closed = False
        self._waiting = self._left = 0
        self._steps: defaultdict[Topic, set[_Waiting]] = defaultdict(set)
        self._recent = Recent()
        self._recalling = asyncio.Lock()
        self._standing: defaultdict[Topic, set[_Standing]] = defaultdict(set)
        self._due: Deadlines[_Standing] = Deadlines()
        self._undecided: set[_Standing] = set()
        self._ledger_name = ""
        self._position = 0
        """Up to here every step is in `recent`, and whoever waits for it is woken."""
        self._starting = asyncio.Lock()
        self._woken = asyncio.Event()
        self._following: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many subscriptions there are."""
        return self._waiting

    def wake(self) -> None:
        """Look at the ledger now: somebody here has written."""
        self._woken.set()

    def token(self, position: int) -> str:
        """The ledger token of a position; once somebody waits."""
        return str(Token(self._ledger_name, position))

    async def steps(self, topic: Topic, after: str | None) -> AsyncGenerator[Step, None]:
        """Each step about this after the token, in order, each once; None: from now on.

        Raises BadToken, LedgerBehind, TooFarBehind, TooManySubscriptions, and what the ledger raises.
        """
        async with self._one_more():
            last = (await self._ledger.head()).position if after is None else await self._reached(after)
            waiting = _Waiting()
            self._steps[topic].add(waiting)
            try:
                while True:
                    if last < self._recent.low:
                        await self._recall(last)
                    while last < self._recent.low:
                        low = self._recent.low
                        async with self._recalling, aclosing(steps_between(self._ledger, last, low)) as older:
                            found = [step async for steps in older for step in steps if topic in topics_of(step, 0)]
                        for step in found:
                            yield step
                        last = low
                    found, last = self._recent.after(topic, last), max(last, self._position)
                    for step in found:
                        yield step
                    if last >= self._position:
                        last = max(last, await waiting.wait())
            finally:
                _leave(self._steps, [topic], waiting)

    async def decisions(
        self, question: Question, *, about_now: bool, after: str | None = None, since: int | None = None
    ) -> AsyncGenerator[Told, None]:
        """The decision, and then each one that differs from the one told before.

        `about_now`: at the instant at which it is decided, not at that of the question. `after`, a token: not before
        that position. `since`: the decision at `after` and at this instant has been told already. Raises as `steps`.
        """
        async with self._one_more():
            told, begin = None, 0
            if after is not None:
                begin = await self._reached(after)
                if since is not None:
                    then = msgspec.structs.replace(question, at=since) if about_now else question
                    told = (await decide_at(self._ledger, [then], begin))[0].decision
            standing = _Standing(question, about_now=about_now, told=told, begin=begin)
            self._stand(standing, _topics(standing, None))
            self._undecided.add(standing)
            self.wake()
            try:
                while True:
                    taken = await standing.take()
                    given([taken.answer])
                    yield taken
            finally:
                _leave(self._standing, standing.topics, standing)
                self._undecided.discard(standing)
                self._due.forget(standing)

    def close(self) -> None:
        """End every subscription with ServerStops, and take no more."""
        self._closed = True
        if self._following is not None:
            self._following.cancel()
            self._following = None
        self._end_all(_stops())

    # who waits

    @asynccontextmanager
    async def _one_more(self) -> AsyncGenerator[None, None]:
        if self._closed:
            raise _stops()
        if self._waiting >= WAITING_MAX:
            raise TooManySubscriptions(f"this process has {WAITING_MAX:,} subscriptions, and takes no more")
        self._waiting += 1
        try:
            async with self._starting:
                if self._following is None:
                    head = await self._ledger.head()
                    self._ledger_name, self._position = head.ledger, head.position
                    self._recent.begin(head.position)
                    self._following = asyncio.create_task(self._follow(), name="live", context=Context())
            yield
        finally:
            self._waiting -= 1
            self._left += 1
            if self._left % COLLECT_EVERY == 0:
                gc.collect()
            if not self._waiting and self._following is not None:
                self._following.cancel()
                self._following = None
                self._recent.begin(self._position)

    async def _reached(self, token: str) -> int:
        """The position of the token."""
        reading = Reading(as_of=token)
        reached = await position(await answering(self._ledger, reading), reading)
        assert reached is not None
        return reached

    async def _recall(self, after: int) -> None:
        """Read what was before the oldest step that is kept, once for all who ask: they come together after a restart.

        Raises TooFarBehind.
        """
        if self._position - after > BEHIND_MAX:
            raise TooFarBehind(f"more than {BEHIND_MAX:,} positions behind: ask anew, and begin there")
        async with self._recalling:
            low = self._recent.low
            if after >= low or self._recent.full:
                return
            steps: deque[Step] = deque(maxlen=RECENT_MAX)
            begin = after
            async for piece in steps_between(self._ledger, after, low):
                for step in filter(is_kept, piece):
                    if len(steps) == RECENT_MAX:
                        begin = steps[0].position
                    steps.append(step)
            if self._recent.low == low:
                self._recent.add_before(steps, begin)

    def _stand(self, standing: _Standing, topics: frozenset[Topic]) -> None:
        for topic in topics - standing.topics:
            self._standing[topic].add(standing)
        _leave(self._standing, standing.topics - topics, standing)
        standing.topics = topics

    # the one task

    async def _follow(self) -> None:
        try:
            while True:
                await self._pause()
                head = (await self._ledger.head()).position
                async for steps in steps_between(self._ledger, self._position, head):
                    self._deliver(steps)
                self._undecided |= self._due.reached(self._clock())
                ready = [each for each in self._undecided if each.begin <= self._position]
                for start in range(0, len(ready), _TOGETHER):
                    await self._decide(ready[start : start + _TOGETHER])
                    await asyncio.sleep(0)
        except Exception as reason:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            self._following = None
            self._end_all(reason)

    async def _pause(self) -> None:
        """Until woken, or until it is time to look."""
        loop = asyncio.get_running_loop()
        look = self._ledger.follow_every_s
        if (due := self._due.next()) is not None:
            look = min(look, max((due - self._clock()) / 1_000_000, 0.001))
        timer = loop.call_later(look, self._woken.set)
        await self._woken.wait()
        timer.cancel()
        self._woken.clear()

    def _deliver(self, steps: list[Step]) -> None:
        """Wake who waits for them, and mark what must be decided anew; without a pause: all or nothing."""
        now = self._clock()
        self._recent.add(steps)
        for step in steps:
            for topic in topics_of(step, now):
                for waiting in self._steps.get(topic, ()):
                    waiting.wake(step)
                self._undecided |= self._standing.get(topic, set())
        self._position = steps[-1].position

    async def _decide(self, standing: Collection[_Standing]) -> None:
        self._undecided.difference_update(standing)
        now = self._clock()
        answers = await decide_at(self._ledger, [each.at(now) for each in standing], self._position)
        for each, answer in zip(standing, answers, strict=True):
            if each.topics:  # it has not left meanwhile
                self._stand(each, _topics(each, answer))
                self._due.put(each, each.answered(answer, now))

    def _end_all(self, reason: Exception) -> None:
        for waiting in set().union(*self._steps.values()):
            waiting.end(reason)
        for standing in set().union(*self._standing.values()):
            standing.end(reason)


def _stops() -> ServerStops:
    return ServerStops("the server stops: begin again at the last token")


def _leave(index: defaultdict[Topic, set[W]], topics: Iterable[Topic], who: W) -> None:
    for topic in topics:
        index[topic].discard(who)
        if not index[topic]:
            del index[topic]


def _topics(standing: _Standing, answer: Answer | None) -> frozenset[Topic]:
    """What a new fact must be about to matter to this question: what `authority.neighbourhood` says that it needs."""
    question = standing.question
    people = {question.representative, question.represented, question.organisation} - {None}
    if answer is not None:
        people |= other_holders(question, answer.around.authorities.get(question.represented, ()))
    now = standing.about_now and question.known_at is None
    return frozenset(
        {
            ("provider", question.provider),
            ("service", question.service_id),
            ("registers" if now else "registers then", ""),
            *(("about", person) for person in people if person is not None),
        }
    )

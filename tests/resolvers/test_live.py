from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.decide import decide
from authority.facts import Authority, Fact
from authority.moments import DAY_US, day, instant_text
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.errors import BadToken, LedgerBehind, LedgerUnavailable
from graph.ledger import Change, Token
from resolvers import live as live_module
from resolvers import recent
from resolvers.decisions import counting, decide_at
from resolvers.live import Live, ServerStops, Told, TooFarBehind, TooManySubscriptions
from tests import generated
from tests.resolvers.small import NOW, asked, fill

T = TypeVar("T")
SECONDS_MAX = 10.0
SIBLING: dict[str, Any] = {"fact": "person", "id": "sibling", "born": "2015-01-01"}

MANDATE: dict[str, Any] = {
    "fact": "authority",
    "id": "m1",
    "kind": "VOLUNTARY_MANDATE",
    "representative": "mother",
    "represented": "father",
    "services": ["h1/record"],
    "valid_from": "2020-01-01",
}


class Clock:
    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


@asynccontextmanager
async def following(ledger: EmbeddedGraph, clock: Callable[[], int] | None = None) -> AsyncIterator[Live]:
    live = Live(ledger, clock or Clock())
    yield live
    await asyncio.sleep(0)
    assert live.waiting == 0
    assert live._following is None
    assert not live._steps
    assert not live._standing


async def take(stream: AsyncGenerator[T, None], count: int = 1) -> list[T]:
    async with asyncio.timeout(SECONDS_MAX):
        return [await anext(stream) for _ in range(count)]


async def nothing(stream: AsyncGenerator[T, None], seconds: float = 0.15) -> None:
    """Nothing comes; the stream is over then."""
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(seconds):
            await anext(stream)


async def mandate(graph: EmbeddedGraph, live: Live | None = None, **changed: Any) -> str:
    """State m1 anew; the token."""
    await fill(graph, [{**MANDATE, **changed}], recorded_at=NOW)
    if live is not None:
        live.wake()
    return str(await graph.head())


# steps


async def test_each_step_after_a_token_then_each_that_comes(ledger: EmbeddedGraph) -> None:
    start = await ledger.head()
    await mandate(ledger, status="WITHDRAWN")
    await fill(ledger, [SIBLING])
    async with following(ledger) as live, aclosing(live.steps(("about", "father"), str(start))) as steps:
        (first,) = await take(steps)
        assert (first.position, first.fact.id) == (start.position + 1, "m1")
        await mandate(ledger, live, status="ENDED", recorded_at="2026-11-24T13:00:00Z")
        (second,) = await take(steps)
        assert (second.position, second.before) == (start.position + 3, first.fact)
        assert live.token(second.position) == str(await ledger.head())


async def test_without_a_token_from_now_on(ledger: EmbeddedGraph) -> None:
    async with following(ledger) as live, aclosing(live.steps(("about", "father"), None)) as steps:
        waiting = asyncio.create_task(take(steps))
        await asyncio.sleep(0.05)
        await mandate(ledger, live, status="WITHDRAWN")
        ((step,),) = [await waiting]
        assert isinstance(step.fact, Authority)
        assert step.fact.status == "WITHDRAWN"


async def test_what_another_process_writes_is_seen_without_a_word(ledger: EmbeddedGraph) -> None:
    async with following(ledger) as live, aclosing(live.steps(("about", "father"), None)) as steps:
        waiting = asyncio.create_task(take(steps))
        await asyncio.sleep(0.05)
        await mandate(ledger, None, status="WITHDRAWN")  # nobody wakes it
        assert len(await waiting) == 1


def named(person: dict[str, Any], numbers: Iterable[int]) -> list[dict[str, Any]]:
    mandate = {**MANDATE, "id": "m9", "represented": person["id"]}
    return [
        {**mandate, "valid_until": instant_text(NOW + DAY_US + n), "recorded_at": instant_text(NOW + n)}
        for n in numbers
    ]


@pytest.mark.parametrize("kept", [3, 100, 20_000])
async def test_one_that_falls_behind_gets_every_step(
    ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch, kept: int
) -> None:
    monkeypatch.setattr(recent, "RECENT_MAX", kept)
    monkeypatch.setattr(live_module, "RECENT_MAX", kept)
    await fill(ledger, [SIBLING])
    start = str(await ledger.head())
    topic = ("about", "sibling")
    async with following(ledger) as live, aclosing(live.steps(topic, None)) as steps:
        first = asyncio.create_task(take(steps))
        await asyncio.sleep(0.05)
        for n in range(0, 600, 100):
            await fill(ledger, named(SIBLING, range(n, n + 100)))
            live.wake()
            await asyncio.sleep(0.03)
            assert len(live._recent._steps) <= kept
        told = [*await first, *await take(steps, 599)]
        async with aclosing(live.steps(topic, start)) as others:
            assert await take(others, 600) == told  # one that comes late is told the same
        await nothing(steps)
    assert [step.fact.recorded_at - NOW for step in told] == list(range(600))


async def test_one_that_had_nothing_to_hear_is_not_behind(
    ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recent, "RECENT_MAX", 3)
    monkeypatch.setattr(live_module, "BEHIND_MAX", 20)
    await fill(ledger, [SIBLING])
    async with following(ledger) as live, aclosing(live.steps(("about", "father"), None)) as steps:
        waiting = asyncio.create_task(take(steps))
        await asyncio.sleep(0.05)
        for n in range(0, 50, 10):
            await fill(ledger, named(SIBLING, range(n, n + 10)))
            live.wake()
            await asyncio.sleep(0.02)
        await mandate(ledger, live, status="ENDED")
        assert len(await waiting) == 1


async def test_after_a_restart_the_ledger_is_read_once_for_all(ledger: EmbeddedGraph) -> None:
    start = str(await ledger.head())
    await fill(ledger, named({"id": "father"}, range(300)))
    read: list[int] = []
    changes = ledger.changes

    def counted(after: int = 0, limit: int | None = None) -> AsyncIterator[Change]:
        read.append(limit or 0)
        return changes(after, limit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger, "changes", counted)
        async with following(ledger) as live:
            streams = [live.steps(("about", "father"), start) for _ in range(50)]
            told = await asyncio.gather(*(take(each, 300) for each in streams))
            assert all(each == told[0] for each in told)
            for each in streams:
                await each.aclose()
    assert sum(read) == 300


async def test_too_far_back_to_begin(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "BEHIND_MAX", 5)
    start = str(Token((await ledger.head()).ledger, 1))
    async with following(ledger) as live:
        with pytest.raises(TooFarBehind, match="ask anew"):
            await take(live.steps(("about", "child"), start))


async def test_tokens_that_are_none(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    async with following(ledger) as live:
        for token, error in (
            ("nonsense", BadToken),
            (f"other.{head.position}", BadToken),
            (f"{head.ledger}.{head.position + 1}", LedgerBehind),
        ):
            with pytest.raises(error):
                await take(live.steps(("about", "child"), token))
            with pytest.raises(error):
                await take(live.decisions(asked(), about_now=True, after=token))


async def test_as_many_as_a_process_takes(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_module, "WAITING_MAX", 1)
    async with following(ledger) as live, aclosing(live.decisions(asked(), about_now=True)) as one:
        await take(one)
        with pytest.raises(TooManySubscriptions):
            await take(live.decisions(asked(), about_now=True))


async def test_all_are_told_what_ended_them(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    async with following(ledger) as live:
        one, other = live.steps(("about", "father"), None), live.decisions(asked(), about_now=True)
        await take(other)
        waiting = [asyncio.create_task(take(one)), asyncio.create_task(take(other))]
        await asyncio.sleep(0.05)

        async def broken() -> Token:
            raise LedgerUnavailable("gone")

        monkeypatch.setattr(ledger, "head", broken)
        ended = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(error) for error in ended] == [LedgerUnavailable] * 2
        monkeypatch.undo()
        await take(again := live.decisions(asked(), about_now=True))
        live.close()
        with pytest.raises(ServerStops):
            await take(again)
        with pytest.raises(ServerStops):
            await take(live.decisions(asked(), about_now=True))


# decisions


async def test_a_fact_changes_the_answer(ledger: EmbeddedGraph) -> None:
    question = asked(represented="father")
    async with following(ledger) as live, aclosing(live.decisions(question, about_now=True)) as told:
        (first,) = await take(told)
        assert (first.cause, first.answer.decision.reason) == ("START", "VOLUNTARY_MANDATE")
        token = await mandate(ledger, live, status="WITHDRAWN")
        (second,) = await take(told)
        assert (second.cause, second.answer.decision.reason) == ("FACT", "WITHDRAWN")
        assert second.answer.decision.as_of == token


async def test_another_holders_death_matters(ledger: EmbeddedGraph) -> None:
    question = asked(provider="t1", service="t1/return", act="DISPOSAL")
    async with following(ledger) as live, aclosing(live.decisions(question, about_now=True)) as told:
        (first,) = await take(told)
        died = {"fact": "person", "id": "father", "born": "1984-03-01", "died": "2026-11-01"}
        await fill(ledger, [died], recorded_at=NOW)
        live.wake()
        (second,) = await take(told)
        assert second.answer.decision == decide(question, await ledger.neighbourhood(question))
        assert first.answer.decision.required_consents != second.answer.decision.required_consents


async def test_time_changes_the_answer(ledger: EmbeddedGraph) -> None:
    clock = Clock()
    async with following(ledger, clock) as live, aclosing(live.decisions(asked(), about_now=True)) as told:
        (first,) = await take(told)
        until = first.answer.decision.valid_until
        assert until == day("2030-03-01")  # the child turns 12
        clock.now = until - 1
        waiting = asyncio.create_task(take(told))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        clock.now = until
        ((second,),) = [await waiting]
        assert (second.cause, second.now) == ("TIME", until)
        assert second.answer.decision.reason != first.answer.decision.reason


async def test_a_real_clock_is_awaited_to_the_instant(ledger: EmbeddedGraph) -> None:
    await mandate(ledger, valid_until="2026-11-24T12:00:00.200000Z")
    began = asyncio.get_running_loop().time()

    def clock() -> int:
        return NOW + int((asyncio.get_running_loop().time() - began) * 1_000_000)

    question = asked(represented="father")
    async with following(ledger, clock) as live, aclosing(live.decisions(question, about_now=True)) as told:
        first, second = await take(told, 2)
        assert (first.answer.decision.outcome, second.answer.decision.outcome) == ("PERMIT", "DENY")
        assert 0 <= second.now - (NOW + 200_000) < 100_000


async def test_a_question_about_a_fixed_instant_does_not_age(ledger: EmbeddedGraph) -> None:
    clock = Clock()
    async with following(ledger, clock) as live, aclosing(live.decisions(asked(), about_now=False)) as told:
        await take(told)
        clock.now = day("2040-01-01")
        await nothing(told)


async def test_what_came_and_went_is_not_told(ledger: EmbeddedGraph) -> None:
    question = asked(represented="father")
    async with following(ledger) as live, aclosing(live.decisions(question, about_now=True)) as told:
        await take(told)
        await mandate(ledger, live, status="WITHDRAWN", recorded_at="2026-11-24T12:00:01Z")
        await asyncio.sleep(0.1)
        await mandate(ledger, live, recorded_at="2026-11-24T12:00:02Z")
        await asyncio.sleep(0.1)
        await nothing(told)


async def test_going_on_without_gap_or_repeat(ledger: EmbeddedGraph) -> None:
    clock = Clock()
    question = asked(represented="father")
    async with following(ledger, clock) as live:
        async with aclosing(live.decisions(question, about_now=True)) as told:
            (first,) = await take(told)

        def again(since: Told) -> AsyncGenerator[Told, None]:
            return live.decisions(question, about_now=True, after=since.answer.decision.as_of, since=since.now)

        await nothing(again(first))
        await mandate(ledger, valid_until="2027-01-01")  # while nobody listens
        async with aclosing(again(first)) as told:
            (second,) = await take(told)
        assert (second.cause, second.answer.decision.valid_until) == ("FACT", day("2027-01-01"))
        clock.now = day("2027-02-01")  # time alone, while nobody listens
        async with aclosing(again(second)) as told:
            (third,) = await take(told)
        assert (third.cause, third.answer.decision.outcome) == ("TIME", "DENY")
        await nothing(again(third))


async def test_after_a_token_alone_the_decision_there_or_later_comes_first(ledger: EmbeddedGraph) -> None:
    token = await mandate(ledger, status="WITHDRAWN")
    question = asked(represented="father")
    async with following(ledger) as live, aclosing(live.decisions(question, about_now=True, after=token)) as told:
        (first,) = await take(told)
        assert (first.cause, first.answer.decision.outcome) == ("START", "DENY")


async def test_one_told_that_it_holds_hears_in_time_that_it_holds_longer(ledger: EmbeddedGraph) -> None:
    clock = Clock()
    heard = {"fact": "register", "id": "BRP", "max_silence": "P2D"}
    await fill(ledger, [{**heard, "heard_from": "2026-11-24T12:00:00Z"}], recorded_at=NOW - 1)
    decided: list[int] = []

    async def counted(store: Any, questions: list[Question], at: int | None) -> Any:
        decided.append(len(questions))
        return await decide_at(store, questions, at)

    async with following(ledger, clock) as live, aclosing(live.decisions(asked(), about_now=True)) as told:
        (first,) = await take(told)
        assert first.answer.decision.valid_until == NOW + 2 * DAY_US
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(live_module, "decide_at", counted)
            waiting = asyncio.create_task(take(told))
            for hour in range(13, 23):
                instant = f"2026-11-24T{hour}:00:00Z"
                await fill(ledger, [{**heard, "heard_from": instant}], recorded_at=NOW + hour)
                live.wake()
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            assert decided == []  # heard from in time: nothing to decide anew
        assert not waiting.done()
        clock.now = NOW + 2 * DAY_US
        ((second,),) = [await waiting]
        assert second.answer.decision.valid_until == NOW + 2 * DAY_US + 10 * DAY_US // 24
        assert (second.cause, second.answer.decision.outcome) == ("TIME", "PERMIT")
        clock.now = NOW + 4 * DAY_US
        (third,) = await take(told)
        assert third.answer.decision.reason == "REGISTER_STALE"


async def test_each_decision_told_is_counted_for_whom_it_is_told(ledger: EmbeddedGraph) -> None:
    counted: list[str] = []
    token = counting.set(lambda answers: counted.extend(a.decision.outcome for a in answers))
    try:
        async with following(ledger) as live, aclosing(live.decisions(asked(), about_now=True)) as told:
            await take(told)
            await fill(
                ledger, [{"fact": "block", "id": "k", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}]
            )
            live.wake()
            await take(told)
    finally:
        counting.reset(token)
    assert counted == ["PERMIT", "DENY"]


# whatever happens


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(data=st.data())
async def test_the_last_one_told_is_the_decision(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    world = data.draw(generated.worlds(most=12))
    more: list[Fact] = data.draw(st.lists(generated.facts, min_size=1, max_size=12))
    questions = data.draw(st.lists(generated.questions([*world, *more]), min_size=1, max_size=3))
    about_now = data.draw(st.booleans())
    graph = EmbeddedGraph.open(str(tmp_path_factory.mktemp("live") / "graph"))
    clock = Clock(min(question.at for question in questions))
    live = Live(graph, clock)
    told: dict[int, list[Told]] = {n: [] for n in range(len(questions))}

    async def listen(n: int) -> None:
        async for each in live.decisions(questions[n], about_now=about_now):
            told[n].append(each)

    await graph.append(world)
    listening = [asyncio.create_task(listen(n)) for n in range(len(questions))]
    try:
        for fact in more:
            await graph.append([fact])
            live.wake()
            clock.now += data.draw(st.sampled_from((0, 0, DAY_US, 200 * DAY_US)))
            if data.draw(st.booleans()):
                await asyncio.sleep(0.005)
        for n, question in enumerate(questions):
            await _settled(live, graph, clock)
            now = replace(question, at=clock.now) if about_now else question
            decision = decide(now, await graph.neighbourhood(now))
            last = told[n][-1].answer.decision
            for field in live_module._TOLD:
                assert getattr(last, field) == getattr(decision, field), field
            if about_now and last.valid_until is not None:
                assert clock.now < last.valid_until
                assert decision.valid_until is None or last.valid_until <= decision.valid_until
            for before, after in zip(told[n], told[n][1:], strict=False):
                assert before.answer.decision != after.answer.decision
                assert Token.parse(before.answer.decision.as_of) <= Token.parse(after.answer.decision.as_of)
    finally:
        for task in listening:
            task.cancel()
        await asyncio.gather(*listening, return_exceptions=True)
        await graph.close()


async def _settled(live: Live, graph: EmbeddedGraph, clock: Clock) -> None:
    """Until the task has seen all and told all."""
    live.wake()
    async with asyncio.timeout(SECONDS_MAX):
        while (  # noqa: ASYNC110 - nothing tells that there is nothing more
            live._position < (await graph.head()).position
            or live._undecided
            or ((due := live._due.next()) is not None and due <= clock.now)
            or any(standing.latest for standings in live._standing.values() for standing in standings)
        ):
            await asyncio.sleep(0.001)
    await asyncio.sleep(0.002)

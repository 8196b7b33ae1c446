from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from resolvers.deadlines import Deadlines

moves = st.lists(st.tuples(st.integers(0, 4), st.one_of(st.none(), st.integers(0, 20))), max_size=40)


@given(moves, st.integers(0, 20))
def test_each_is_due_once_at_the_instant_that_was_said_last(said: list[tuple[int, int | None]], now: int) -> None:
    due: Deadlines[int] = Deadlines()
    for thing, instant in said:
        due.put(thing, instant)
    last = dict(said)
    expected = {thing for thing, instant in last.items() if instant is not None and instant <= now}
    nearest = min((instant for instant in last.values() if instant is not None), default=None)
    if nearest is not None:
        soonest = due.next()
        assert soonest is not None
        assert soonest <= nearest
    assert due.reached(now) == expected
    assert due.reached(now) == set()


def test_moving_it_costs_no_memory() -> None:
    due: Deadlines[str] = Deadlines()
    for instant in range(100_000):
        due.put("one", 10**15 + instant)
    assert len(due._heap) < 200
    due.forget("one")
    assert due.reached(10**16) == set()

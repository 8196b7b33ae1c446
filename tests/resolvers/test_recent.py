from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority.facts import Authority
from graph.following import Step, topics_of
from resolvers import recent
from resolvers.recent import Recent
from tests import generated


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_it_has_the_newest_by_what_they_are_about(monkeypatch: pytest.MonkeyPatch, data: st.DataObject) -> None:
    kept = data.draw(st.integers(1, 12))
    monkeypatch.setattr(recent, "RECENT_MAX", kept)
    facts = data.draw(st.lists(st.one_of(generated.authorities(), generated.persons()), max_size=30))
    steps = [Step(position, fact, None, True) for position, fact in enumerate(facts, 1)]
    begin = data.draw(st.integers(0, len(steps)))
    low = data.draw(st.integers(0, begin))
    known = Recent()
    known.begin(begin)
    cut = data.draw(st.integers(begin, len(steps)))
    known.add(steps[begin:cut])
    if known.low == begin:
        known.add_before(steps[low:begin], low)
    else:
        low = begin  # the first of them had to make room already
    known.add(steps[cut:])
    told = [step for step in steps[low:] if isinstance(step.fact, Authority)]
    assert len(known._steps) == min(len(told), kept)
    assert known.low == (low if len(told) <= kept else told[-kept - 1].position)
    topic = ("about", data.draw(generated.people))
    after = data.draw(st.integers(known.low, len(steps)))
    assert known.after(topic, after) == [step for step in told if step.position > after and topic in topics_of(step, 0)]

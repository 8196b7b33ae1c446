"""Sightings: the same verdict in memory and divided over files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from graph.sightings import Sightings

SEEN = st.lists(st.tuples(st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3), st.integers(0, 2)), max_size=60)


@given(SEEN, st.sampled_from((1, 7, 1_000)))
def test_keys_with_different_contents_are_found(seen: list[tuple[int, int]], in_memory: int) -> None:
    sightings = Sightings(in_memory)
    for place, (key, content) in enumerate(seen):
        sightings.add(key, content, place)
    expected = []
    for key in {key for key, _ in seen}:
        places = [place for place, (other, _) in enumerate(seen) if other == key]
        if len({seen[place][1] for place in places}) > 1:
            expected.append(places)
    assert sorted(sightings.repeated()) == sorted(expected)
    sightings.close()

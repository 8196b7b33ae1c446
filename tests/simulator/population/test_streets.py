from __future__ import annotations

import numpy as np
import pytest

from simulator.population import figures
from simulator.population.streets import (
    COUPLE,
    COUPLE_WITH_CHILDREN,
    INSTITUTION,
    NOBODY,
    ONE_PARENT,
    ONE_PERSON,
    PATTERNS,
    STREET,
    WOMAN,
    rounded,
    streets,
)

LIBRARY = streets()
ROWS = np.arange(PATTERNS * STREET)
BASE = ROWS // STREET * STREET
AGE = LIBRARY.age[: len(ROWS)].astype(int)


def related(name: str) -> tuple[np.ndarray, np.ndarray]:
    """(rows that have one, whom)."""
    position = getattr(LIBRARY, name)[: len(ROWS)]
    has = np.flatnonzero(position != NOBODY)
    return has, BASE[has] + position[has]


def test_ages_are_the_published_ones_exactly() -> None:
    everybody = figures.living_by_age() + figures.deaths_by_age()
    assert np.bincount(AGE, minlength=len(everybody)).tolist() == rounded(everybody, len(ROWS)).tolist()


def test_households_are_as_published() -> None:
    heads = LIBRARY.head[: len(ROWS)] == ROWS % STREET
    kinds = np.bincount(LIBRARY.kind[: len(ROWS)][heads], minlength=5)
    private = kinds.sum() - kinds[INSTITUTION]
    published = {
        ONE_PERSON: figures.ONE_PERSON_HOUSEHOLDS,
        COUPLE: figures.HOUSEHOLDS_WITHOUT_CHILDREN,
        COUPLE_WITH_CHILDREN: sum(figures.COUPLES_BY_CHILDREN.values()),
        ONE_PARENT: sum(figures.ONE_PARENT_BY_CHILDREN.values()),
    }
    for kind, count in published.items():
        assert kinds[kind] / private == pytest.approx(count / figures.PRIVATE_HOUSEHOLDS, rel=0.01)
    assert len(ROWS) / kinds.sum() == pytest.approx(figures.PEOPLE / figures.PRIVATE_HOUSEHOLDS, rel=0.05)


def test_every_minor_has_a_parent_in_the_household() -> None:
    has, whom = related("parent_1")
    assert set(np.flatnonzero(AGE < 18)) <= set(has)
    assert (LIBRARY.head[has] == LIBRARY.head[whom]).all()


@pytest.mark.parametrize("parent", ["parent_1", "parent_2"])
def test_parents_are_older_than_their_children(parent: str) -> None:
    has, whom = related(parent)
    years = AGE[whom] - AGE[has]
    # 16: the one mother who is a minor herself
    assert years.min() >= 16
    assert np.count_nonzero(years < 18) <= 1
    mothers = LIBRARY.sex[whom] == WOMAN
    assert years[mothers].max() <= 50


def test_brothers_and_sisters_are_born_far_enough_apart() -> None:
    has, whom = related("parent_1")
    order = np.lexsort((AGE[has], whom))
    child, mother = has[order], whom[order]
    siblings = mother[1:] == mother[:-1]
    older, younger = child[1:][siblings], child[:-1][siblings]
    for shift in range(0, 256, 5):
        phase = (LIBRARY.phase[older].astype(int) + shift) % 256, (LIBRARY.phase[younger].astype(int) + shift) % 256
        months = 12 * ((AGE[older] + phase[0] / 256) - (AGE[younger] + phase[1] / 256))
        assert ((months == 0) | (months >= 9)).all()


def test_partners_belong_to_each_other_and_live_together() -> None:
    has, whom = related("partner")
    back = BASE[whom] + LIBRARY.partner[whom]
    assert (back == has).all()
    assert (LIBRARY.head[has] == LIBRARY.head[whom]).all()
    assert AGE[has].min() >= 18
    assert np.percentile(np.abs(AGE[has] - AGE[whom]), 99) <= 15


def test_helpers_are_adults() -> None:
    pattern = np.arange(len(LIBRARY.helper))[:, None, None]
    assert LIBRARY.age.reshape(-1, STREET)[pattern, LIBRARY.helper].min() >= 24


def test_largest_remainders() -> None:
    assert rounded(np.array([1.0, 1.0, 1.0]), 10).tolist() == [4, 3, 3]
    assert rounded(np.array([0.6, 0.3, 0.1]), 3).tolist() == [2, 1, 0]

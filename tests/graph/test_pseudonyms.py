"""From a citizen service number to an id, under numbered keys that are rotated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.pseudonyms import NoKey, NotABsn, Pseudonyms, passes_eleven_test

OLD, NEW = b"o" * 32, b"n" * 32
INVENTED = "900000001"  # fails the eleven test, so it is nobody's


def invented(keys: dict[int, bytes]) -> Pseudonyms:
    return Pseudonyms(keys, eleven_test=False)


def test_the_newest_key_comes_first_whatever_the_order_in_the_environment() -> None:
    environment = {f"MACHTIGEN_BSN_KEY_{n}": bytes([n]).hex() * 32 for n in (2, 10, 1)} | {"PATH": "/bin"}
    ids = Pseudonyms.from_environment(environment, eleven_test=False).ids_of(INVENTED)
    assert [i.partition(".")[0] for i in ids] == ["p10", "p2", "p1"]


def test_after_rotation_old_ids_stay_and_new_people_get_new_ones() -> None:
    before = invented({1: OLD}).id_of(INVENTED)
    rotated = invented({1: OLD, 2: NEW})
    assert rotated.ids_of(INVENTED) == [invented({2: NEW}).id_of(INVENTED), before]
    assert rotated.id_of(INVENTED, known=[before]) == before
    assert rotated.id_of(INVENTED, known=["p9.somebody"]) == invented({2: NEW}).id_of(INVENTED)
    # known under both: the newer
    assert rotated.id_of(INVENTED, known=rotated.ids_of(INVENTED)) == rotated.ids_of(INVENTED)[0]


def test_a_scope_is_a_world_of_its_own() -> None:
    one = invented({1: OLD})
    assert len({one.id_of(INVENTED), one.scoped("a").id_of(INVENTED), one.scoped("b").id_of(INVENTED)}) == 3


@given(st.integers(0, 999_999_999))
def test_an_id_says_nothing_of_the_number_and_is_one_that_facts_may_bear(number: int) -> None:
    bsn = f"{number:09d}"
    found = invented({1: OLD}).id_of(bsn)
    assert found == invented({1: OLD}).id_of(bsn) != invented({1: NEW}).id_of(bsn)
    assert bsn not in found
    assert len(found) == 35
    assert found.isascii()
    assert not set(found) - set("abcdefghijklmnopqrstuvwxyz234567p1.")


@given(st.integers(0, 999_999_999), st.integers(0, 8), st.integers(1, 9))
def test_one_digit_wrong_never_passes(number: int, place: int, by: int) -> None:
    bsn = f"{number:09d}"
    other = bsn[:place] + str((int(bsn[place]) + by) % 10) + bsn[place + 1 :]
    assert not (passes_eleven_test(bsn) and passes_eleven_test(other))


@pytest.mark.parametrize("text", ["", "12345678", "1234567890", "12345678a", "١٢٣٤٥٦٧٨٩", " 90000001", INVENTED])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NotABsn) as refused:
        Pseudonyms({1: OLD}).ids_of(text)
    assert not text or text not in str(refused.value)


def test_without_the_eleven_test_it_is_nine_digits_still() -> None:
    with pytest.raises(NotABsn):
        invented({1: OLD}).ids_of("12345678")
    assert not passes_eleven_test("000000000")


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({}, "set MACHTIGEN_BSN_KEY_1 to 64 hexadecimal digits"),
        ({"MACHTIGEN_BSN_KEY_0": "6b" * 32}, "no key"),
        ({"MACHTIGEN_BSN_KEY_01": "6b" * 32}, "no key"),
        ({"MACHTIGEN_BSN_KEY_2": "secret"}, "MACHTIGEN_BSN_KEY_2: a key is written in hexadecimal digits"),
        ({"MACHTIGEN_BSN_KEY_2": "6b" * 31}, "MACHTIGEN_BSN_KEY_2: a key is at least 32 bytes"),
    ],
)
def test_keys_that_cannot_be_used(environment: dict[str, str], words: str) -> None:
    with pytest.raises(NoKey, match=words) as refused:
        Pseudonyms.from_environment(environment)
    assert "secret" not in str(refused.value)
    assert "6b6b" not in str(refused.value)

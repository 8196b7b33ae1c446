"""Rows of other parties' files become facts."""

from __future__ import annotations

import pytest

from graph.pseudonyms import NotABsn
from graph.registers.mapping import BadMapping, BadRow, bsns_in, fact_from, mapping_of, mappings_of

BEWIND = {
    "fact": "authority",
    "id": "court/{Dossier}",
    "kind": "{Maatregel}",
    "represented": "{BSN|bsn}",
    "representative": "{Kantoor}",
    "valid_from": "{Ingang?|date %d-%m-%Y}",
    "goods": "{Goederen?|list ;}",
    "under_investigation": "{Onderzoek|yes J/N}",
}
WORDS = {"Maatregel": {"bewind": "BEWIND", "mentor": "MENTORSCHAP"}}
ROW = {
    "Dossier": "17",
    "Maatregel": "bewind",
    "BSN": "12345678",
    "Kantoor": "kvk-1",
    "Ingang": "03-02-2024",
    "Goederen": "huis; boot;",
    "Onderzoek": "J",
}


def identify(number: str) -> str:
    if number == "000000000":
        raise NotABsn
    return f"id-of-{len(number)}-digits"


def test_a_row() -> None:
    assert fact_from(ROW, mapping_of(BEWIND, WORDS), identify) == {
        "fact": "authority",
        "id": "court/17",
        "kind": "BEWIND",
        "represented": "id-of-9-digits",
        "representative": "kvk-1",
        "valid_from": "2024-02-03",
        "goods": ["huis", "boot"],
        "under_investigation": True,
    }


def test_zeros_in_front_count_and_spreadsheets_lose_them() -> None:
    assert list(bsns_in(ROW, mapping_of(BEWIND, WORDS))) == ["012345678"]


def test_a_column_that_may_be_empty_leaves_its_field_out() -> None:
    found = fact_from(ROW | {"Ingang": " ", "Goederen": ""}, mapping_of(BEWIND, WORDS), identify)
    assert "valid_from" not in found
    assert "goods" not in found


def test_a_word_for_all_others_is_never_a_ground() -> None:
    words = {"Maatregel": {"bewind": "BEWIND", "*": "UNDETERMINED"}}
    found = fact_from(ROW | {"Maatregel": "iets nieuws"}, mapping_of(BEWIND, words), identify)
    assert (found["kind"], found["representative"], found["candidates"]) == ("UNDETERMINED", None, ["kvk-1"])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"Maatregel": "curatele"}, "column 'Maatregel'"),
        ({"Ingang": "2024-02-03"}, "column 'Ingang'"),
        ({"BSN": "0"}, "column 'BSN'"),
        ({"Maatregel": " "}, "column 'Maatregel' is empty"),
        ({"Onderzoek": ""}, "column 'Onderzoek' is empty"),
        ({"Onderzoek": "Ja"}, "column 'Onderzoek': neither 'J' nor 'N'"),
        ({"Goederen": ";"}, "column 'Goederen': nothing between"),
    ],
)
def test_a_row_that_cannot_be_understood(change: dict[str, str], words: str) -> None:
    with pytest.raises(BadRow, match=words) as refused:
        fact_from(ROW | change, mapping_of(BEWIND, WORDS), identify)
    assert ROW["BSN"] not in str(refused.value)


def test_a_missing_column() -> None:
    with pytest.raises(BadRow, match="'Kantoor' is missing"):
        fact_from({name: text for name, text in ROW.items() if name != "Kantoor"}, mapping_of(BEWIND, WORDS), identify)


@pytest.mark.parametrize(
    ("fields", "values", "words"),
    [
        ({"fact": "person"}, {}, "id: every fact needs one"),
        ({"fact": "person", "id": "{A|date}"}, {}, "needs to be told what"),
        ({"fact": "person", "id": "{A"}, {}, "a brace"),
        ({"fact": "person", "id": "{A|shout}"}, {}, "a brace"),
        ({"fact": "person", "id": "x{A|list ;}"}, {}, "stand alone"),
        ({"fact": "person", "id": "x", "retracted": "{A|yes J}"}, {}, "needs both words"),
        ({"fact": "person", "id": 7}, {}, "a template is text"),
        ({"fact": "person", "id": "{A}"}, {"B": {"x": "y"}}, "no template names this column"),
    ],
)
def test_a_mapping_that_is_wrong(fields: dict[str, object], values: dict[str, dict[str, str]], words: str) -> None:
    with pytest.raises(BadMapping, match=words):
        mappings_of([fields], values)


@pytest.mark.parametrize(("written", "day"), [("31-12-2026", "2027-01-01"), ("28-02-2028", "2028-02-29")])
def test_the_last_day_on_which_it_holds(written: str, day: str) -> None:
    mapping = mapping_of({"fact": "authority", "id": "x", "valid_until": "{Tot|day_after %d-%m-%Y}"}, {})
    assert fact_from({"Tot": written}, mapping, identify)["valid_until"] == day


def test_the_day_after_the_last_day_of_all() -> None:
    mapping = mapping_of({"fact": "authority", "id": "x", "valid_until": "{Tot|day_after %d-%m-%Y}"}, {})
    with pytest.raises(BadRow, match="not a day"):
        fact_from({"Tot": "31-12-9999"}, mapping, identify)


def test_the_words_of_a_list_are_translated_one_by_one() -> None:
    words = {"Diensten": {"AANGIFTE": "t1/return", "TOESLAG": "t1/benefit"}}
    mapping = mapping_of({"fact": "authority", "id": "x", "services": "{Diensten|list ,}"}, words)
    assert fact_from({"Diensten": "AANGIFTE, TOESLAG"}, mapping, identify)["services"] == ["t1/return", "t1/benefit"]
    with pytest.raises(BadRow, match="a word that the mapping does not know"):
        fact_from({"Diensten": "AANGIFTE, WAPENVERGUNNING"}, mapping, identify)

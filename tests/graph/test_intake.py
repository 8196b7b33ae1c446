"""Intake: what keeps facts.md comes in and out unchanged; everything else is refused, with the place."""

from __future__ import annotations

import copy
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from authority.decide import decide
from authority.facts import TYPES, Authority, Fact, Person, Register
from authority.moments import DAY_US, SINCE_EVER, day, instant, moment
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.reasons import TEXTS
from authority.registers import TABLE
from graph.errors import Problem
from graph.fields import FACT_FIELDS, LAST_DURATION, QUESTION_FIELDS, duration_text
from graph.intake import (
    LINE_BYTES_MAX,
    answer_of,
    content_of,
    fact_of,
    fact_of_line,
    line_of,
    problems_of,
    question_of,
    read_fact,
    read_object,
)
from tests import generated

SCHEMA_FILE = Path(__file__).parents[2] / "graph/facts.schema.json"


def _ascii_patterns(schema: Any) -> Any:
    """ECMA 262's `\\d` and `$`, which JSON Schema means; Python's also take other scripts' digits and a newline."""
    if isinstance(schema, dict):
        return {
            key: f"(?a:{value.removesuffix('$')}){chr(92)}Z" if key == "pattern" else _ascii_patterns(value)
            for key, value in schema.items()
        }
    return [_ascii_patterns(item) for item in schema] if isinstance(schema, list) else schema


SCHEMA = _ascii_patterns(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))
FACT_SCHEMA = Draft202012Validator(SCHEMA)
QUESTION_SCHEMA = Draft202012Validator({"$ref": "#/$defs/question", "$defs": SCHEMA["$defs"]})
ANSWER_SCHEMA = Draft202012Validator({"$ref": "#/$defs/answer", "$defs": SCHEMA["$defs"]})


def _object(fact: Fact) -> dict[str, Any]:
    decoded: dict[str, Any] = json.loads(line_of(fact))
    return decoded


# in and out


@given(generated.facts)
def test_a_fact_comes_back_from_its_line(fact: Fact) -> None:
    line = line_of(fact)
    assert fact_of_line(line) == fact
    assert read_fact(line, recorded_at=None) == (fact, True)
    assert line_of(fact_of_line(line)) == line


@given(generated.facts)
def test_a_line_keeps_the_schema_and_the_order_of_its_fields(fact: Fact) -> None:
    decoded = _object(fact)
    FACT_SCHEMA.validate(decoded)
    order = [field.name for field in FACT_FIELDS[decoded["fact"]]]
    assert list(decoded) == [name for name in order if name in decoded]


@given(generated.facts)
def test_defaults_may_be_written_out(fact: Fact) -> None:
    properties = SCHEMA["$defs"][_object(fact)["fact"]]["properties"]
    defaults = {name: value["default"] for name, value in properties.items() if "default" in value}
    assert read_fact(json.dumps({**defaults, **_object(fact)}).encode(), recorded_at=None) == (fact, True)


def test_a_line_states_what_is_not_default() -> None:
    fact = Person(id="p1", register="BRP", born="2010-06-00", died=day("2026-03-29"), name="Zoë")
    assert (
        line_of(fact)
        == (
            '{"fact":"person","id":"p1","recorded_at":"0001-01-01T00:00:00Z",'
            '"born":"2010-06-00","died":"2026-03-29","name":"Zoë"}'
        ).encode()
    )


def test_the_same_moment_in_another_form_is_the_same_content() -> None:
    base = '{"fact":"ability","id":"b1","person":"p1","able":true,"valid_from":"%s"}'
    first, _ = read_fact((base % "2026-03-29").encode(), recorded_at=1)
    second, _ = read_fact((base % "2026-03-28T23:00:00.000000Z").encode(), recorded_at=2)
    assert content_of(first) == content_of(second)
    assert first != second


@given(generated.facts, generated.facts)
def test_content_is_all_but_recorded_at(first: Fact, second: Fact) -> None:
    without = [{k: v for k, v in _object(fact).items() if k != "recorded_at"} for fact in (first, second)]
    assert (content_of(first) == content_of(second)) == (without[0] == without[1])


def test_recorded_at_stands_in_only_where_it_is_not_stated() -> None:
    line = b'{"fact":"person","id":"p1","born":"2010-06-01"}'
    assert read_fact(line, recorded_at=5)[0].recorded_at == 5
    assert read_fact(line, recorded_at=5)[1] is False
    assert read_fact(line, recorded_at=None)[0].recorded_at == SINCE_EVER
    stated = line[:-1] + b',"recorded_at":"1970-01-01T01:00:00.000007+01:00"}'
    assert read_fact(stated, recorded_at=5)[0].recorded_at == 7
    assert read_fact(stated, recorded_at=5)[1] is True


@pytest.mark.parametrize(
    ("line", "register"),
    [
        (b'{"fact":"person","id":"p","born":"2000-01-01"}', "BRP"),
        (b'{"fact":"authority","id":"a","kind":"BEWIND","representative":"p","represented":"q"}', "CCBR"),
        (b'{"fact":"register","id":"OWN","serves":["HEIR"]}', "OWN"),
        (b'{"fact":"register","id":"OWN","register":"BRP","serves":["HEIR"]}', "BRP"),
    ],
)
def test_the_register_of_table_3_stands_in(line: bytes, register: str) -> None:
    assert read_fact(line, recorded_at=None)[0].register == register


@given(st.integers(0, LAST_DURATION // 1_000_000))
def test_durations_come_back(seconds: int) -> None:
    fact = Register(id="OWN", register="OWN", max_silence=seconds * 1_000_000)
    assert fact_of_line(line_of(fact)) == fact
    assert re.fullmatch(SCHEMA["$defs"]["duration"]["pattern"], duration_text(seconds * 1_000_000))


def test_the_object_that_comes_in_is_left_as_it_is() -> None:
    data = {"fact": "ability", "id": "b1", "person": "p1", "able": True, "valid_from": "2026-03-29"}
    before = copy.deepcopy(data)
    fact_of(data, recorded_at=None)
    assert data == before


# what is refused

GOOD: dict[str, dict[str, Any]] = {
    "person": {"born": "2010-06-01"},
    "service": {"id": "h1/record", "provider": "h1", "domain": "TAX", "minimum_assurance": "LOW"},
    "authority": {"kind": "PARENTAL_SOLE", "representative": "p1", "represented": "p2"},
    "register": {},
    "provider": {"sector": "GP", "status": "LIVE"},
}


def _bad(fact_type: str, **fields: Any) -> dict[str, Any]:
    return {"fact": fact_type, "id": "x1", **GOOD[fact_type], **fields}


def _mandate(**fields: Any) -> dict[str, Any]:
    base = {"kind": "VOLUNTARY_MANDATE", "services": ["h1/record"], "valid_from": "2026-01-01"}
    return _bad("authority", **{**base, **fields})


@pytest.mark.parametrize(
    ("data", "code", "field"),
    [
        ([], "MALFORMED", ""),
        ({"id": "p1"}, "MISSING_FIELD", "fact"),
        ({"fact": "mandate", "id": "p1"}, "WRONG_VALUE", "fact"),
        ({"fact": ["person"], "id": "p1"}, "WRONG_VALUE", "fact"),
        ({"fact": "person", "id": "p1"}, "MISSING_FIELD", "born"),
        (_bad("person", colour="red"), "UNKNOWN_FIELD", "colour"),
        (_bad("person", id=7), "WRONG_VALUE", "id"),
        (_bad("person", id=""), "WRONG_VALUE", "id"),
        (_bad("person", id="a\nb"), "WRONG_VALUE", "id"),
        (_bad("person", id="é"), "WRONG_VALUE", "id"),
        (_bad("person", id="p" * 129), "WRONG_VALUE", "id"),
        (_bad("person", id="COURT"), "RESERVED_ID", "id"),
        (_bad("person", id="bsn:123456789"), "RESERVED_ID", "id"),
        (_bad("authority", represented="bsn:123456789"), "RESERVED_ID", "represented"),
        (_mandate(services=["h1/record", "bsn:1"]), "RESERVED_ID", "services[1]"),
        (_bad("person", born="2010-02-30"), "WRONG_VALUE", "born"),
        (_bad("person", born="0000-02-30"), "WRONG_VALUE", "born"),
        (_bad("person", born="2010-13-01"), "WRONG_VALUE", "born"),
        (_bad("person", born=None), "WRONG_VALUE", "born"),
        (_bad("person", died="2026-06-31"), "WRONG_VALUE", "died"),
        (_bad("person", died="2026-06-30T10:00:00"), "WRONG_VALUE", "died"),
        (_bad("person", recorded_at="2026-06-30"), "WRONG_VALUE", "recorded_at"),
        (_bad("person", recorded_at=None), "WRONG_VALUE", "recorded_at"),
        (_bad("person", recorded_at="2026-06-30T10:00:00.1234567Z"), "WRONG_VALUE", "recorded_at"),
        (_bad("person", register=None), "WRONG_VALUE", "register"),
        (_bad("person", retracted=0), "WRONG_VALUE", "retracted"),
        (_bad("person", name="\ud800"), "WRONG_VALUE", "name"),
        (_bad("service", id="h2/record"), "WRONG_VALUE", "id"),
        (_bad("service", id="h1/"), "WRONG_VALUE", "id"),
        (_bad("service", id="h1/a/b"), "WRONG_VALUE", "id"),
        (_bad("service", domain="MONEY"), "WRONG_VALUE", "domain"),
        (_bad("authority", valid_from="2026-01-02", valid_until="2026-01-02"), "BAD_INTERVAL", "valid_until"),
        (_bad("authority", representative=None), "WRONG_VALUE", "representative"),
        (_bad("authority", kind="NO_AUTHORITY"), "WRONG_VALUE", "representative"),
        (_bad("authority", candidates=["p9"]), "WRONG_VALUE", "candidates"),
        (_bad("authority", candidates=None), "WRONG_VALUE", "candidates"),
        (_bad("authority", goods=["house"]), "WRONG_VALUE", "goods"),
        (_bad("authority", kind="BEWIND", goods=["house", ""]), "WRONG_VALUE", "goods[1]"),
        (_bad("authority", kind="BEWIND", goods=["\udfff"]), "WRONG_VALUE", "goods[0]"),
        (_bad("authority", domains=[]), "WRONG_VALUE", "domains"),
        (_bad("authority", domains="TAX"), "WRONG_VALUE", "domains"),
        (_bad("authority", services=["s", "s"]), "WRONG_VALUE", "services[1]"),
        (_bad("authority", services=["a\nb"]), "WRONG_VALUE", "services[0]"),
        (_mandate(services=None), "MISSING_FIELD", "services"),
        (_mandate(valid_from=None), "MISSING_FIELD", "valid_from"),
        (_bad("register"), "MISSING_FIELD", "serves"),
        (_bad("register", serves=None), "WRONG_VALUE", "serves"),
        (_bad("register", complete=None), "WRONG_VALUE", "complete"),
        (_bad("register", max_silence="P1M"), "WRONG_VALUE", "max_silence"),
        (_bad("register", max_silence="P99999999D"), "WRONG_VALUE", "max_silence"),
        (_bad("register", delay=f"PT{'9' * 5000}S"), "WRONG_VALUE", "delay"),
        (_bad("provider", live_from=5), "WRONG_VALUE", "live_from"),
        (_bad("provider", status="live"), "WRONG_VALUE", "status"),
    ],
)
def test_wrong_facts_are_refused_by_field(data: object, code: str, field: str) -> None:
    with pytest.raises(Problem) as refused:
        fact_of(data, recorded_at=None)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.expected
    assert refused.value.sentence.isprintable()


def test_a_citizen_service_number_is_not_repeated_in_an_error() -> None:
    for field in ("id", "name", "born", "bsn:123456789"):
        for problem in problems_of(_bad("person", **{field: "bsn:123456789"})):
            assert "123456789" not in problem.sentence


def test_all_problems_of_one_line() -> None:
    found = problems_of({"fact": "person", "id": "a b", "retracted": 1, "x": None})
    assert [(p.code, p.field) for p in found] == [
        ("WRONG_VALUE", "id"),
        ("WRONG_VALUE", "retracted"),
        ("MISSING_FIELD", "born"),
        ("UNKNOWN_FIELD", "x"),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["services", "valid_until"]),
        ({"retracted": 1, "x": 1}, ["retracted", "x", "services", "valid_until"]),
        ({"valid_until": "soon"}, ["valid_until", "services"]),
        ({"valid_from": 3}, ["valid_from", "services"]),
        ({"services": 3}, ["services", "valid_until"]),
        ({"kind": "CURATEL"}, ["kind"]),
    ],
)
def test_faults_of_fields_and_of_what_they_say_together(more: dict[str, object], expected: list[str]) -> None:
    mandate = {"fact": "authority", "id": "a", "kind": "VOLUNTARY_MANDATE", "representative": "p", "represented": "q"}
    found = problems_of(mandate | {"valid_from": "2026-02-01", "valid_until": "2026-01-01"} | more)
    assert [problem.field for problem in found] == expected


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"nonsense",
        b'{"fact":"person"',
        b'{"fact":"person"} {}',
        b'{"fact":NaN}',
        b'{"fact":Infinity}',
        b'{"fact":1e999}',
        b'{"fact":' + b"9" * 5000 + b"}",
        b'{"fact":"\xff"}',
        b'{"fact":"\xed\xa0\x80"}',
        b'{"fact":"\\ud800"}',
        b'{"fact":"\t"}',
        b"\xef\xbb\xbf{}",
        b"\xff\xfe{\0}\0",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"[" * 500 + b"]" * 500,
        b"[]",
        b"null",
        b'"person"',
        b'{"name":"' + b"x" * LINE_BYTES_MAX + b'"}',
    ],
    ids=range(21),
)
def test_what_is_no_json_object_is_malformed(line: bytes) -> None:
    with pytest.raises(Problem) as refused:
        read_object(line)
    assert refused.value.code == "MALFORMED"
    assert len(refused.value.sentence) < 300
    assert refused.value.sentence.isprintable()


SPACE = st.text(" \t\r", max_size=2)
NAMES = st.one_of(st.sampled_from(["fact", "id", 'a":', "a\\", 'b" ', "é", ""]), st.text(max_size=4))


@given(st.lists(st.tuples(NAMES, st.text(max_size=6), SPACE, SPACE, st.booleans()), max_size=5))
def test_a_field_twice_is_refused_and_once_is_not(fields: list[tuple[str, str, str, str, bool]]) -> None:
    def quoted(text: str, *, escaped: bool) -> str:
        if escaped:  # the same name, written otherwise, is the same field
            return '"' + "".join(f"\\u{unit:04x}" for unit in _utf16(text)) + '"'
        return json.dumps(text, ensure_ascii=False)

    parts = [f"{s}{quoted(n, escaped=e)}{t}:{s}{json.dumps(v)}{t}" for n, v, s, t, e in fields]
    line = f"{{{','.join(parts)}}}".encode()
    names = [name for name, *_ in fields]
    if len(set(names)) == len(names):
        assert read_object(line) == {name: value for name, value, *_ in fields}
    else:
        with pytest.raises(Problem) as refused:
            read_object(line)
        assert refused.value.code == "DUPLICATE_FIELD"


def _utf16(text: str) -> list[int]:
    units = text.encode("utf-16-le", "surrogatepass")
    return [int.from_bytes(units[n : n + 2], "little") for n in range(0, len(units), 2)]


# the same verdict as the schema, and as what the schema cannot say

DATES = (
    *("2026-01-01", "2026-01-02", "2026-02-29", "2024-02-29", "2026-1-1", "2026-01-01\n", "٢٠٢٦-01-01"),
    *("0001-01-01", "9999-12-31", "2026-01-00", "2026-00-00", "0000-00-00", "0000-01-01"),
)
BIRTH_DATES = (*DATES, "2010-00-15", "2010-00-31", "2010-02-30", "0000-02-30", "0000-02-29", "2010-06-00", "2010-13-00")
INSTANTS = (
    *("2026-01-01T00:00:00Z", "2026-01-01t00:00:00z", "2025-12-31T23:00:00Z", "2026-01-01T00:00:00.1+01:00"),
    *("2026-01-01T24:00:00Z", "2026-01-01T00:00:60Z", "2026-01-01T00:00:00", "2026-01-01 00:00:00Z"),
    *("2026-01-01T00:00:00+24:00", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"),
    *("2026-01-01T00:00:00.1234567Z", "2026-01-01T00:00:00.123456Z", "2026-02-30T00:00:00Z"),
)
DURATIONS = ("P1D", "PT5M", "P1W2DT3H4M5S", "P1M", "P", "PT", "P1DT", "P4000000D", "P3652059D", "P٣D", "PT1S\n", "P0D")
IDS = (
    "p1",
    "h1",
    "h1/record",
    "h1/",
    "/",
    "h1/a/b",
    "COURT",
    "bsn:1",
    "bsn",
    "a b",
    "p1\n",
    "",
    "x" * 128,
    "x" * 129,
    "é",
)
TEXTS_ = ("", "Jan", "Zoë", "\ud800", "\ud83d\ude00", "bsn:1")
LISTS = {"services": IDS, "providers": IDS, "candidates": IDS, "goods": ("", "house", "car", "\udfff")}
SINGLE = {
    "born": BIRTH_DATES,
    **dict.fromkeys(("died", "live_from", "valid_from", "valid_until"), DATES + INSTANTS),
    "certified_until": DATES,
    **dict.fromkeys(("recorded_at", "heard_from", "at", "known_at"), INSTANTS + DATES[:1]),
    **dict.fromkeys(("max_silence", "delay"), DURATIONS),
    **dict.fromkeys(("name", "supplier", "good"), TEXTS_),
    **dict.fromkeys(("retracted", "under_investigation", "registered", "routine", "given", "able"), (True, False)),
}
KINDS = tuple(SCHEMA["$defs"]["authority"]["properties"]["kind"]["enum"])
NAMES_OF = {
    **{name: SCHEMA["$defs"][name]["properties"] for name in FACT_FIELDS},
    "question": SCHEMA["$defs"]["question"]["properties"],
}
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(allow_nan=False),
        st.sampled_from(IDS),
        st.text(max_size=3),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(("fact", "id")), inner, max_size=2)
    ),
    max_leaves=4,
)


def _plausible(name: str, shape: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Values that are right for this field, nearly right, or right for another one."""
    words = tuple(re.findall(r"[A-Za-z_]{2,}", str(shape.get("enum", ())))) or KINDS
    if name in ("domain", "domains"):
        words = ("TAX", "PROPERTY", "CARE_RECORD", "tax")
    if name in ("domains", "serves"):
        return st.lists(st.sampled_from((*words[:3], "TAX", "person")), max_size=3)
    if name in LISTS:
        right = st.lists(st.sampled_from(("house", "h1/record", "p1")), max_size=3)
        return st.one_of(right, right, st.lists(st.sampled_from(LISTS[name]), max_size=3))
    if name in SINGLE:
        return st.sampled_from(SINGLE[name])
    return (
        st.sampled_from((*IDS, "p1", "h1", "h1/record"))
        if "enum" not in shape and name != "kind"
        else st.sampled_from(words)
    )


@st.composite
def altered(draw: st.DrawFn, good: st.SearchStrategy[dict[str, Any]]) -> dict[str, Any]:
    """A good object in which up to three fields were put, changed or left out."""
    data = dict(draw(good))
    known = NAMES_OF[data.get("fact", "question")]
    for _ in range(draw(st.sampled_from((1, 1, 1, 1, 2, 3)))):
        name = draw(st.sampled_from(sorted(known)))
        what = draw(st.sampled_from(("plausible",) * 8 + ("null", "nothing", "anything", "unknown")))
        if what == "plausible" and name == "valid_until" and data.get("valid_from") and draw(st.booleans()):
            data[name] = data["valid_from"]
        elif what == "plausible":
            data[name] = draw(_plausible(name, known[name]))
        elif what == "null":
            data[name] = None
        elif what == "nothing":
            data.pop(name, None)
        elif what == "anything":
            data[name] = draw(ANYTHING)
        else:
            data[draw(st.sampled_from((*NAMES_OF["authority"], *IDS)))] = draw(ANYTHING)
    return data


def _readable(read: Any, value: object) -> bool:
    try:
        read(value)
    except ValueError:
        return False
    return True


INSTANT_FIELDS = ("recorded_at", "heard_from", "at", "known_at")
MOMENT_FIELDS = ("valid_from", "valid_until", "died", "live_from", "certified_until")


def _beyond_the_schema(data: dict[str, Any]) -> bool:
    """What facts.md asks of an object that keeps the schema and that the schema cannot say."""
    texts = [text for value in data.values() for text in (value if isinstance(value, list) else [value])]
    encodable = not any(re.search("[\ud800-\udfff]", text) for text in texts if isinstance(text, str))
    times = all(
        _readable(read, data[name])
        for read, names in ((instant, INSTANT_FIELDS), (moment, MOMENT_FIELDS))
        for name in names
        if data.get(name) is not None
    )
    if (
        not encodable
        or not times
        or not all(_seconds(data.get(name)) <= 315_537_897_600 for name in ("max_silence", "delay"))
    ):
        return False
    if data.get("fact") == "register" and data["id"] not in TABLE and "serves" not in data:
        return False
    if data.get("fact") == "service":
        provider, slash, short = data["id"].rpartition("/")
        return bool(slash and short) and provider == data["provider"]
    if "born" in data:
        year, month, day_of_month = (int(part) for part in data["born"].split("-"))
        return not (month and day_of_month) or _readable(lambda y: date(y, month, day_of_month), year or 2000)
    start, end = data.get("valid_from"), data.get("valid_until")
    return start is None or end is None or moment(start) < moment(end)


def _seconds(duration: str | None) -> int:
    found = re.fullmatch(r"P(\d+W)?(\d+D)?(?:T(\d+H)?(\d+M)?(\d+S)?)?", duration or "P0D")
    assert found
    amounts = [int(part[:-1]) if part else 0 for part in found.groups()]
    return sum(n * s for n, s in zip(amounts, (604_800, 86_400, 3_600, 60, 1), strict=True))


@settings(max_examples=1_500, deadline=None)
@given(altered(st.one_of(generated.facts, generated.authorities()).map(_object)))
def test_facts_are_taken_just_as_the_schema_and_the_page_say(data: dict[str, Any]) -> None:
    right = FACT_SCHEMA.is_valid(data) and _beyond_the_schema(data)
    try:
        fact, _ = fact_of(data, recorded_at=None)
    except Problem:
        assert not right
    else:
        assert right
        assert problems_of(data) == []
        FACT_SCHEMA.validate(_object(fact))
        assert fact_of_line(line_of(fact)) == fact


def _question(question: Question) -> dict[str, Any]:
    from authority.moments import instant_text

    data = {name: getattr(question, name) for name in question.__struct_fields__}
    return {k: instant_text(v) if k in ("at", "known_at") and v is not None else v for k, v in data.items()}


@settings(max_examples=500)
@given(altered(generated.questions().map(_question)))
def test_questions_are_taken_just_as_the_schema_and_the_page_say(data: dict[str, Any]) -> None:
    right = QUESTION_SCHEMA.is_valid(data) and _beyond_the_schema(data)
    try:
        question = question_of(data, now=7)
    except Problem:
        assert not right
    else:
        assert right
        assert question_of(_question(question), now=8) == question


@given(generated.questions())
def test_a_question_comes_back(question: Question) -> None:
    assert question_of(_question(question), now=7) == question


def test_a_question_without_at_is_asked_now() -> None:
    asked = {"representative": "p", "represented": "q", "provider": "h", "service": "s", "assurance": "LOW"}
    assert question_of(asked, now=7).at == 7
    assert question_of({**asked, "at": None}, now=7).at == 7
    assert question_of({**asked, "at": "1970-01-01T00:00:00.000005Z"}, now=7).at == 5


# answers


@given(generated.questions())
def test_an_answer_keeps_the_schema_and_the_order_of_its_keys(question: Question) -> None:
    answer = answer_of(decide(question, Neighbourhood()))
    ANSWER_SCHEMA.validate(answer)
    assert list(answer) == SCHEMA["$defs"]["answer"]["required"]
    assert answer["reasons"][0] == {
        "code": answer["reason"],
        "nl": TEXTS[answer["reason"]].nl,
        "en": TEXTS[answer["reason"]].en,
    }


def test_every_field_of_every_record_is_in_the_table() -> None:
    for name, record in TYPES.items():
        stored = [field.encode_name for field in msgspec.structs.fields(record)]
        assert [field.name for field in FACT_FIELDS[name]] == ["fact", *stored], "the order of canonical lines"
    assert [field.name for field in QUESTION_FIELDS] == list(SCHEMA["$defs"]["question"]["properties"])


def test_intervals_end_after_they_begin() -> None:
    line = line_of(
        Authority(id="a", register="CCBR", kind="BEWIND", representative="p", represented="q", valid_from=DAY_US)
    )
    with pytest.raises(Problem, match="BAD_INTERVAL"):
        read_fact(line[:-1] + b',"valid_until":"1970-01-02T00:00:00Z"}', recorded_at=None)
    assert read_fact(line[:-1] + b',"valid_until":"1970-01-02T00:00:00.000001Z"}', recorded_at=None)[1]

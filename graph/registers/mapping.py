"""A row of another party's file becomes a fact, by a mapping written in TOML (docs/registers.md).

    [source.fact]
    fact = "authority"
    id = "ccbr/{Dossier}"
    kind = "{Maatregel}"
    represented = "{BSN|bsn}"
    valid_from = "{Ingangsdatum|date %d-%m-%Y}"

    [source.values.Maatregel]
    "onder curatele" = "CURATELE"

Text outside braces stands as it is. Within: a column's name, then what to do with its value. `bsn`: the person's id by
keyed hash; `date FORMAT`: a day in that form, `day_after FORMAT`: the day after it, for a source that states the last
day on which something holds; `list SEPARATOR`: several values; `yes J/N`: true for J, false for N. A column under
`[source.values.…]` is translated word by word; a word that is not there refuses the row, unless `"*"` gives one for all
others.

An empty column refuses the row, for what a fact leaves out has its default, and that may be the widest reading. Where
the source may leave it empty the mapping says so: `{Column?}`. A field of which every column is empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from graph.pseudonyms import NotABsn

_COLUMN: Final = re.compile(r"\{([^{}|]+?)(\?)?(?:\|(bsn|date|day_after|list|yes)(?: ([^{}]*))?)?\}")
_DAYS: Final = frozenset({"date", "day_after"})
_ARGUMENT_NEEDED: Final = _DAYS | {"list", "yes"}
_ALONE: Final = frozenset({"list", "yes"})
"""What gives no text, and so cannot be part of one."""


Identify = Callable[[str], str]
"""From a citizen service number to the person's id; raises NotABsn (`graph.registers.identities`)."""


class BadMapping(ValueError):
    """The mapping itself is wrong: names the field of the fact and what is wrong with it."""


class BadRow(ValueError):
    """A row that the mapping cannot turn into a fact: names the column, never a person's number."""


class _Part(msgspec.Struct, frozen=True):
    """A piece of a template: literal text, or a column with what to do with it; `optional`: it may be empty."""

    text: str = ""
    column: str | None = None
    optional: bool = False
    filter: str | None = None
    argument: str = ""


class RowMapping(msgspec.Struct, frozen=True):
    """Templates by field of the fact, and word lists by column."""

    fields: Mapping[str, tuple[_Part, ...] | bool]
    values: Mapping[str, Mapping[str, str]]

    @property
    def columns(self) -> frozenset[str]:
        """Every column that a template names."""
        return frozenset(part.column for part in self._parts() if part.column is not None)

    @property
    def bsn_columns(self) -> frozenset[str]:
        """The columns that hold citizen service numbers: never stored, never shown."""
        return frozenset(part.column for part in self._parts() if part.column is not None and part.filter == "bsn")

    def _parts(self) -> Iterator[_Part]:
        for parts in self.fields.values():
            if not isinstance(parts, bool):
                yield from parts


def mappings_of(
    tables: Sequence[Mapping[str, object]], values: Mapping[str, Mapping[str, str]]
) -> tuple[RowMapping, ...]:
    """The mappings that TOML tables state, a fact a row by each. Raises BadMapping."""
    mappings = tuple(mapping_of(table, values) for table in tables)
    for column in values:
        if not any(column in mapping.columns for mapping in mappings):
            raise BadMapping(f"values.{column}: no template names this column")
    return mappings


def mapping_of(fields: Mapping[str, object], values: Mapping[str, Mapping[str, str]]) -> RowMapping:
    """The mapping that one TOML table states. Raises BadMapping."""
    parsed: dict[str, tuple[_Part, ...] | bool] = {}
    for field, template in fields.items():
        if isinstance(template, bool):
            parsed[field] = template
        elif isinstance(template, str):
            parsed[field] = _parts(field, template)
        else:
            raise BadMapping(f"{field}: a template is text, true or false")
    for needed in ("fact", "id"):
        if needed not in parsed:
            raise BadMapping(f"{needed}: every fact needs one")
    return RowMapping(parsed, values)


def _parts(field: str, template: str) -> tuple[_Part, ...]:
    parts: list[_Part] = []
    end = 0
    for found in _COLUMN.finditer(template):
        if found.start() > end:
            parts.append(_Part(text=template[end : found.start()]))
        column, name, argument = found[1].strip(), found[3], found[4] or ""
        if name in _ARGUMENT_NEEDED and not argument:
            raise BadMapping(f"{field}: {{{column}|{name}}} needs to be told what, as in {{{column}|{name} …}}")
        if name == "yes" and not all(argument.partition("/")):
            raise BadMapping(f"{field}: {{{column}|yes {argument}}} needs both words, as in {{{column}|yes J/N}}")
        parts.append(_Part(column=column, optional=found[2] is not None, filter=name, argument=argument))
        end = found.end()
    if end < len(template):
        parts.append(_Part(text=template[end:]))
    if any("{" in part.text or "}" in part.text for part in parts):
        raise BadMapping(f"{field}: a brace that is not {{Column}} or {{Column|what}} in {template!r}")
    if len(parts) > 1 and any(part.filter in _ALONE for part in parts):
        raise BadMapping(f"{field}: `list` and `yes` give no text and stand alone")
    return tuple(parts)


def fact_from(row: Mapping[str, str], mapping: RowMapping, identify: Identify) -> dict[str, object]:
    """The JSON object of one row, not yet checked against facts.md. Raises BadRow."""
    fact: dict[str, object] = {}
    for field, template in mapping.fields.items():
        value = template if isinstance(template, bool) else _filled(row, template, mapping.values, identify)
        if value is not None:
            fact[field] = value
    if fact.get("fact") == "authority" and fact.get("kind") == "UNDETERMINED":
        _connect(fact)
    return fact


def named(row: Mapping[str, str], mapping: RowMapping, identify: Identify) -> dict[str, object]:
    """Type and id of the fact that a row is about, as far as they can be read from a row that is refused."""
    try:
        return fact_from(row, RowMapping({f: mapping.fields[f] for f in ("fact", "id")}, mapping.values), identify)
    except BadRow:
        return {}


def _connect(fact: dict[str, object]) -> None:
    """A kind that we do not know is never a ground: whom it names is a candidate (facts.md 5.5, 5.6)."""
    representative = fact.get("representative")
    fact["representative"] = None
    if representative is not None:
        fact["candidates"] = [representative]


def _filled(
    row: Mapping[str, str],
    parts: tuple[_Part, ...],
    values: Mapping[str, Mapping[str, str]],
    identify: Identify,
) -> object:
    if len(parts) == 1 and parts[0].column is not None:
        return _value(row, parts[0], values, identify)
    texts: list[str] = []
    filled = False
    for part in parts:
        if part.column is None:
            texts.append(part.text)
            continue
        value = _value(row, part, values, identify)
        filled = filled or value is not None
        texts.append("" if value is None else str(value))
    has_columns = any(part.column is not None for part in parts)
    return "".join(texts) if filled or not has_columns else None


def _value(row: Mapping[str, str], part: _Part, values: Mapping[str, Mapping[str, str]], identify: Identify) -> object:
    assert part.column is not None
    if part.column not in row:
        raise BadRow(f"column {part.column!r} is missing")
    text = row[part.column].strip()
    if not text:
        if part.optional:
            return None
        raise BadRow(f"column {part.column!r} is empty")
    words = values.get(part.column)
    if part.filter == "list":
        return _several(part, text, words)
    if words is not None:
        text = _translated(part.column, text, words)
    if part.filter == "bsn":
        return _person(part.column, text, identify)
    if part.filter in _DAYS:
        return _day(part, text)
    if part.filter == "yes":
        return _yes(part, text)
    return text


def _several(part: _Part, text: str, words: Mapping[str, str] | None) -> list[str]:
    items = [item.strip() for item in text.split(part.argument) if item.strip()]
    if not items:
        raise BadRow(f"column {part.column!r}: nothing between the separators")
    return items if words is None else [_translated(part.column, item, words) for item in items]


def _translated(column: str | None, word: str, words: Mapping[str, str]) -> str:
    found = words.get(word, words.get("*", ""))
    if not found:
        raise BadRow(f"column {column!r}: a word that the mapping does not know")
    return found


def _day(part: _Part, text: str) -> str:
    try:
        day = datetime.strptime(text, part.argument).date()  # noqa: DTZ007  # a day has no zone
        return (day + timedelta(days=part.filter == "day_after")).isoformat()
    except (ValueError, OverflowError):
        raise BadRow(f"column {part.column!r}: not a day in the form {part.argument}") from None


def _yes(part: _Part, text: str) -> bool:
    true, _, false = part.argument.partition("/")
    if text not in (true, false):
        raise BadRow(f"column {part.column!r}: neither {true!r} nor {false!r}")
    return text == true


def bsns_in(row: Mapping[str, str], mapping: RowMapping) -> Iterator[str]:
    """The citizen service numbers that the mapping will turn into ids, as the row writes them, with zeros in front."""
    for parts in mapping.fields.values():
        for part in () if isinstance(parts, bool) else parts:
            if part.filter == "bsn" and part.column is not None and row.get(part.column, "").strip():
                yield _nine_digits(row[part.column])


def _nine_digits(text: str) -> str:
    """Zeros in front count, and spreadsheets lose them."""
    return text.strip().rjust(9, "0")


def _person(column: str, text: str, identify: Identify) -> str:
    try:
        return identify(_nine_digits(text))
    except NotABsn as error:
        raise BadRow(f"column {column!r}: {error}") from None

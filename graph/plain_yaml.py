"""YAML without its surprises, each value with its line.

Dates, times and words such as `no` stay text; only `true` and `false` are flags and only whole numbers are numbers.
Nothing refers to anything else (no anchors, aliases or tags), and nothing lies deeper than DEPTH_MAX, so that reading a
text of bounded size is work of bounded size.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

import yaml

from graph.errors import Problem
from graph.fields import shown

DEPTH_MAX: Final = 12

_NUMBER: Final = re.compile(r"-?\d{1,18}", re.ASCII)
_NULLS: Final = ("", "~", "null")
_PARSER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Plain: TypeAlias = "dict[str, Any] | list[Any] | str | int | bool | None"


class Read:
    """What a text says. `line_of(value)`: where an object or list of it began, from 1; 1 for anything else."""

    def __init__(self, text: str) -> None:
        """Raises Problem, with its line."""
        self._lines: dict[int, int] = {}
        try:
            self._events = yaml.parse(text, Loader=_PARSER)
            self._open()
            first = next(self._events)
            self.value: Plain = None if isinstance(first, yaml.StreamEndEvent) else self._document()
        except yaml.MarkedYAMLError as wrong:
            line = wrong.problem_mark.line + 1 if wrong.problem_mark else 1
            raise Problem("MALFORMED", found=wrong.problem or "no YAML", expected="YAML", line=line) from None
        except yaml.YAMLError:
            raise Problem("MALFORMED", found="characters that YAML does not have", expected="YAML", line=1) from None

    def line_of(self, value: object) -> int:
        """Of a list or object of `value`."""
        return self._lines.get(id(value), 1)

    def _open(self) -> None:
        assert isinstance(next(self._events), yaml.StreamStartEvent)

    def _document(self) -> Plain:
        value = self._value(next(self._events), 0)
        after = [next(self._events), next(self._events)]
        if not isinstance(after[1], yaml.StreamEndEvent):
            raise Problem("MALFORMED", found="a second document", expected="one document", line=_line(after[1]))
        return value

    def _value(self, event: Any, depth: int) -> Plain:
        line = _line(event)
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise Problem("MALFORMED", found="an anchor or alias", expected="each value written out", line=line)
        if event.tag is not None:
            raise Problem("MALFORMED", found=shown(f"!{event.tag}"), expected="values without tags", line=line)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth == DEPTH_MAX:
            raise Problem("MALFORMED", found="lists or objects that lie too deep", expected="less depth", line=line)
        value = self._list(depth) if isinstance(event, yaml.SequenceStartEvent) else self._object(depth)
        self._lines[id(value)] = line
        return value

    def _list(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        return items

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            line = _line(event)
            if not isinstance(event, yaml.ScalarEvent):
                raise Problem("MALFORMED", found="a field whose name is no text", expected="names", line=line)
            if event.value in found:
                field = shown(event.value).strip('"')
                raise Problem("DUPLICATE_FIELD", field=field, found="the field twice", expected="it once", line=line)
            found[event.value] = self._value(next(self._events), depth + 1)
        return found


def _line(event: Any) -> int:
    line: int = event.start_mark.line + 1
    return line


def _scalar(event: Any) -> Plain:
    text: str = event.value
    if not event.implicit[0]:  # quoted, or a block
        return text
    if text in ("true", "false"):
        return text == "true"
    if text in _NULLS:
        return None
    return int(text) if _NUMBER.fullmatch(text) else text

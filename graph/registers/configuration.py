"""The sources that a server follows, from one TOML file (docs/registers.md)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Final, get_args

import msgspec

from authority.codes import Served
from authority.moments import duration
from authority.registers import TABLE
from graph.errors import GraphError
from graph.registers.parts import BadConfiguration, Common, Parts
from graph.registers.polling import Terms
from graph.registers.scheduler import Source

KINDS: Final = ("brp", "brp_records", "ccbr", "drop")
"""Each is a module here that bears its name. A new one: the module, and its name in this line."""

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}", re.ASCII)


def read_sources(path: Path) -> list[dict[str, object]]:
    """The entries `[[source]]` of a TOML file, not yet checked. Raises BadConfiguration."""
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadConfiguration(f"{path}: cannot be read ({error.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadConfiguration(f"{path}: not TOML: {error}") from None
    entries = found.get("source", [])
    unknown = set(found) - {"source"}
    if unknown:
        raise BadConfiguration(f"{path}: {min(unknown)}: found, expected only [[source]] entries")
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadConfiguration(f"{path}: source: expected entries that begin with [[source]]")
    return entries


def sources_of(path: Path, parts: Parts) -> list[Source]:
    """Every source of the file, ready to be polled. Raises BadConfiguration, naming file, source and key."""
    sources: list[Source] = []
    for number, entry in enumerate(read_sources(path), 1):
        where = f"{path}: source {entry.get('name', number)!r}"
        try:
            source = _source(entry, parts)
        except msgspec.ValidationError as error:
            raise BadConfiguration(f"{where}: {_in_words(error, entry)}") from None
        except (GraphError, ValueError) as error:
            raise BadConfiguration(f"{where}: {error}") from None
        for other in sources:
            if other.connector.name == source.connector.name:
                raise BadConfiguration(f"{where}: name: two sources bear it")
            if other.connector.register == source.connector.register:
                # the one that answers would hide that the other is silent
                raise BadConfiguration(
                    f"{where}: {other.connector.name!r} brings the word of {other.connector.register} already; "
                    "give it a register of its own"
                )
        sources.append(source)
    return sources


def _source(entry: Mapping[str, object], parts: Parts) -> Source:
    kind = entry.get("kind")
    if kind not in KINDS:
        raise BadConfiguration(f"kind: found {kind!r}, expected one of {', '.join(KINDS)}")
    module = import_module(f"graph.registers.{kind}")
    settings = msgspec.convert(entry, module.Settings)
    if _NAME.fullmatch(settings.name) is None:
        raise BadConfiguration("name: expected small letters, digits and dashes")
    connector = module.connector(settings, parts)
    if connector.register not in TABLE and settings.serves is None:
        raise BadConfiguration(f"serves: {connector.register} is not in table 3 of facts.md, so say what it serves")
    return Source(connector, _terms(settings))


def _terms(settings: Common) -> Terms:
    return Terms(
        every=_duration("every", settings.every),
        timeout=_duration("timeout", settings.timeout),
        max_silence=None if settings.max_silence is None else _duration("max_silence", settings.max_silence),
        delay=None if settings.delay is None else _duration("delay", settings.delay),
        complete=settings.complete,
        serves=_served(settings.serves),
        title=settings.title,
    )


def _duration(key: str, text: str) -> int:
    try:
        found = duration(text)
    except ValueError as error:
        raise BadConfiguration(f"{key}: found {text!r}, expected {error}") from None
    if found <= 0:
        raise BadConfiguration(f"{key}: found {text!r}, expected more than nothing")
    return found


def _served(words: tuple[str, ...] | None) -> tuple[str, ...] | None:
    for word in words or ():
        if word not in get_args(Served):
            near = get_close_matches(word, get_args(Served), 1)
            raise BadConfiguration(f"serves: found {word!r}" + (f", did you mean {near[0]}?" if near else ""))
    return words


def _in_words(error: msgspec.ValidationError, entry: Mapping[str, object]) -> str:
    """What msgspec says, with the nearest key that was meant."""
    unknown = re.search(r"unknown field `([^`]+)`", str(error))
    if unknown is None:
        return str(error)
    module = import_module(f"graph.registers.{entry['kind']}")
    near = get_close_matches(unknown[1], [f.encode_name for f in msgspec.structs.fields(module.Settings)], 1)
    return f"{unknown[1]}: no such key" + (f"; did you mean {near[0]}?" if near else "")

"""The file of sources: what is wrong in it is told by file, source and key."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from graph.registers.configuration import sources_of
from graph.registers.parts import BadConfiguration, Parts
from graph.registers.store import ConnectorStore

CCBR = 'name = "ccbr"\nkind = "ccbr"\nurl = "http://127.0.0.1/"\neverybody_known = true\n'
DROP = 'name = "court"\nkind = "drop"\nregister = "COURT"\nfolder = "c"\nformat = "jsonl"\n'
CSV = DROP.replace("jsonl", "csv")
MAPPED = CSV + '[source.fact]\nfact = "person"\nid = "{Nr|bsn}"\nborn = "{Geboren}"\n'


@pytest.fixture
async def parts(tmp_path: Path) -> AsyncIterator[Parts]:
    graph, store = EmbeddedGraph.open(tmp_path / "graph"), ConnectorStore(tmp_path / "store")
    async with httpx.AsyncClient() as client:
        yield Parts(graph, store, client, {"MACHTIGEN_BSN_KEY_1": "6b" * 32}, tmp_path, lambda: 0)
    store.close()
    await graph.close()


def write(folder: Path, *entries: str) -> Path:
    path = folder / "registers.toml"
    path.write_text("".join(f"[[source]]\n{entry}" for entry in entries))
    return path


async def test_what_a_source_may_leave_out(parts: Parts, tmp_path: Path) -> None:
    (source,) = sources_of(write(tmp_path, CCBR), parts)
    terms = source.terms
    assert (source.connector.name, source.connector.register) == ("ccbr", "CCBR")
    assert (terms.every, terms.timeout, terms.max_silence, terms.delay) == (300_000_000, 30_000_000, None, None)
    assert (terms.complete, terms.serves, terms.title) == (None, None, None)


async def test_what_a_source_may_say(parts: Parts, tmp_path: Path) -> None:
    more = 'every = "PT1H"\nmax_silence = "P2D"\ndelay = "P92D"\ncomplete = false\nserves = ["BEWIND"]\ntitle = "X"\n'
    (source,) = sources_of(write(tmp_path, CCBR + more), parts)
    terms = source.terms
    assert (terms.every, terms.max_silence, terms.delay) == (3_600_000_000, 172_800_000_000, 92 * 86_400_000_000)
    assert (terms.complete, terms.serves, terms.title) == (False, ("BEWIND",), "X")


@pytest.mark.parametrize(
    ("entries", "words"),
    [
        ((CCBR.replace('kind = "ccbr"', 'kind = "crbc"'),), "source 'ccbr': kind: found 'crbc', expected one of brp,"),
        ((CCBR.replace("url", "ulr"),), "source 'ccbr': ulr: no such key; did you mean url"),
        ((CCBR.replace("everybody_known = true", ""),), "source 'ccbr': .*everybody_known"),
        ((CCBR.replace("= true", '= "yes"'),), "source 'ccbr': .*everybody_known"),
        ((CCBR + 'every = "5 min"\n',), "source 'ccbr': every: found '5 min', expected"),
        ((CCBR + 'every = "PT0S"\n',), "source 'ccbr': every: found 'PT0S', expected more than nothing"),
        ((CCBR + 'max_silence = "P1M"\n',), "source 'ccbr': max_silence: found 'P1M', expected"),
        ((CCBR + 'serves = ["BEWINT"]\n',), "source 'ccbr': serves: found 'BEWINT', did you mean BEWIND"),
        ((CCBR + 'key_variable = "CCBR_KEY"\n',), "source 'ccbr': CCBR_KEY is not set in the environment"),
        ((CCBR.replace('"ccbr"', '"Ccbr!"', 1),), "source 'Ccbr!': name: expected small letters"),
        ((CCBR, CCBR), "source 'ccbr': name: two sources bear it"),
        ((DROP, DROP.replace('"court"', '"north"')), "source 'north': 'court' brings the word of COURT already"),
        ((DROP.replace('"COURT"', '"NORTH"'),), "source 'court': serves: NORTH is not in table 3"),
        ((CSV,), r"source 'court': fact: a mapping is needed, in \[source.fact\]"),
        (
            (MAPPED.replace('format = "csv"', 'format = "csv"\ndelimiter = "::"'),),
            "delimiter: found '::', expected one",
        ),
        ((MAPPED.replace("{Geboren}", "{Geboren"),), "source 'court': born: a brace"),
        ((MAPPED + '[source.values.Soort]\na = "b"\n',), "source 'court': values.Soort: no template names"),
        ((MAPPED.replace('format = "csv"', 'format = "csv"\neleven_test = false'),), "are taken with --dev only"),
        (('kind = "ccbr"\n',), "source 1: "),
    ],
)
async def test_what_is_wrong(parts: Parts, tmp_path: Path, entries: tuple[str, ...], words: str) -> None:
    path = write(tmp_path, *entries)
    with pytest.raises(BadConfiguration, match=words) as told:
        sources_of(path, parts)
    assert str(told.value).startswith(f"{path}: source ")
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[[source]\n", "not TOML"),
        ("sauce = 1\n", r"sauce: found, expected only \[\[source\]\] entries"),
        ("source = 1\n", r"source: expected entries that begin with \[\[source\]\]"),
    ],
)
async def test_a_file_that_is_none(parts: Parts, tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "registers.toml"
    path.write_text(text)
    with pytest.raises(BadConfiguration, match=words):
        sources_of(path, parts)
    with pytest.raises(BadConfiguration, match="cannot be read"):
        sources_of(tmp_path / "nowhere.toml", parts)


async def test_no_key_to_turn_numbers_into_ids(parts: Parts, tmp_path: Path) -> None:
    bare = Parts(parts.ledger, parts.store, parts.client, {}, tmp_path, parts.clock)
    with pytest.raises(BadConfiguration, match="source 'court': no key to turn a BSN into an id"):
        sources_of(write(tmp_path, MAPPED), bare)
    # a source that names no number needs none
    assert len(sources_of(write(tmp_path, DROP), bare)) == 1

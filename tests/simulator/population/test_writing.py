from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import zstandard
from click.testing import CliRunner, Result

from server.cli import commands
from simulator.population import Lines, Population, UnknownFormat, write
from simulator.population import writing as module
from simulator.population.names import names
from simulator.population.population import NO_DATE, NO_ROW, SKILLS

PEOPLE = 70_000
COUNTRY = Population(PEOPLE, 4)


def whole() -> bytes:
    lines = Lines(COUNTRY)
    return b"".join(lines.first()) + lines.of(np.arange(PEOPLE))


def written(tmp_path: Path, name: str, processes: int = 1) -> bytes:
    told: list[int] = []
    write(COUNTRY, str(tmp_path / name), with_names=True, processes=processes, progress=told.append)
    assert sum(told) == PEOPLE
    assert [path.name for path in tmp_path.iterdir()] == [name]
    return (tmp_path / name).read_bytes()


def test_fact_lines_are_the_same_in_each_wrapping(tmp_path: Path) -> None:
    expected = whole()
    for folder in ("plain", "gz", "zst"):
        (tmp_path / folder).mkdir()
    assert written(tmp_path / "plain", "f.jsonl") == expected
    assert gzip.decompress(written(tmp_path / "gz", "f.jsonl.gz")) == expected
    packed = written(tmp_path / "zst", "f.jsonl.zst")
    # a reader that stops after the first frame still has everything
    assert zstandard.ZstdDecompressor().decompressobj().decompress(packed) == expected


@pytest.mark.parametrize("name", ["f.jsonl.gz", "f.jsonl.zst", "f.parquet"])
def test_the_same_bytes_from_two_processes(tmp_path: Path, name: str) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
    assert written(tmp_path / "one", name) == written(tmp_path / "two", name, processes=2)


def test_parquet_holds_the_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PARQUET_ROWS", 1 << 14)
    written(tmp_path, "p.parquet")
    table = pq.read_table(tmp_path / "p.parquet")
    assert table.num_rows == PEOPLE
    assert table.schema.metadata[b"seed"] == b"4"
    columns = COUNTRY.columns()
    for name in ("id", "pc4", "municipality", "household", "flags"):
        assert (table[name].to_numpy() == getattr(columns, name)).all()
    assert (table["birth"].to_numpy().astype("datetime64[D]").astype(int) == columns.birth).all()
    assert table["died"].null_count == np.count_nonzero(columns.died == NO_DATE)
    assert table["parent_1"].null_count == np.count_nonzero(columns.parent_1 == NO_ROW)
    sample = table.slice(100, 50).to_pylist()
    for row, person in enumerate(sample, start=100):
        assert person["skill"] == SKILLS[columns.skill[row]]
        shown = " ".join(part for part in (person["first"], person["prefix"], person["last"]) if part)
        assert shown == names().text(int(columns.first[row]), int(columns.last[row]))


def test_an_interrupted_write_leaves_nothing_behind(tmp_path: Path) -> None:
    def stop(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(COUNTRY, str(tmp_path / "f.jsonl"), with_names=True, processes=1, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match=r"expected a name ending in \.parquet"):
        write(COUNTRY, str(tmp_path / "f.csv"), with_names=True, processes=1, progress=lambda _: None)
    assert list(tmp_path.iterdir()) == []


# the command


def run(*words: str) -> Result:
    return CliRunner().invoke(commands, ["population", *words])


def test_command_writes_and_tells_how_far_it_is(tmp_path: Path) -> None:
    done = run("--people", "1000", "--seed", "4", "--out", str(tmp_path / "f.jsonl"))
    assert done.exit_code == 0, done.output
    assert "1,000 of 1,000 people" in done.stderr
    assert done.stdout == ""
    text = run("--people", "1000", "--seed", "4", "--out", "-", "--no-names")
    assert text.stdout_bytes.count(b"\n") == (tmp_path / "f.jsonl").read_bytes().count(b"\n")
    assert b'"name":"Hospital' in text.stdout_bytes


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--people", "5", "--out", "x.jsonl"), "people: found 5, expected 1000 to 100000000"),
        (("--people", "2000", "--out", "x.csv"), "expected a name ending in .parquet"),
        (("--people", "2000", "--out", "x.jsonl", "--as-of", "yesterday"), "'yesterday'"),
        (("--people", "2000", "--out", "x.jsonl", "--as-of", "1492-01-01"), "as_of: found 1492-01-01"),
        (("--people", "2000", "--out", "x.jsonl", "--processes", "0"), "--processes"),
        (("--people", "2000"), "--out"),
    ],
)
def test_wrong_use_says_what_is_wrong(words: tuple[str, ...], said: str) -> None:
    done = run(*words)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_folder_that_is_not_there_is_said_in_one_line(tmp_path: Path) -> None:
    done = run("--people", "2000", "--out", str(tmp_path / "none" / "f.jsonl"))
    assert done.exit_code != 0
    assert "No such file or directory" in done.stderr

"""Whatever is done to the files is found and named; what was only interrupted is not called tampering."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.audit.checking import Checked, check
from server.audit.directory import INDEX, Directory
from server.audit.reading import NoRecords
from server.audit.sealing import NotSealed, line_of
from server.audit.trail import Trail
from tests.server.audit.trails import RESOURCE, Clock, body, made, recorded

SEGMENTS = [3, 1, 4]


@pytest.fixture(scope="module")
def sound() -> Iterator[Path]:
    """Two chains of closed segments."""
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(folder) / "audit"
        clock = Clock()
        made(directory, SEGMENTS, clock)
        made(directory, [2], clock)
        yield directory


@pytest.fixture
def spoilt(sound: Path, tmp_path: Path) -> Path:
    """A copy to spoil."""
    return Path(shutil.copytree(sound, tmp_path / "spoilt"))


def told(checked: Checked) -> list[str]:
    return [str(problem) for problem in checked.problems]


def segments(directory: Path) -> list[Path]:
    return sorted(directory.glob("2*.jsonl"))


def lines(path: Path) -> list[bytes]:
    return path.read_bytes().splitlines(keepends=True)


def test_what_nobody_touched_is_sound(sound: Path) -> None:
    checked = check(sound)
    assert (told(checked), checked.segments, checked.records, checked.open) == ([], 4, sum(SEGMENTS) + 2, 0)


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(NoRecords):
        check(tmp_path)


@settings(deadline=None)
@given(st.data())
def test_any_byte_that_is_changed_is_found_where_it_is(sound: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(shutil.copytree(sound, Path(folder) / "audit"))
        path = data.draw(st.sampled_from([*segments(directory), directory / INDEX]))
        content = bytearray(path.read_bytes())
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] ^= data.draw(st.integers(1, 255))
        path.write_bytes(content)
        line = content[:place].count(b"\n")
        problems = check(directory).problems
        assert any(each.file == path.name and each.record in (line, line + 1, None) for each in problems), problems


@settings(deadline=None)
@given(st.data())
def test_a_line_that_is_removed_repeated_or_moved_is_found(sound: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(shutil.copytree(sound, Path(folder) / "audit"))
        path = data.draw(st.sampled_from([*segments(directory), directory / INDEX]))
        before = lines(path)
        place = data.draw(st.integers(0, len(before) - 1))
        what = data.draw(st.sampled_from(["remove", "repeat", "move", "truncate", "tear"]))
        after = before[:]
        if what == "remove":
            del after[place]
        elif what == "repeat":
            after.insert(data.draw(st.integers(0, len(before))), before[place])
        elif what == "move":
            after.insert(data.draw(st.integers(0, len(before) - 1)), after.pop(place))
        elif what == "truncate":
            after = before[:place]
        else:
            after[-1] = after[-1][: data.draw(st.integers(0, len(after[-1]) - 1))]
        path.write_bytes(b"".join(after))
        checked = check(directory)
        assert bool(checked.problems) == (after != before), (what, place)
        if checked.problems and path.name != INDEX:
            assert any(each.file == path.name for each in checked.problems)


@settings(deadline=None)
@given(st.data())
def test_segments_that_are_exchanged_added_or_removed_are_found(sound: Path, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        directory = Path(shutil.copytree(sound, Path(folder) / "audit"))
        one, other = data.draw(st.lists(st.sampled_from(segments(directory)), min_size=2, max_size=2, unique=True))
        what = data.draw(st.sampled_from(["exchange", "overwrite", "remove", "add"]))
        if what == "exchange":
            (one_was, other_was) = (one.read_bytes(), other.read_bytes())
            one.write_bytes(other_was)
            other.write_bytes(one_was)
        elif what == "overwrite":
            one.write_bytes(other.read_bytes())
        elif what == "remove":
            one.unlink()
        else:
            one = directory / one.name.replace("-00000", "-10000")
            one.write_bytes(other.read_bytes())
        assert one.name in {each.file for each in check(directory).problems}


def test_it_is_said_which_records_and_by_what_names(tmp_path: Path) -> None:
    first, second, third = made(tmp_path, SEGMENTS)
    first.write_bytes(first.read_bytes().replace(b'"trace_id": "0.1"', b'"trace_id": "9.9"'))
    second.unlink()
    content = lines(third)
    third.write_bytes(b"".join([*content[:2], *content[3:]]))
    assert told(check(tmp_path)) == [
        f"{first.name}:2: changed: it does not fit its seal (trace 9.9, span 0.1)",
        f"{second.name}: removed: the index says that it had 2 records or more",
        f"{third.name}:3: stands where record 2 should: record 2 removed or moved (trace 2.2, span 2.2)",
    ]


def test_a_chain_sealed_anew_is_not_what_the_index_says(spoilt: Path) -> None:
    first = segments(spoilt)[0]
    other = spoilt.parent / "other"
    (forged, *_) = made(other, [3])
    _, *rest = lines(forged)
    assert len(rest) == 4
    first.write_bytes(b"".join([lines(first)[0], *rest]))
    assert any(each.file == first.name for each in check(spoilt).problems)


def test_a_directory_rewritten_as_a_whole_has_not_the_head_that_was_kept(spoilt: Path, sound: Path) -> None:
    kept = check(sound).head
    assert told(check(sound, kept=kept)) == []
    shutil.rmtree(spoilt)
    made(spoilt, SEGMENTS)
    assert told(check(spoilt)) == []
    (problem,) = told(check(spoilt, kept=kept))
    assert "removed or changed" in problem


def test_a_head_stays_known_while_the_records_go_on(spoilt: Path) -> None:
    kept = check(spoilt).head
    made(spoilt, [1])
    assert told(check(spoilt, kept=kept)) == []


# what was interrupted


def killed(directory: Path, count: int) -> Path:
    """A segment whose writer is gone without having closed it."""
    trail = Trail(directory, Clock(), RESOURCE)
    for place in range(count):
        trail.append([body(str(place))])
    trail._leave()
    return segments(directory)[-1]


def test_what_is_being_written_is_open_and_sound(spoilt: Path) -> None:
    trail = Trail(spoilt, Clock(), RESOURCE)
    trail.append([body("a"), body("b")])
    path = spoilt / trail._name
    with path.open("ab") as file:
        file.write(b'{"trace_id": "half')
    checked = check(spoilt)
    assert (told(checked), checked.open) == ([], 1)


def test_a_torn_line_is_set_aside_and_said(tmp_path: Path) -> None:
    path = killed(tmp_path, 3)
    with path.open("ab") as file:
        file.write(b'{"trace_id": "half')
    assert any("torn" in each for each in told(check(tmp_path)))
    assert Directory(tmp_path).recover(1) == [path.name]
    assert path.with_suffix(".torn").read_bytes() == b'{"trace_id": "half\n'
    checked = check(tmp_path)
    assert (told(checked), checked.records, checked.open) == ([], 3, 0)
    assert b'"recovered":true,"torn":18' in lines(tmp_path / INDEX)[-1]
    assert len(recorded(tmp_path)) == 3


def test_a_torn_line_of_the_index_is_set_aside(tmp_path: Path) -> None:
    made(tmp_path, [2])
    with (tmp_path / INDEX).open("ab") as file:
        file.write(b'{"what": "ope')
    made(tmp_path, [1])
    assert told(check(tmp_path)) == []
    assert (tmp_path / "index.torn").read_bytes() == b'{"what": "ope\n'


def test_a_writer_that_lives_is_left_alone(tmp_path: Path) -> None:
    trail = Trail(tmp_path, Clock(), RESOURCE)
    trail.append([body("a")])
    assert Directory(tmp_path).recover(1) == []
    trail.append([body("b")])
    trail.rotate()
    assert told(check(tmp_path)) == []


def test_after_a_recovery_a_truncation_is_found(tmp_path: Path) -> None:
    path = killed(tmp_path, 3)
    Directory(tmp_path).recover(1)
    path.write_bytes(b"".join(lines(path)[:-2]))
    assert any("truncated" in each for each in told(check(tmp_path)))


async def test_what_the_index_has_reached_cannot_be_truncated_unseen(tmp_path: Path) -> None:
    trail = Trail(tmp_path, Clock(), RESOURCE)
    trail.append([body("a"), body("b")])
    await trail.keep(10)
    trail._leave()
    (path,) = segments(tmp_path)
    assert told(check(tmp_path)) == []
    path.write_bytes(b"".join(lines(path)[:-1]))
    assert any("truncated" in each for each in told(check(tmp_path)))


async def test_a_segment_that_is_large_is_closed_and_another_goes_on_from_it(tmp_path: Path) -> None:
    trail = Trail(tmp_path, Clock(), RESOURCE, segment_bytes_max=1_000)
    for place in range(30):
        trail.append([body(str(place))])
        await trail.keep(1)
    trail.rotate()
    checked = check(tmp_path)
    assert told(checked) == []
    assert (checked.records, checked.segments > 3) == (30, True)
    assert [each["trace_id"] for each in recorded(tmp_path)] == [str(place) for place in range(30)]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[:-1],
        lambda text: text.replace(b'"seal"', b'"Seal"'),
        lambda text: text.upper(),
        lambda text: b"",
        lambda text: text.replace(b'"record":1', b'"record":x'),
    ],
)
def test_what_is_no_line(tmp_path: Path, spoil: Callable[[bytes], bytes]) -> None:
    (path,) = made(tmp_path, [1])
    text = lines(path)[1][:-1]
    assert line_of(text).number == 1
    with pytest.raises(NotSealed):
        line_of(spoil(text))

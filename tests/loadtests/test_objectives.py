"""Verdicts: met, missed, or invalid; and a file of objectives that is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from loadtests.errors import LoadTestError
from loadtests.objectives import DEFAULT, VALIDITY, Objectives, found_of, judge, read
from loadtests.recording import Samples


def seen(service_s: float = 0.010, waited_s: float = 0.0, count: int = 1_000, dropped: int = 0) -> Samples:
    samples = Samples()
    samples.generators = 1
    for number in range(count):
        samples.record("Helpers.ask", service_s, service_s + waited_s, None, number / 100)
        samples.lateness.record(0.001)
    samples.due["Helpers.ask"] = count + dropped
    samples.begun["Helpers.ask"] = count
    return samples


WANTED = Objectives({"response_p99_ms": 250.0, "errors": 0.001, "dropped": 0.001, "false_permits": 0.0}, VALIDITY)


def test_met() -> None:
    assert (judge(WANTED, seen(), 0.5).outcome, judge(WANTED, seen(), 0.5).status) == ("met", 0)


def test_missed_by_time() -> None:
    verdict = judge(WANTED, seen(service_s=0.3), 0.5)
    assert (verdict.outcome, verdict.status) == ("missed", 1)
    assert [each.key for each in verdict.judged if not each.met] == ["response_p99_ms"]


def test_missed_by_one_false_permit() -> None:
    samples = seen()
    samples.find("false_permit")
    assert judge(WANTED, samples, 0.5).outcome == "missed"


def test_missed_by_errors() -> None:
    samples = seen()
    for _ in range(2):
        samples.record("Helpers.ask", 0.01, 0.01, "HTTP 500", 1.0)
    assert judge(WANTED, samples, 0.5).outcome == "missed"


def test_a_busy_generator_makes_it_invalid_whatever_else() -> None:
    verdict = judge(WANTED, seen(), 0.86)
    assert (verdict.outcome, verdict.status) == ("invalid", 3)
    assert "86% of a core" in verdict.why[0]


def test_a_late_generator_makes_it_invalid() -> None:
    samples = seen()
    for _ in range(20):
        samples.lateness.record(0.5)
    assert judge(WANTED, samples, 0.5).outcome == "invalid"


def test_what_a_slow_service_makes_us_drop_is_its_miss() -> None:
    assert judge(WANTED, seen(service_s=2.0, dropped=100), 0.5).outcome == "missed"


def test_what_a_small_pool_drops_is_ours() -> None:
    verdict = judge(WANTED, seen(waited_s=2.0, dropped=100), 0.5)
    assert verdict.outcome == "invalid"
    assert "--pool" in verdict.why[0]


def test_a_generator_that_died_makes_it_invalid() -> None:
    assert judge(WANTED, seen(), 0.5, missing=1).outcome == "invalid"


def test_nothing_sent_is_not_green() -> None:
    assert judge(WANTED, Samples(), 0.0).outcome == "invalid"


def test_what_was_not_measured_is_not_missed() -> None:
    objectives = Objectives({"freshness_p99_ms": 1.0}, VALIDITY)
    assert found_of("freshness_p99_ms", seen()) is None
    assert judge(objectives, seen(), None).outcome == "met"


def test_the_shipped_file_has_all_that_matters() -> None:
    objectives = read(DEFAULT)
    assert {"response_p99_ms", "errors", "dropped", "freshness_p99_ms", "false_permits"} <= set(objectives.wanted)
    assert objectives.wanted["false_permits"] == 0
    assert objectives.validity == VALIDITY


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[objectives]\nresponse_p98_ms = 1\n", "objectives.response_p98_ms: no such objective; did you mean"),
        ("[objectives]\nerrors = -1\n", "objectives.errors: found -1, expected a number of at least 0"),
        ("[objectives]\nerrors = true\n", "objectives.errors: found True"),
        ("[goals]\nerrors = 0\n", r"\[goals\]: expected \[objectives\] or \[validity\]"),
        ("[validity]\ncpu = 1\n", "validity.cpu: no such objective"),
        ("errors = \n", "slo.toml: "),
    ],
)
def test_a_wrong_file_is_told_by_its_key(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "slo.toml"
    file.write_text(text)
    with pytest.raises(LoadTestError, match=said):
        read(file)

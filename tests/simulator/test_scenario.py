# ruff: noqa: E501 - a table of sentences, each as it is shown

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from simulator.country import zipf
from simulator.errors import ScenarioError
from simulator.knobs import METAS, Knobs
from simulator.objectives import MEASURES
from simulator.plan import plan_of, project_speed, usl
from simulator.scenario import load, shipped
from simulator.timeline import to_date, to_day, windows

SPECIFIED = {
    "january_2020", "june_2020", "no_setback", "one_setback", "direct_only", "filing_window_only", "external_statutory",
    "safe_enforcement", "double_staff", "later_september", "hospitals_2027",
}  # fmt: skip


def written(tmp_path: Path, text: str, name: str = "plan.toml") -> str:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return str(tmp_path / name)


def test_all_scenarios_of_the_specification_are_shipped() -> None:
    assert set(shipped()) == SPECIFIED
    assert len({load(name).digest for name in shipped()}) == len(SPECIFIED), "no two are the same plan"


def test_defaults_are_june_2020() -> None:
    assert load("june_2020").knobs == Knobs()
    assert project_speed(Knobs(), to_day(Knobs().decision_date)) == pytest.approx(1.0)


def test_every_knob_has_unit_source_and_meaning_and_keeps_its_own_bounds() -> None:
    for field in dataclasses.fields(Knobs):
        about = METAS[field.name]
        assert about.unit
        assert about.source
        assert about.meaning
        if about.kind in ("number", "integer") and field.default is not None:
            assert about.low <= float(str(field.default)) <= about.high, field.name


def test_inherits_and_overrides(tmp_path: Path) -> None:
    written(tmp_path, 'inherits = "one_setback"\nsetback = 4\n', "mine.toml")
    plan = load(written(tmp_path, 'inherits = "mine"\ntitle = "Ours"\nrouting_slots = 3\n'))
    assert plan.lineage == ("plan", "mine", "one_setback", "june_2020")
    assert (plan.knobs.setback, plan.knobs.steering, plan.knobs.routing_slots) == (4.0, 1.0, 3)
    assert plan.title == "Ours"


def test_units_and_words(tmp_path: Path) -> None:
    text = 'slack_weeks = "14 days"\nsetback = "drawn"\nother_sectors_open = "unknown"\nlegal_weeks = "1 year"\nscale_start = "2020-10-01"\n'
    knobs = load(written(tmp_path, text)).knobs
    assert knobs.slack_weeks == 2.0
    assert knobs.setback is None
    assert knobs.other_sectors_open is None
    assert knobs.legal_weeks == pytest.approx(365.25 / 7)
    assert knobs.scale_start == date(2020, 10, 1)
    assert to_date(plan_of(knobs).mandate_plan) == date(2021, 1, 18)


WRONG = [
    ("setbak_p = 0.3", "plan.toml: setbak_p: no such knob; did you mean setback_p?"),
    ("setback_p = 1.5", "plan.toml: setback_p: found 1.5, expected 0 to 1 probability"),
    ('slack_weeks = "3 miles"', 'plan.toml: slack_weeks: found "3 miles", expected a number of weeks'),
    ('setback_p = "3 weeks"', 'plan.toml: setback_p: found "3 weeks", expected a number of probability'),
    ('scale_start = "2020-02-30"', 'plan.toml: scale_start: found "2020-02-30", expected a date YYYY-MM-DD'),
    ("scale_start = 7", "plan.toml: scale_start: found 7, expected a date YYYY-MM-DD"),
    ('mandate_plan = "soon"', 'plan.toml: mandate_plan: found "soon", expected a date YYYY-MM-DD or "slack before the freeze"'),
    ("mandate_plan = 2019-01-01", "plan.toml: mandate_plan: plans going live before the run starts on 2020-01-01"),
    ("scale_start = 2020-05-01", "plan.toml: scale_start: lies before routing_ready (2020-06-08)"),
    ('priority = "cares"', 'plan.toml: priority: found "cares", expected one of care, statutory, both; did you mean care?'),
    ("routing_slots = 2.5", "plan.toml: routing_slots: found 2.5, expected a whole number, 1 to 100 suppliers at once"),
    ("routing_slots = true", "plan.toml: routing_slots: found true, expected 1 to 100 suppliers at once"),
    ('freeze = ["02-30/07-01"]', "plan.toml: freeze: day is out of range for month"),
    ('freeze = ["07-01/02-01"]', "plan.toml: freeze: '07-01/02-01' ends before it begins"),
    ('freeze = ["soon"]', "plan.toml: freeze: 'soon' is no window such as 02-01/07-01 or 2021-02-01/2021-07-01"),
    ("integration_low = 9", "plan.toml: integration_low: 9 is more than integration_high (8)"),
    ('sector_order = ["gp", "gp"]', 'plan.toml: sector_order: found ["gp", "gp"], expected a list of different kinds among hospital, gp, mental, other_care'),
    ("slack_weeks = 1\nmandate_plan = 2021-01-01", "plan.toml: slack_weeks: state mandate_plan or slack_weeks, not both"),
    ('inherits = "june_2002"', "plan.toml: inherits: no such scenario 'june_2002'; did you mean june_2020?"),
    ("[objectives]\nmandate_life_p90 = 2021-02-01", "plan.toml: objectives.mandate_life_p90: no such measure; did you mean mandate_live?"),
    ("[objectives]\nmandate_live = 2021-02-01", "plan.toml: objectives.mandate_live: expected a measure and a quantile, such as mandate_live_p90"),
    ("[objectives]\nconnected_p50 = 5", "plan.toml: objectives.connected_p50: expected on = a date"),
    ("[objectives]\nconnected_p50 = { least = 5, on = 2050-12-31 }", "plan.toml: objectives.connected_p50: 2050-12-31 lies outside the run, 470 weeks from 2020-01-01"),
    ("x = [", "plan.toml: not TOML: "),
    ("scale_start = 2020-02-30", "plan.toml: scale_start: not TOML: Invalid date"),
    ('slack_weeks = "4 wekn"', 'plan.toml: slack_weeks: found "4 wekn", expected a number of weeks; did you mean weeks?'),
    ("hospitals = 0\ngp_practices = 0\nmental_care = 0\nother_care = 0", "plan.toml: hospitals: there is no care provider at all"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), WRONG)
def test_what_is_wrong_is_one_line_with_file_and_key(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError) as wrong:
        load(written(tmp_path, text))
    assert str(wrong.value).startswith(sentence)
    assert "\n" not in str(wrong.value)


def test_a_circle_of_scenarios_is_an_error(tmp_path: Path) -> None:
    written(tmp_path, 'inherits = "b"', "a.toml")
    written(tmp_path, 'inherits = "a"', "b.toml")
    with pytest.raises(ScenarioError, match="inherits from itself"):
        load(str(tmp_path / "a.toml"))


def test_digest_follows_every_knob_but_the_number_of_runs() -> None:
    june = load("june_2020")
    assert june.changed(replications=5).digest == june.digest
    assert june.changed(seed=5).digest != june.digest
    assert june.changed(fte_week_cost=1.0).digest != june.digest


def test_windows_that_touch_are_one() -> None:
    found = windows(("02-01/05-01", "05-10/06-01"), first_year=2021, last_year=2022, remobilise_weeks=2.0)
    assert [(to_date(w.begin), to_date(w.end), to_date(w.resumes)) for w in found] == [
        (date(2021, 2, 1), date(2021, 6, 1), date(2021, 6, 15)),
        (date(2022, 2, 1), date(2022, 6, 1), date(2022, 6, 15)),
    ]


@pytest.mark.parametrize(("total", "parts"), [(5_028, 40), (5, 8), (1, 1), (0, 3), (50_000, 60)])
def test_zipf_gives_every_customer_a_supplier(total: int, parts: int) -> None:
    customers = zipf(total, parts, 1.1)
    assert customers.sum() == total
    assert (customers >= 1).all()
    assert (customers[:-1] >= customers[1:]).all()


def test_universal_scalability_law() -> None:
    # simulation.md chapter 2: alpha 0.06, beta 0.0008 has its peak near 34
    best = max(range(1, 100), key=lambda n: usl(n, 0.06, 0.0008))
    assert best == 34
    assert usl(1.0, 0.5, 0.5) == 1.0


def test_measures_of_objectives_are_names_that_a_result_has() -> None:
    assert {"connected", "mandate_live", "excluded_person_weeks", "pgo_ready"} <= set(MEASURES)

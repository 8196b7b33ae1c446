"""Results: same bytes whatever ran them, files, verdicts, intervals, sensitivity, choices."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from simulator import sensitivity
from simulator.choosing import choose
from simulator.demand import BY_PEOPLE, EVENTS, HOURS_PER_WEEK, events_per_hour, week_shape
from simulator.events.engine import simulate
from simulator.objectives import judge, objective_of
from simulator.running import BATCH, run, run_until
from simulator.scenario import Scenario, load
from simulator.timeline import to_day
from simulator.writing import TABLES, write

SMALL = load("june_2020").changed(gp_practices=300, gp_suppliers=12, horizon_weeks=260)
RUNS = BATCH + 60
MACHTIGEN = (sys.executable, "-c", "from server.cli import main; main()")


def written(scenario: Scenario, folder: Path, executor: Executor | None = None) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in write(run(scenario, RUNS, executor=executor), folder)}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(SMALL, tmp_path_factory.mktemp("here"))


def test_twice_the_same_bytes(here: dict[str, bytes], tmp_path: Path) -> None:
    assert written(SMALL, tmp_path) == here


def test_in_another_process_the_same_bytes(tmp_path: Path) -> None:
    command = [*MACHTIGEN, "simulate", "one_setback", "--runs", "40", "--out"]
    for folder in ("a", "b"):
        subprocess.run(
            [*command, str(tmp_path / folder)], check=True, capture_output=True, cwd=Path(__file__).parents[2]
        )
    for table in TABLES:
        assert (tmp_path / "a" / f"{table}.csv").read_bytes() == (tmp_path / "b" / f"{table}.csv").read_bytes()


def test_processes_and_threads_give_the_same_bytes(here: dict[str, bytes], tmp_path: Path) -> None:
    with ProcessPoolExecutor(2) as processes:
        assert written(SMALL, tmp_path / "processes", processes) == here
    with ThreadPoolExecutor(2) as threads:
        assert written(SMALL, tmp_path / "threads", threads) == here


@pytest.fixture
def dask() -> Iterator[tuple[Executor, str]]:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client.get_executor(), cluster.scheduler_address


def test_a_dask_cluster_gives_the_same_bytes(
    dask: tuple[Executor, str], here: dict[str, bytes], tmp_path: Path
) -> None:
    executor, address = dask
    assert written(SMALL, tmp_path / "dask", executor) == here
    command = [*MACHTIGEN, "simulate", "one_setback", "--runs", "600", "--out"]
    for folder, more in (("there", ["--dask", address]), ("here", ["--executor", "here"])):
        root = Path(__file__).parents[2]
        subprocess.run(
            [*command, str(tmp_path / folder), *more], check=True, capture_output=True, cwd=root, timeout=120
        )
    for table in TABLES:
        assert (tmp_path / "there" / f"{table}.csv").read_bytes() == (tmp_path / "here" / f"{table}.csv").read_bytes()


def test_files_say_what_they_are_of(here: dict[str, bytes], tmp_path: Path) -> None:
    first = here["milestones.csv"].split(b"\n", 1)[0].decode()
    assert first.startswith(f"# scenario june_2020; hash {SMALL.digest}; seed {SMALL.knobs.seed}; replications {RUNS}")
    assert json.loads(here["result.json"])["hash"] == SMALL.digest
    path = tmp_path / "milestones.parquet"
    path.write_bytes(here["milestones.parquet"])
    table = parquet.read_table(path)
    assert table.schema.metadata[b"hash"].decode() == SMALL.digest
    assert table.num_rows == RUNS
    assert table.column("mandate_live")[0].as_py() >= date(2021, 1, 25)
    assert here["milestones.csv"].count(b"\n") == RUNS + 2


def test_unknown_dates_are_null_not_a_day(here: dict[str, bytes]) -> None:
    found = json.loads(here["result.json"])["milestones"]["first_other_sector"]
    assert found["known"] is False
    assert found["p50"] is None


def test_bands_are_in_order_and_agree_with_the_milestones() -> None:
    result = run(SMALL, 200)
    for name, bands in result.bands.items():
        assert (np.diff(bands, axis=1) >= 0.0).all(), name
    for week in (40, 60, 100):
        live = (result.milestones["mandate_live"] <= result.grid[week]).mean()
        assert (result.bands["pgo_ready"][week, 0] > 0.0) == (live > 0.9)


def test_objectives_give_a_verdict() -> None:
    asked = {
        "mandate_live_p25": (date(2021, 2, 28), True),
        "mandate_live_p90": (date(2021, 2, 28), False),
        "connected_p50": ({"least": 100, "on": date(2022, 12, 31)}, True),
        "connected_p10": ({"most": 100, "on": date(2022, 12, 31)}, False),
        "excluded_person_weeks_p90": (1e12, True),
        "first_other_sector_p50": (date(2030, 1, 1), False),
    }
    objectives = tuple(objective_of(key, wish, "") for key, (wish, _) in asked.items())
    result = run(Scenario("x", "", SMALL.knobs, objectives, ("x",)), 100)
    found = {objective.key: judge(objective, result).met for objective in objectives}
    assert found == {key: met for key, (_, met) in asked.items()}
    assert [verdict.met for verdict in result.verdicts()] == list(found.values())


def test_runs_until_the_interval_is_narrow_enough() -> None:
    wide = run(SMALL, 1_000).half_width("cost_euro")
    result = run_until(SMALL, "cost_euro", wide / 1.8)
    assert result.half_width("cost_euro") <= wide / 1.8
    assert 1_000 < result.replications <= 8_000
    assert run_until(SMALL, "cost_euro", 1e-9, most=1_500).replications == 1_500


def test_antithetic_draws_narrow_the_interval() -> None:
    plain = run(SMALL.changed(incident_rate=0.0), 1_000, detail=False)
    paired = run(SMALL.changed(incident_rate=0.0, antithetic=True), 1_000, detail=False)
    assert paired.half_width("integration_fte_weeks") < 0.5 * plain.half_width("integration_fte_weeks")


def test_common_random_numbers_narrow_a_difference() -> None:
    # simulation.md 5.6: "2 slots versus 3 slots" in weeks to 90 %
    two, three = (run(SMALL.changed(routing_slots=slots), 400, detail=False).milestones["login_90"] for slots in (2, 3))
    other = run(SMALL.changed(routing_slots=3, seed=99), 400, detail=False).milestones["login_90"]
    assert np.var(two - three) < 0.6 * np.var(two - other)


def test_setback_size_hardly_matters_its_chance_does() -> None:
    # simulation.md 5.7: that is the cliff of statement 46
    found = sensitivity.sobol(SMALL.knobs)
    assert found.points == 448
    for measure in ("excluded_person_weeks", "mandate_live_week"):
        figures = found.figures[measure]
        assert figures["setback_mean"]["total"] < figures["setback_p"]["total"] / 3.0
    assert found.ranked("weeks_to_90_login")[0][0] == "routing_slots"


def test_morris_finds_the_same_order() -> None:
    found = sensitivity.morris(SMALL.knobs)
    assert found.points == 120
    assert found.ranked("mandate_live_week")[0][0] == "setback_p"
    assert found.figures["mandate_live_week"]["routing_slots"]["mu_star"] == 0.0


def test_points_together_are_as_points_alone() -> None:
    names = list(sensitivity.FACTORS)
    points = np.array([[2_600, 2, 7.0, 0.3, 4.0], [2_600, 2, 9.0, 0.6, 8.0], [4_000, 3, 7.0, 0.3, 4.0]])
    together = sensitivity.evaluate(SMALL.knobs, names, points)
    for index, point in enumerate(points):
        alone = sensitivity.evaluate(SMALL.knobs, names, point[None, :])
        for measure, values in alone.items():
            assert values[0] == together[measure][index]


def test_choosing_shows_the_regret() -> None:
    choice = choose(SMALL, "enforcement", replications=100)
    assert choice.options[0].value == "with_mandate"
    assert choice.options[0].regret == 0.0
    assert choice.options[1].regret == pytest.approx(choice.options[1].mean)
    slots = choose(SMALL, "slots", measure="login_90", replications=100)
    assert slots.options[0].value == 8
    means = [option.mean for option in slots.options]
    assert means == sorted(means)
    assert all(option.regret >= 0.0 for option in slots.options)


def test_what_is_written_adds_up() -> None:
    scenario = SMALL.changed(counter_servers=20, legal_weeks=10.0, priority="both", adoption_sigma=0.0)
    result = run(scenario, 50)
    events, means = result.events_per_week, result.means
    registered = means["registered_low_skilled"] + means["registered_others"]
    assert events["mandates_activated"][:-1].sum() == pytest.approx(registered[-1] - registered[0])
    # whoever asked has a mandate, waits or gave up; with so few counters many did
    last = simulate(scenario.knobs, 0).citizens[SMALL.knobs.horizon_weeks]
    gave_up = float(last.gave_up[0])
    assert gave_up > 0.2 * registered[-1]
    asked = events["mandates_requested"][:-1].sum()
    assert asked == pytest.approx(registered[-1] + float(last.waiting[0]) + gave_up, rel=1e-4)
    assert events["mandates_withdrawn"][100] == pytest.approx(registered[100] * 0.09 * 7 / 365.25)
    stages = means["login"] + means["pgo_ready"] + means["direct"]
    assert events["providers_advanced"][:-1].sum() == pytest.approx(stages[-1] - stages[0])
    # before clerks enter anything: 60,000 rulings a year, and two facts for each of 461 deaths a day
    assert means["register_coverage"][10] == 0.0 < means["register_coverage"][-1]
    assert events["register_facts"][10] == pytest.approx(60_000 * 7 / 365.25 + 2 * 7 * 461)
    assert events["register_facts"].max() > events["register_facts"][10] + 2_000
    for name in EVENTS:
        by_hour = [events_per_hour(SMALL.knobs, name, 1_680.0, hour) for hour in range(HOURS_PER_WEEK)]
        assert sum(by_hour) == pytest.approx(1_680.0)
        assert (by_hour[3] > 0.0) == (name in BY_PEOPLE)


def test_demand_is_written_for_load_tests(here: dict[str, bytes]) -> None:
    head = here["demand.csv"].split(b"\n", 2)[1].decode().replace('"', "").split(",")
    assert head == ["week", "hour", "decisions_per_second", *(f"{name}_per_hour" for name in EVENTS)]
    assert here["demand.csv"].count(b"\n") == 2 + 168 * len(range(0, SMALL.knobs.horizon_weeks + 1, 13))


def test_demand_has_the_mean_and_peak_that_it_says() -> None:
    shape = week_shape(5.0)
    assert len(shape) == HOURS_PER_WEEK
    assert shape.mean() == pytest.approx(1.0)
    assert shape.max() == pytest.approx(5.0, rel=1e-6)
    result = run(SMALL, 50)
    week = int((to_day(date(2024, 1, 1)) - result.grid[0]) // 7)
    rates = [result.decisions_per_second(week, hour) for hour in range(HOURS_PER_WEEK)]
    people = 198 * 30_000 + 300 * 3_200 + 51 * 5_000 + 126 * 1_000
    connected = result.means["pgo_ready"][week] / 675
    assert sum(rates) / len(rates) == pytest.approx(people * connected * 2 / (365.25 * 86_400), rel=1e-9)
    assert result.decisions_per_second(10, 10) == 0.0

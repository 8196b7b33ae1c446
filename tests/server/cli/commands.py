"""Run `machtigen` as a person does, in a process of its own; or, where that would only take time, in this one."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from server.cli import main
from tests.server.asking import MACHTIGEN, SECONDS_MAX

FULL = Path("/dev/full")


class Told(NamedTuple):
    """Exit status, standard output, standard error."""

    status: int
    out: str
    err: str


def machtigen(*arguments: str, stdin: bytes = b"", **variables: str) -> Told:
    """What it says and how it ends. Nobody ever sees a stack trace."""
    done = subprocess.run(
        [MACHTIGEN, *arguments],
        input=stdin,
        capture_output=True,
        env=os.environ | variables,
        timeout=SECONDS_MAX,
        check=False,
    )
    told = Told(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in told.out + told.err, told.err
    return told


def here(*arguments: str, stdin: bytes = b"") -> Told:
    """As `machtigen`, in this process."""
    with pytest.MonkeyPatch.context() as patch, CliRunner().isolation(input=stdin) as (out, err, _):
        patch.setattr("sys.argv", ["machtigen", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        status = ended.value.code
        assert isinstance(status, int)
        return Told(status, out.getvalue().decode(), err.getvalue().decode())


def refused(told: Told) -> str:
    """The one line of bad input or wrong use."""
    assert told.status == 2, told
    assert told.out == ""
    (line,) = told.err.splitlines()
    return line

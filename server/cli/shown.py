"""What a person is shown to type: paths from here, and this very command."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path


def short(path: Path) -> str:
    """From here, where that is shorter."""
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)


def machtigen() -> str:
    """`machtigen`, or its path where a shell would not find it (`make demo` from outside the environment)."""
    started = Path(sys.argv[0])
    if shutil.which("machtigen") or started.name != "machtigen":
        return "machtigen"
    return shlex.quote(short(started.absolute()))

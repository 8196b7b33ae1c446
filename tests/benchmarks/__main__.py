"""`make bench`: run the benchmarks one after another and write what they measured to docs/performance.md.

Each `bench_*.py` beside this file is a program of its own that prints one Markdown section on standard output (its
progress goes to standard error). Here each runs in a fresh process on one core, and its section replaces the one of
the same name in the page, so that `make bench ARGS=decide` renews that one alone.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
PAGE = ROOT / "docs/performance.md"
HEAD = """# Performance

Written by `make bench`; each section says on what it was measured. Figures are CPU time of the process itself (user and
system) unless a line says otherwise, since other work may share the machine: compare ratios in one run, not times
across runs.
"""


def sections(page: str) -> dict[str, str]:
    """The page's sections by the name of the benchmark that wrote them."""
    parts = re.split(r"^<!-- (bench_\w+) -->\n", page, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (text.strip() for text in parts[2::2]), strict=True))


def measured(program: Path) -> str:
    """What one benchmark prints, with the date and machine that it ran on."""
    done = subprocess.run([sys.executable, str(program)], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    on = f"{os.cpu_count()} cores, Python {platform.python_version()}, machtigen {version('machtigen')}"
    return f"{done.stdout.strip()}\n\n*Measured {datetime.now(UTC):%Y-%m-%d} on {on}.*"


def main(wanted: list[str]) -> int:
    """Run those whose name contains one of the words, or all; exit status 1 if one failed."""
    programs = sorted(HERE.glob("bench_*.py"))
    chosen = [p for p in programs if not wanted or any(word in p.stem for word in wanted)]
    if not chosen:
        print(f"no such benchmark; there are {', '.join(p.stem[6:] for p in programs)}", file=sys.stderr)
        return 2
    page = sections(PAGE.read_text(encoding="utf-8")) if PAGE.exists() else {}
    failed = []
    for program in chosen:
        print(f"{program.stem} …", file=sys.stderr, flush=True)
        try:
            page[program.stem] = measured(program)
        except subprocess.CalledProcessError:
            failed.append(program.stem)
    body = "\n\n".join(f"<!-- {name} -->\n{page[name]}" for name in sorted(page))
    PAGE.write_text(f"{HEAD}\n{body}\n", encoding="utf-8")
    for name in failed:
        print(f"{name} failed", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

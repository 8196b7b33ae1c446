"""`machtigen export`: facts out."""

from __future__ import annotations

import gzip
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import zstandard

from graph.exporting import Exported, export_facts
from graph.ledger import Ledger
from server.cli.examples import examples
from server.cli.options import graph_option, told_progress, with_ledger


@click.command(
    epilog=examples("machtigen export -o facts.jsonl.zst", "machtigen export | machtigen import - --graph copy")
)
@graph_option
@click.option("--output", "-o", default="-", metavar="FILE", help="Default: standard output. Packed by .gz or .zst.")
def command(graph: str, output: str) -> None:
    """Write every fact as JSON Lines, in the ledger's order; what it writes can be imported."""

    async def work(ledger: Ledger) -> Exported:
        with opened(output) as write, told_progress(quiet=output == "-") as told:
            return await export_facts(ledger, write, progress=lambda done, total: told("writing", done, total))

    done = with_ledger(graph, work, read_only=True, whole=True)
    if done.left_out:
        versions, each = ("version", "it") if done.left_out == 1 else ("versions", "each")
        click.echo(f"{done.left_out:,} {versions} left out: another of the very same instant replaced {each}", err=True)
    if output != "-":
        click.echo(f"{done.facts:,} facts written, as of {done.as_of}", err=True)


@contextmanager
def opened(output: str) -> Iterator[Callable[[bytes], object]]:
    """A function that writes bytes. A file gets its name only when it is complete."""
    if output == "-":
        stream = sys.stdout.buffer
        yield stream.write
        stream.flush()
        return
    path = Path(output)
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=0) as packed:
                    yield packed.write
            elif path.suffix == ".zst":
                with zstandard.ZstdCompressor(write_checksum=True).stream_writer(file, closefd=False) as writer:
                    yield writer.write
            else:
                yield file.write
        part.replace(path)
    except OSError as wrong:
        raise click.ClickException(f"{output}: cannot be written: {wrong.strerror}") from None
    finally:
        part.unlink(missing_ok=True)

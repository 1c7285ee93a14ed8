"""The command `sharedtable`."""

from __future__ import annotations

import sys

import typer

from sharedtable.cli import operate
from sharedtable.cli.archive import app as archive
from sharedtable.cli.facts import app as facts
from sharedtable.cli.fanout import fanout
from sharedtable.cli.output import notices
from sharedtable.cli.serve import serve
from sharedtable.cli.users import app as users
from sharedtable.errors import Refused

app = typer.Typer(
    help="Software for industry-led sector partnerships.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
)
app.command()(serve)
app.add_typer(archive, name="archive")
app.command()(fanout)
app.add_typer(facts, name="facts")
app.add_typer(users, name="users")
operate.add_to(app)


@app.callback()
def _root() -> None:
    """Software for industry-led sector partnerships."""


def main() -> None:
    """Run the command line. Exit code 0: done; 1: refused, in a sentence; 2: the command was not understood."""
    try:
        app()
    except Refused as refusal:
        notices().print(f"[bold red]Refused:[/] {refusal}", markup=True)
        sys.exit(1)
    except BrokenPipeError:  # the reader of a pipe has seen enough
        sys.stderr.close()
        sys.exit(0)

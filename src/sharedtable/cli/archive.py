"""`sharedtable archive`: everything of a team in one file, and a team from such a file."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer

from sharedtable.cli.output import notices
from sharedtable.errors import Refused

app = typer.Typer(
    help="Everything of a team in one ZIP that can be read without this software, and a new team from such a ZIP.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
Folder = Annotated[Path | None, typer.Option(help="Folder of facts and database, else SHAREDTABLE_DATA, else ./var.")]


@app.command("out")
def out_command(
    space: Annotated[str, typer.Argument(help="The team, as it stands in its address: ohio for /s/ohio/.")],
    out: Annotated[Path | None, typer.Option(help="The file to write. Left out: a name with team and date.")] = None,
    with_confidences: Annotated[
        bool,
        typer.Option("--with-confidences", help="Also what was said in confidence, to move the whole to another host."),
    ] = False,
    store: Folder = None,
) -> None:
    """Write everything of a team into one ZIP.

    Example: `sharedtable archive out ohio`
    """
    _start(store, migrates=False)
    from sharedtable.accounts.actors import Actor
    from sharedtable.archive.actions import take_for_operator

    taken = take_for_operator(
        by=Actor("operator", is_operator=True), slug=space, with_confidences=with_confidences
    )  # fmt: skip
    path = out or Path(taken.name)
    beside = path.with_name(f".{path.name}.part")
    try:
        with taken.file as file, os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as made:
            shutil.copyfileobj(file, made, 1 << 20)
        beside.replace(path)
    except OSError as problem:
        beside.unlink(missing_ok=True)
        raise Refused(f"The file {path} cannot be written: {problem.strerror}.") from problem
    rows = sum(one["rows"] for one in taken.manifest["tables"].values())
    notices().print(f"Wrote {path}: {rows:,} rows, {taken.size:,} bytes. Only you can read it; keep it so.")


@app.command("in")
def in_command(
    file: Annotated[Path, typer.Argument(help="The ZIP that `archive out`, or the page, wrote.")],
    slug: Annotated[str, typer.Option(help="The address of the new team. Left out: the one it had.")] = "",
    name: Annotated[str, typer.Option(help="What the new team is called. Left out: as it was.")] = "",
    store: Folder = None,
) -> None:
    """Make a new team of an archive: whole or not at all. What is there already is not touched.

    Example: `sharedtable archive in sharedtable-ohio-2026-11-28.zip`
    """
    _start(store, migrates=True)
    from sharedtable.accounts.actors import Actor
    from sharedtable.archive.actions import bring_in

    brought = bring_in(file, by=Actor("operator", is_operator=True), slug=slug, name=name)
    notices().print(f"{brought.space.name} is here, at /s/{brought.space.slug}/: {sum(brought.rows.values()):,} rows.")
    notices().print("Its people sign in with a code that is mailed to them, as before.")


def _start(store: Path | None, *, migrates: bool) -> None:
    folder = (store or Path(os.environ.get("SHAREDTABLE_DATA") or "var")).expanduser().absolute()
    os.environ["SHAREDTABLE_DATA"] = str(folder)
    os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
    import django
    from django.core.management import call_command
    from django.db import DatabaseError, connection

    django.setup()
    if migrates:
        call_command("migrate", interactive=False, verbosity=0)
        return
    try:
        known = "accounts_space" in connection.introspection.table_names()
    except DatabaseError:
        known = False
    if not known:
        raise Refused(f"There is no record in {folder}. Name the folder with --store.")

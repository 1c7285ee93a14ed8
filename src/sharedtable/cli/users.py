"""`sharedtable users`: who has an account and which roles, from the console of the machine. Each change is recorded."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sharedtable.cli.output import Format, emit, notices
from sharedtable.errors import Missing

if TYPE_CHECKING:
    from sharedtable.accounts.actors import Actor
    from sharedtable.accounts.models import User

app = typer.Typer(help="Who has an account, and which roles.", no_args_is_help=True)

Folder = Annotated[
    Path | None, typer.Option("--store", help="Folder of the database, else SHAREDTABLE_DATA, else ./var.")
]
Team = Annotated[str, typer.Option("--team", help="Short name of the team; not needed when there is one.")]
Address = Annotated[str, typer.Argument(help="Mail address.")]


def _open(store: Path | None) -> None:
    if store is not None:
        os.environ["SHAREDTABLE_DATA"] = str(store.expanduser().absolute())
    os.environ["DJANGO_SETTINGS_MODULE"] = "sharedtable.config.settings"
    import django

    django.setup()


def _operator(team: str) -> Actor:
    """The person at the console, as administrator of a team."""
    from sharedtable.accounts.actors import Actor
    from sharedtable.accounts.models import Role
    from sharedtable.accounts.queries import space_named

    return Actor("operator", space=space_named(team), roles=frozenset({Role.ADMIN.value}))


def _user(email: str) -> User:
    from sharedtable.accounts.queries import user_of_address

    user = user_of_address(email)
    if user is None:
        raise Missing(f"Nobody here has the address {email}. List everybody: sharedtable users list")
    return user


@app.command("list")
def list_users(
    store: Folder = None,
    form: Annotated[Format, typer.Option("--format", help="How the answer leaves.")] = Format.table,
) -> None:
    """Every account with its roles."""
    _open(store)
    from sharedtable.accounts.queries import everybody

    columns = [("email", "address"), ("name", "name"), ("roles", "roles"), ("second_step", "second step")]
    emit({"rows": everybody()}, form=form, title="Accounts", shown=columns, out=None)


@app.command()
def add(
    email: Address,
    name: Annotated[str, typer.Option(help="Name of the person.")],
    role: Annotated[
        str, typer.Option(help="admin, convener, economist, adviser or state; agency staff are added on the page Team.")
    ],
    team: Team = "",
    store: Folder = None,
) -> None:
    """Add somebody to a team and invite them by mail."""
    _give(email, name, role, team, None, store)


@app.command()
def grant(
    email: Address,
    role: Annotated[str, typer.Option(help="admin, convener, economist, adviser or state.")],
    team: Team = "",
    until: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Last day of the role.")] = None,
    store: Folder = None,
) -> None:
    """Give a role to somebody who has an account."""
    _open(store)
    _give(email, _user(email).name, role, team, until.date() if until else None, store)


def _give(email: str, name: str, role: str, team: str, until: date | None, store: Path | None) -> None:
    _open(store)
    from sharedtable.accounts.actions import NewGrant, give_role

    made = give_role(by=_operator(team), new=NewGrant(email, name, role, until))
    notices().print(f"{made.user.email} is now {made.role} of {made.space.name}. The invitation waits in the outbox.")


@app.command()
def revoke(
    email: Address,
    role: Annotated[str, typer.Option(help="The role to end; without it every role in the team.")] = "",
    team: Team = "",
    store: Folder = None,
) -> None:
    """End roles of somebody, at once."""
    _open(store)
    from sharedtable.accounts.actions import revoke_grant
    from sharedtable.accounts.queries import grants_of

    by = _operator(team)
    found = [one for one in grants_of(by, _user(email)) if not role or one.role == role]
    if not found:
        raise Missing(f"{email} has no such role in {by.space}.")
    for one in found:
        revoke_grant(by=by, grant=one)
        notices().print(f"{email} is no longer {one.role} of {by.space}.")


@app.command("sign-in")
def sign_in(
    email: Address,
    forget_second_step: Annotated[
        bool, typer.Option("--forget-second-step", help="Also remove their app, passkeys and recovery codes.")
    ] = False,
    store: Folder = None,
) -> None:
    """Make a one-time link for somebody whose mail does not work. It lasts 30 minutes."""
    _open(store)
    from sharedtable.accounts.actions import make_sign_in_token

    link = make_sign_in_token(user=_user(email), forget_second_factor=forget_second_step)
    notices().print("Give this link to that person alone. It works once, within 30 minutes:")
    sys.stdout.write(f"{link}\n")

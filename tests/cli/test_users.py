"""`sharedtable users`: the console adds, ends and lets in, and each of it is in the record."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from sharedtable.accounts.models import ConsoleToken, Grant, User
from sharedtable.cli.users import app
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter

run = CliRunner()


def call(*words: str) -> str:
    """Runs the command; gives what it printed, and lets a refusal through."""
    done = run.invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def test_list_shows_everybody_with_their_roles(cast):
    import json

    rows = {row["email"]: row for row in json.loads(call("list", "--format", "json"))["rows"]}
    assert rows["convener@ohio.example"]["roles"] == "convener of ohio"
    assert rows["convener@ohio.example"]["second_step"] is True
    assert rows["stranger@example.org"]["roles"] == "–"


def test_add_invites_and_revoke_ends(cast):
    call("add", "new@ohio.example", "--name", "Nia", "--role", "economist", "--team", "ohio")
    assert Letter.objects.get(kind="invitation").to_address == "new@ohio.example"
    call("grant", "new@ohio.example", "--role", "adviser", "--team", "ohio", "--until", "2099-12-31")
    call("revoke", "new@ohio.example", "--role", "economist", "--team", "ohio")
    live = Grant.objects.filter(user__email="new@ohio.example", revoked_at=None)
    assert [grant.role for grant in live] == ["adviser"]
    verbs = Entry.objects.filter(by="operator", kind="grant").values_list("verb", flat=True)
    assert list(verbs) == ["grant.give", "grant.give", "grant.revoke"]


def test_an_unknown_team_person_or_role_is_told_in_a_sentence(cast):
    with pytest.raises(Missing, match="maine, ohio"):
        call("add", "x@x.example", "--name", "X", "--role", "adviser")
    with pytest.raises(Missing, match="Nobody here"):
        call("grant", "x@x.example", "--role", "adviser", "--team", "ohio")
    with pytest.raises(Refused, match="one of the roles"):
        call("add", "x@x.example", "--name", "X", "--role", "king", "--team", "ohio")
    with pytest.raises(Refused, match="last administrator"):
        call("revoke", "admin@ohio.example", "--team", "ohio")


def test_a_one_time_link_is_kept_as_a_hash_and_recorded(cast):
    link = call("sign-in", "adviser@ohio.example").strip().splitlines()[-1]
    token = link.rsplit("/", 1)[1]
    assert ConsoleToken.objects.get().token_hash != token
    assert not any(token in str(value) for value in Entry.objects.values_list("details", flat=True))
    assert Entry.objects.filter(verb="user.sign_in_link", by="operator").count() == 1
    User.objects.filter(email="adviser@ohio.example").update(is_active=False)
    with pytest.raises(Missing):
        call("sign-in", "adviser@ohio.example")

"""Everything out and in again: the same rows under new keys, in a new space, and nothing of anybody else."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from sharedtable.accounts.actors import Actor, actor_of_user
from sharedtable.accounts.models import Grant, LinkAct, PersonalLink, Space, User
from sharedtable.archive.actions import Taken, bring_in, take_for_operator, take_own, take_space
from sharedtable.archive.tables import left_out, named_by, ours, tables
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.ledger.suppressions import is_suppressed
from sharedtable.people.models import Organisation, Person, Tie
from tests.archive.full import SECRET_OF, confident, filled, portrait
from tests.cast import Cast

OPERATOR = Actor("operator", is_operator=True)


@pytest.fixture
def full(cast: Cast) -> Cast:
    return filled(cast)


def kept(taken: Taken, folder: Path, name: str = "a.zip") -> Path:
    path = folder / name
    with taken.file as file:
        path.write_bytes(file.read())
    assert path.stat().st_size == taken.size
    return path


def texts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def test_a_space_comes_back_row_for_row_under_new_keys(full: Cast, tmp_path: Path) -> None:
    taken = take_for_operator(by=OPERATOR, slug="ohio", with_confidences=True)
    before = portrait(full.ohio.space, confidences=True)
    other = portrait(full.maine.space, confidences=True)
    brought = bring_in(kept(taken, tmp_path), by=OPERATOR, slug="ohio-2", name="Central Ohio team, moved")
    assert portrait(brought.space, confidences=True) == before
    assert portrait(full.ohio.space, confidences=True) == before
    assert portrait(full.maine.space, confidences=True) == other
    assert brought.space.name == "Central Ohio team, moved"
    assert all(before.values()), "every table has rows, so that the comparison says something"


def test_what_the_administrator_takes_comes_back_but_for_what_was_said_in_confidence(
    full: Cast, tmp_path: Path
) -> None:
    # Whoever administers the team here is its convener too, as the first person of a team is.
    Grant.objects.create(
        user=full.ohio.users["admin"],
        space=full.ohio.space,
        role="convener",
        granted_by="test",
        granted_at=timezone.now(),
    )
    taken = take_space(by=full.ohio.actor("admin"), space=full.ohio.space)
    brought = bring_in(kept(taken, tmp_path), by=OPERATOR, slug="ohio-2")
    assert confident(portrait(brought.space)) == confident(portrait(full.ohio.space))
    assert not Tie.objects.filter(space=brought.space).exclude(note="").exists()


def test_who_only_administers_takes_no_private_notes_of_conveners_along(full: Cast, tmp_path: Path) -> None:
    notes = set(Person.objects.filter(space=full.ohio.space).exclude(notes="").values_list("notes", flat=True))
    assert notes
    everything = b"".join(
        texts(kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path)).values()
    )
    assert [note for note in notes if note.encode() in everything] == []


def test_a_second_round_gives_the_same_as_the_first(full: Cast, tmp_path: Path) -> None:
    one = take_for_operator(by=OPERATOR, slug="ohio", with_confidences=True)
    bring_in(kept(one, tmp_path, "1.zip"), by=OPERATOR, slug="second")
    two = take_for_operator(by=OPERATOR, slug="second", with_confidences=True)
    third = bring_in(kept(two, tmp_path, "2.zip"), by=OPERATOR, slug="third").space
    assert portrait(third, confidences=True) == portrait(full.ohio.space, confidences=True)


def test_a_fresh_installation_gets_its_users_back_with_their_roles(full: Cast, tmp_path: Path) -> None:
    path = kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path)
    address = full.ohio.users["convener"].email
    User.objects.filter(email=address).update(email="moved@elsewhere.example")
    space = bring_in(path, by=OPERATOR, slug="new").space
    user = User.objects.get(email=address)
    assert user.pk != full.ohio.users["convener"].pk
    assert actor_of_user(user, "new").may("people.see")
    assert not user.has_usable_password()
    college = Organisation.objects.get(space=space, name=full.ohio.college.name)
    assert Grant.objects.get(space=space, role="agency").agency_id == college.pk


def test_no_way_in_and_no_letter_comes_along(full: Cast, tmp_path: Path) -> None:
    links, acts, letters = PersonalLink.objects.count(), LinkAct.objects.count(), Letter.objects.count()
    path = kept(take_for_operator(by=OPERATOR, slug="ohio", with_confidences=True), tmp_path)
    everything = b"".join(texts(path).values())
    for link in PersonalLink.objects.all():
        assert link.token_hash.encode() not in everything
    brought = bring_in(path, by=OPERATOR, slug="new")
    assert (PersonalLink.objects.count(), LinkAct.objects.count(), Letter.objects.count()) == (links, acts, letters)
    assert set(left_out()) >= {"accounts.personallink", "accounts.linkact", "ledger.suppression"}
    assert Entry.objects.get(space_id=brought.space.pk, verb="archive.in").by == "operator"


def test_who_wants_no_mail_gets_none_after_the_move_either(full: Cast, tmp_path: Path, settings) -> None:
    path = kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path)
    settings.SECRET_KEY = "another machine has another key"
    space = bring_in(path, by=OPERATOR, slug="new").space
    place = space.partnerships.get().pk
    assert is_suppressed(full.ohio.champion.email, space.pk)
    assert not is_suppressed(full.ohio.partner.email, space.pk)
    assert is_suppressed(full.ohio.partner.email, space.pk, place)
    assert not is_suppressed(full.ohio.chair.email, space.pk, place)


def test_only_whoever_wrote_it_in_confidence_takes_it_along(full: Cast, tmp_path: Path) -> None:
    secret = SECRET_OF.format(slug="ohio").encode()
    admin = texts(kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path))
    assert [name for name, data in admin.items() if secret in data] == []
    said = admin["README.txt"].decode("utf-8-sig")
    assert "1 value was left empty" in said and "1 row was left out" in said
    Grant.objects.filter(user=full.ohio.users["convener"]).update(role="admin")
    writer = texts(kept(take_space(by=full.ohio.actor("convener"), space=full.ohio.space), tmp_path, "b.zip"))
    assert sorted(name for name, data in writer.items() if secret in data) == [
        "csv/ledger.letter.csv", "csv/people.evidence.csv", "csv/studies.localnote.csv",
        "json/ledger.letter.json", "json/people.evidence.json", "json/studies.localnote.json",
    ]  # fmt: skip


def test_nothing_of_another_team_is_in_it(full: Cast, tmp_path: Path) -> None:
    path = kept(take_for_operator(by=OPERATOR, slug="ohio", with_confidences=True), tmp_path)
    for name, data in texts(path).items():
        for word in (b"maine", b"Harborview", b"Southern"):
            assert word not in data, name


def test_an_agency_takes_its_own_list_and_of_others_only_the_names_it_needs(full: Cast, tmp_path: Path) -> None:
    team = full.ohio
    path = kept(take_own(by=team.actor("agency")), tmp_path)
    inside = texts(path)
    people = {row["name"]: row for row in json.loads(inside["json/people.person.json"])}
    assert set(people) == {team.partner.name, team.chair.name, team.champion.name}
    assert people[team.partner.name]["email"] == team.partner.email
    assert people[team.chair.name]["email"] == people[team.champion.name]["email"] == ""
    places = {row["name"]: row for row in json.loads(inside["json/people.organisation.json"])}
    assert set(places) == {team.college.name, team.board.name}
    assert json.loads(inside["json/people.tie.json"])[0]["note"] == SECRET_OF.format(slug="ohio")
    assert {name for name in inside if "partnership" in name or "evidence" in name or "ledger" in name} == set()
    everything = b"".join(inside.values())
    assert b"private note of ohio about Casey" not in everything
    for stranger in (team.chair, team.champion):
        assert stranger.email.encode() not in everything and stranger.phone.encode() not in everything
    # It can be brought in like any other.
    space = bring_in(path, by=OPERATOR, slug="college-alone").space
    assert Person.objects.filter(space=space).count() == 3
    assert Person.objects.get(space=space, email=team.partner.email).agency.name == team.college.name


@pytest.mark.parametrize("role", ["convener", "agency", "economist", "adviser", "state"])
def test_nobody_but_the_administrator_takes_everything(full: Cast, role: str) -> None:
    with pytest.raises(Missing):
        take_space(by=full.ohio.actor(role), space=full.ohio.space)
    with pytest.raises(Missing):
        take_space(by=full.maine.actor("admin"), space=full.ohio.space)
    with pytest.raises(Missing):
        take_for_operator(by=full.ohio.actor(role), slug="ohio")
    if role in ("economist", "adviser", "state"):
        with pytest.raises(Missing):
            take_own(by=full.ohio.actor(role))


def test_a_convener_without_an_agency_is_told_so(full: Cast) -> None:
    with pytest.raises(Missing, match="do not belong to an agency"):
        take_own(by=full.ohio.actor("convener"))


def test_each_export_is_written_down_once(full: Cast) -> None:
    taken = take_space(by=full.ohio.actor("admin"), space=full.ohio.space)
    taken.file.close()
    entry = Entry.objects.get(space_id=full.ohio.space.pk, verb="archive.out")
    assert entry.details == {"level": "conveners", "rows": sum(t["rows"] for t in taken.manifest["tables"].values())}


def test_the_manifest_counts_and_sums_up_every_file_and_the_csv_says_the_same(full: Cast, tmp_path: Path) -> None:
    inside = texts(kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path))
    manifest = json.loads(inside["manifest.json"])
    assert set(manifest["files"]) | {"manifest.json"} == set(inside)
    for name, about in manifest["files"].items():
        assert about == {"bytes": len(inside[name]), "sha256": hashlib.sha256(inside[name]).hexdigest()}
    for name, about in manifest["tables"].items():
        rows = json.loads(inside[f"json/{name}.json"])
        lines = list(csv.DictReader(io.StringIO(inside[f"csv/{name}.csv"].decode("utf-8-sig"), newline="")))
        assert len(rows) == len(lines) == about["rows"]
        assert all(line["id"] == str(row["id"]) for line, row in zip(lines, rows, strict=True))
        columns = [column["name"] for column in json.loads(inside["schema.json"])[name]["columns"]]
        assert all(list(row) == columns for row in rows)
    people = inside["csv/people.membership.csv"].decode("utf-8-sig")
    assert f'"{full.ohio.chair.name}"' in people and f'"{full.ohio.company.name}"' in people
    assert b"\"'=SUM(A1)" in inside["csv/people.organisation.csv"]
    assert inside["README.txt"].startswith(b"\xef\xbb\xbf")
    assert "Next Gen Sector Partnerships" in inside["README.txt"].decode("utf-8-sig")


def test_the_readme_is_in_the_language_of_the_team(full: Cast, tmp_path: Path) -> None:
    Space.objects.filter(pk=full.ohio.space.pk).update(language="es")
    full.ohio.space.refresh_from_db()
    inside = texts(kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path))
    assert "QUÉ CONTIENE" in inside["README.txt"].decode("utf-8-sig")


def test_every_table_of_a_team_is_in_an_archive_or_known_to_stay_out() -> None:
    named = {one.name for one in tables()} | set(left_out())
    for model in ours():
        fields = {field.name for field in model._meta.local_fields}
        if fields & {"space", "space_id"}:
            assert model._meta.label_lower in named, model


def test_no_row_of_a_team_stands_in_a_table_that_the_archive_cannot_follow() -> None:
    """A table without a space that hangs on one with a space, or a many-to-many list, would stay behind unseen."""
    named = {one.name for one in tables()} | set(left_out())
    for model in ours():
        assert not model._meta.local_many_to_many, f"{model}: write the list as a model with a space"
        if model._meta.label_lower not in named:
            pointed = {f.related_model._meta.label_lower for f in model._meta.local_fields if f.is_relation}
            assert not pointed & named, f"{model} hangs on a team's rows and has no space"


def test_every_number_that_names_a_row_is_known_as_such() -> None:
    """A new room that writes `something_id` must be understood, else its pointers would break on the way."""
    labels = {one.name: one for one in tables()}
    lost = [
        f"{one.name}.{column.name}"
        for one in tables()
        if not one.is_history
        for column in one.columns
        if column.name.endswith("_id") and not column.target and not column.by_kind
        and not isinstance(column.field.default, str) and column.field.get_internal_type() != "CharField"
    ]  # fmt: skip
    assert lost == []
    assert named_by("study_id", labels) == "studies.study"
    assert named_by("agency_id", labels) == "people.organisation"


def test_a_break_in_the_last_write_leaves_no_trace(full: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path)
    spaces, people, users = Space.objects.count(), Person.objects.count(), User.objects.count()

    def broken(**_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("sharedtable.archive.actions.record", broken)
    with pytest.raises(RuntimeError):
        bring_in(path, by=OPERATOR, slug="new")
    assert (Space.objects.count(), Person.objects.count(), User.objects.count()) == (spaces, people, users)


def test_nobody_but_the_operator_brings_an_archive_in(full: Cast, tmp_path: Path) -> None:
    path = kept(take_space(by=full.ohio.actor("admin"), space=full.ohio.space), tmp_path)
    with pytest.raises(Missing):
        bring_in(path, by=full.ohio.actor("admin"), slug="new")
    with pytest.raises(Refused, match="already"):
        bring_in(path, by=OPERATOR)
    with pytest.raises(Refused, match="address of small letters"):
        bring_in(path, by=OPERATOR, slug="no good/../x")

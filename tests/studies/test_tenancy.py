"""Two teams side by side, and the installation's own: what each sees, writes and takes back."""

from __future__ import annotations

import pytest

from sharedtable.accounts.actors import VISITOR, Actor, actor_of_link
from sharedtable.accounts.links import make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.lmi.definitions import Region, Sector
from sharedtable.studies import actions, data_queries, incoming, intake, region_queries
from sharedtable.studies.actions import NewNote
from sharedtable.studies.knowledge import knowledge, titled
from sharedtable.studies.models import Definition, LocalNote, Study
from sharedtable.studies.questions import Question, region_of, sector_of
from tests.cast import Cast

OPERATOR = Actor("operator", is_operator=True)
COMMON, OHIO, MAINE = (
    Region.of("39041", "Work area"),
    Region.of("39041,39049", "Work area"),
    Region.of("23005", "Work area"),
)
PLASTICS = Sector("Making", ("3261",))
READERS = ("admin", "convener", "agency", "economist", "adviser")


def frozen(by: Actor, sha: str) -> Study:
    return actions.freeze_study(
        by=by, title=f"study of {by.ref}", question={}, answer={}, sources=[], made_on=None, file_name="f.xlsx",
        sha256=sha * 64, notes=[NewNote(f"came with {by.ref}")], region=COMMON, sector=PLASTICS,
    )  # fmt: skip


@pytest.fixture
def kept(cast: Cast) -> Cast:
    """The operator and both teams each keep a region, a sector, a note and a study, under the same names."""
    for by, region, code, sha in (
        (OPERATOR, COMMON, "3261", "0"),
        (cast.ohio.actor("economist"), OHIO, "3262", "1"),
        (cast.maine.actor("convener"), MAINE, "3252", "1"),
    ):
        actions.save_region(region, by=by)
        actions.save_sector(Sector("Making", (code,)), by=by)
        actions.add_note(
            NewNote(f"note of {by.ref}", said_by=f"somebody of {by.ref}"), by=by, region=COMMON, sector=PLASTICS
        )
        frozen(by, sha)
    return cast


def seen(by: Actor) -> dict[str, object]:
    """Everything that the reads of studies give to an actor."""
    question = Question(COMMON, PLASTICS, by=by)
    return {
        "saved region": [region_queries.as_region(one).areas for one in region_queries.saved(by)],
        "saved sector": [one.text for one in region_queries.saved(by, Definition.Kind.SECTOR)],
        "versions": [one.text for one in region_queries.versions(by, Definition.Kind.REGION, "work-area")],
        "found": [one.areas for one in region_queries.search("work area", by) if one.kind == "saved"],
        "by slug": region_of("", "work-area", by=by).areas,
        "by name": region_of("", "WORK AREA", by=by).areas,
        "sector": sector_of("", "", "Making", by=by).include,
        "notes": sorted(note.text for note in knowledge(question).notes),
        "studies": sorted(one.title for one in data_queries.studies(by)),
    }


def told(by: Actor, *others: Actor) -> dict[str, object]:
    return {
        "notes": sorted(text for one in (by, *others) for text in (f"note of {one.ref}", f"came with {one.ref}")),
        "studies": sorted(f"study of {one.ref}" for one in (by, *others)),
    }


@pytest.mark.parametrize("role", READERS)
def test_a_team_sees_its_own_before_the_installation_s_and_nothing_of_the_other_team(kept: Cast, role: str) -> None:
    writer, other = kept.ohio.actor("economist"), kept.maine.actor("convener")
    found = seen(kept.ohio.actor(role))
    assert found["saved region"] == found["found"] == [OHIO.areas]
    assert found["by slug"] == found["by name"] == OHIO.areas
    assert found["sector"] == ("3262",)
    assert len(found["versions"]) == 1 and "39049" in found["versions"][0]
    assert {key: found[key] for key in ("notes", "studies")} == told(OPERATOR, writer)
    assert other.ref not in str(found) and "23005" not in str(found)
    theirs = seen(kept.maine.actor(role))
    assert theirs["by slug"] == MAINE.areas
    assert writer.ref not in str(theirs) and "39049" not in str(theirs)


def test_visitors_strangers_the_state_and_holders_of_links_see_the_installation_s_own_alone(kept: Cast) -> None:
    link, _token = make_link(by=kept.ohio.actor("convener"), purpose="invitation", person_id=kept.ohio.chair.pk)
    nobody = seen(VISITOR)
    assert nobody["by slug"] == COMMON.areas and nobody["sector"] == ("3261",)
    assert {key: nobody[key] for key in ("notes", "studies")} == told(OPERATOR)
    for by in (OPERATOR, kept.ohio.actor("state"), actor_of_link(link), Actor(f"user:{kept.stranger.pk}")):
        assert seen(by) == nobody, by.ref


def test_a_study_and_its_notes_open_only_for_their_team(kept: Cast) -> None:
    theirs = Study.objects.get(space=kept.maine.space)
    for by in (VISITOR, OPERATOR, kept.ohio.actor("convener"), kept.maine.actor("state")):
        with pytest.raises(Missing):
            data_queries.study(by, theirs.pk)
        assert data_queries.notes_of(by, theirs) == []
    assert data_queries.study(kept.maine.actor("agency"), theirs.pk) == theirs
    assert len(data_queries.notes_of(kept.maine.actor("agency"), theirs)) == 1


def test_the_same_file_is_a_study_of_its_own_in_each_team(kept: Cast) -> None:
    assert Study.objects.filter(sha256="1" * 64).count() == 2
    again = frozen(kept.ohio.actor("convener"), "1")
    assert again.space == kept.ohio.space
    assert Study.objects.count() == 3


def test_versions_count_in_each_team_by_themselves(kept: Cast) -> None:
    wider = Region.of("39041,39049,39089", "Work area")
    assert actions.save_region(wider, by=kept.ohio.actor("convener"), note="joined").version == 2
    assert actions.save_region(COMMON, by=OPERATOR).version == 1
    assert [one.version for one in region_queries.versions(VISITOR, "region", "work-area")] == [1]


def test_a_note_is_taken_back_only_by_the_team_that_wrote_it(kept: Cast) -> None:
    ours = LocalNote.objects.get(space=kept.ohio.space, text__startswith="note")
    common = LocalNote.objects.get(space=None, text__startswith="note")
    for by, note in (
        (kept.maine.actor("convener"), ours),
        (OPERATOR, ours),
        (kept.ohio.actor("convener"), common),
    ):
        with pytest.raises(Missing):
            actions.withdraw_note(note.pk, by=by)
    actions.withdraw_note(ours.pk, by=kept.ohio.actor("convener"))
    actions.withdraw_note(common.pk, by=OPERATOR)


def test_who_said_something_is_shown_to_whoever_wrote_it_down_alone(kept: Cast) -> None:
    def names(by: Actor) -> set[str]:
        notes = data_queries.notes_about(Question(COMMON, PLASTICS, by=by))
        return {note.who for note in titled(notes, {}, by)} - {""}

    writer = kept.ohio.actor("economist")
    assert names(writer) == {f"somebody of {writer.ref}"}
    assert names(kept.ohio.actor("convener")) == names(VISITOR) == set()
    assert names(OPERATOR) == {"somebody of operator"}


def test_the_economist_defines_and_notes_but_loads_nothing(kept: Cast, tmp_path, settings) -> None:
    settings.DATA = tmp_path
    by = kept.ohio.actor("economist")
    delivery = incoming.begin("upload", by=by)
    for attempt in (
        lambda: intake.check(delivery, by=by),
        lambda: intake.use(delivery.token, by=by),
        lambda: intake.fetch("qcew-annual-area", [2020], ["39041"], by=by),
    ):
        with pytest.raises(Refused, match="Only the person at the machine"):
            attempt()


def test_a_delivery_is_there_only_for_whoever_brought_it(kept: Cast, tmp_path, settings) -> None:
    settings.DATA = tmp_path
    mine = Actor("user:1", is_operator=True)
    delivery = incoming.begin("upload", by=mine)
    assert incoming.own(delivery.token, mine).owner == "user:1"
    for by in (OPERATOR, Actor("user:2", is_operator=True)):
        for attempt in (
            lambda by=by: incoming.own(delivery.token, by),
            lambda by=by: intake.check(delivery, by=by),
            lambda by=by: intake.use(delivery.token, by=by),
            lambda by=by: intake.drop(delivery.token, by=by),
        ):
            with pytest.raises(Missing):
                attempt()


def test_every_write_stands_in_the_chain_of_its_space_once(cast: Cast) -> None:
    for by in (OPERATOR, cast.ohio.actor("convener")):
        region = actions.save_region(COMMON, by=by)
        note = actions.add_note(NewNote("x"), by=by, region=COMMON, sector=PLASTICS)
        actions.withdraw_note(note.pk, by=by)
        study = frozen(by, "2")
        written = Entry.objects.filter(space_id=by.space_id).order_by("number")
        assert [(one.verb, one.object_id, one.by) for one in written] == [
            ("definition.keep", region.pk, by.ref),
            ("note.add", note.pk, by.ref),
            ("note.withdraw", note.pk, by.ref),
            ("study.freeze", study.pk, by.ref),
        ]


def test_a_break_in_the_ledger_leaves_nothing_behind(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    by = cast.ohio.actor("convener")
    note = actions.add_note(NewNote("x"), by=by, region=COMMON, sector=PLASTICS)

    def broken(**_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(actions, "record", broken)
    for attempt in (
        lambda: actions.save_region(COMMON, by=by),
        lambda: actions.add_note(NewNote("y"), by=by, region=COMMON, sector=PLASTICS),
        lambda: actions.withdraw_note(note.pk, by=by),
        lambda: frozen(by, "3"),
    ):
        with pytest.raises(RuntimeError):
            attempt()
    note.refresh_from_db()
    assert (Definition.objects.count(), LocalNote.objects.count(), Study.objects.count()) == (0, 1, 0)
    assert note.withdrawn_at is None

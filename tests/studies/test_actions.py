"""What a team keeps: versions that never change, notes, studies; who may; all of it or nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connections, transaction

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Missing, Refused
from sharedtable.lmi.definitions import Region, Rule, Sector
from sharedtable.privacy import Privacy
from sharedtable.studies import actions
from sharedtable.studies.actions import NewNote
from sharedtable.studies.models import Definition, LocalNote, Study

ME, STRANGER = Actor("operator", is_operator=True), Actor("visitor")
OHIO = Region.of("39041,39049", "Central Ohio")
PLASTICS = Sector("Plastics", ("3261",), rules=(Rule.minimum("jobs_per_establishment", 50),))


FROZEN = {
    "title": "t",
    "question": {},
    "answer": {},
    "sources": [],
    "made_on": None,
    "file_name": "f",
    "sha256": "0" * 64,
    "region": OHIO,
    "sector": PLASTICS,
}


def test_whoever_said_or_did_something_is_not_public():
    for model in (Definition, Study, LocalNote):
        assert model.privacy["created_by"] == Privacy.NAMED
    assert LocalNote.privacy["said_by"] == Privacy.NAMED


@pytest.mark.django_db
def test_a_region_is_kept_as_it_is_and_reads_back():
    kept = actions.save_region(OHIO, by=ME)
    assert (kept.slug, kept.version, kept.name) == ("central-ohio", 1, "Central Ohio")
    assert Region.parse(kept.text) == OHIO


@pytest.mark.django_db
def test_the_same_again_is_no_new_version():
    first = actions.save_region(OHIO, by=ME)
    assert actions.save_region(OHIO, by=ME, note="again").pk == first.pk
    assert Definition.objects.count() == 1


@pytest.mark.django_db
def test_a_change_needs_a_note_and_leaves_the_old_version_as_it_was():
    first = actions.save_region(OHIO, by=ME)
    wider = Region.of("39041,39049,39089", "Central Ohio")
    with pytest.raises(Refused, match="Say in the note what changed"):
        actions.save_region(wider, by=ME)
    second = actions.save_region(wider, by=ME, note="Licking County joined.")
    assert second.version == 2
    assert Region.parse(second.text).note == "Licking County joined."
    first.refresh_from_db()
    assert Region.parse(first.text) == OHIO


@pytest.mark.django_db
def test_a_sector_keeps_its_rules():
    kept = actions.save_sector(PLASTICS, by=ME)
    assert Sector.parse(kept.text) == PLASTICS
    assert kept.kind == Definition.Kind.SECTOR


@pytest.mark.django_db
def test_a_region_and_a_sector_of_one_name_do_not_meet():
    actions.save_region(Region.of("39041", "Plastics"), by=ME)
    assert actions.save_sector(PLASTICS, by=ME).version == 1


@pytest.mark.django_db
def test_a_name_without_letters_is_refused():
    with pytest.raises(Refused, match="letters or digits"):
        actions.save_region(Region.of("39041", "!!!"), by=ME)


@pytest.mark.django_db
def test_the_database_refuses_a_second_row_of_one_version():
    kept = actions.save_region(OHIO, by=ME)
    kept.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        kept.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_two_who_keep_at_once_get_two_versions_or_a_sentence():
    actions.save_region(OHIO, by=ME)

    def keep(codes: str) -> str:
        try:
            return str(actions.save_region(Region.of(codes, "Central Ohio"), by=ME, note="changed").version)
        except Refused as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        said = list(pool.map(keep, ["39089", "39045", "39129", "39097"]))
    versions = sorted(Definition.objects.values_list("version", flat=True))
    assert versions == list(range(1, len(versions) + 1))
    assert len(versions) == 1 + sum(answer.isdigit() for answer in said)
    assert all(answer.isdigit() or "at the same moment" in answer for answer in said)


@pytest.mark.django_db
def test_nobody_else_may_keep_note_withdraw_or_freeze():
    note = actions.add_note(NewNote("true"), by=ME, region=OHIO, sector=PLASTICS)
    for attempt in (
        lambda: actions.save_region(OHIO, by=STRANGER),
        lambda: actions.save_sector(PLASTICS, by=STRANGER),
        lambda: actions.add_note(NewNote("x"), by=STRANGER, region=OHIO, sector=PLASTICS),
        lambda: actions.withdraw_note(note.pk, by=STRANGER),
        lambda: actions.freeze_study(by=STRANGER, **FROZEN),
    ):
        with pytest.raises(Refused, match="Only those who work on the facts"):
            attempt()
    assert (Definition.objects.count(), Study.objects.count(), LocalNote.objects.count()) == (0, 0, 1)


@pytest.mark.django_db
def test_a_study_and_its_notes_are_kept_together_or_not_at_all():
    with pytest.raises(Refused, match="empty"):
        actions.freeze_study(by=ME, notes=[NewNote("good"), NewNote("  ")], **FROZEN)
    assert (Study.objects.count(), LocalNote.objects.count()) == (0, 0)
    actions.freeze_study(by=ME, notes=[NewNote("good")], **FROZEN)
    assert (Study.objects.count(), LocalNote.objects.count()) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("note", "sentence"),
    [
        (NewNote("  "), "empty"),
        (NewNote("x" * 2_001), "too long"),
        (NewNote("x", said_by="y" * 121), "too long"),
        (NewNote("a\0b"), "cannot be read"),
        (NewNote("x", kind="gossip"), "Choose one"),
    ],
)
def test_a_note_that_cannot_stand_is_refused_in_words(note, sentence):
    with pytest.raises(Refused, match=sentence):
        actions.add_note(note, by=ME, region=OHIO, sector=PLASTICS)


@pytest.mark.django_db
def test_a_note_is_withdrawn_once_and_stays_on_record():
    note = actions.add_note(NewNote("Orders are down."), by=ME, region=OHIO, sector=PLASTICS)
    actions.withdraw_note(note.pk, by=ME)
    with pytest.raises(Missing):
        actions.withdraw_note(note.pk, by=ME)
    assert LocalNote.objects.get().text == "Orders are down."


def test_the_key_of_a_sector_does_not_depend_on_the_order():
    first, second = Sector.of("3261,333*,-3339", "a"), Sector.of("333*,3261,-3339", "b")
    assert actions.sector_key(first) == actions.sector_key(second) == "3261,333*,-3339"

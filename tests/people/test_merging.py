"""Two entries are joined, everything follows, and the join is taken back exactly."""

from __future__ import annotations

import hashlib

import pytest
from django.apps import apps
from django.core import serializers
from django.utils import timezone

from sharedtable.accounts.links import make_link, open_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry
from sharedtable.partnerships.models import CompanyMark, Seat
from sharedtable.people import looking, merging, moving
from sharedtable.people.import_models import Merge, Twin
from sharedtable.people.models import FieldSource, Membership, Organisation, Person, Tie
from sharedtable.people.search import refresh_organisations, refresh_people

pytestmark = pytest.mark.django_db
# What a join itself writes down, and the record of it.
OWN = {"ledger.entry", "ledger.chain", "people.merge", "people.twin"}


def digest() -> str:
    rows = []
    for model in apps.get_models():
        if model.__module__.startswith("sharedtable.") and model._meta.label_lower not in OWN:
            rows += list(model._base_manager.order_by("pk"))
    return hashlib.sha256(serializers.serialize("json", rows).encode()).hexdigest()


def seen_again() -> None:
    """What actions see to: that searches find what stands there."""
    refresh_organisations(Organisation.objects.all())
    refresh_people(Person.objects.all())


@pytest.fixture
def double(cast):
    """A second entry of the company's president, with a seat, a tie, a source, a link and a membership of its own."""
    team, now = cast.ohio, timezone.now()
    stamp = {"space": team.space, "made_at": now}
    who = Person.objects.create(
        given_name="C.", family_name="ChairLakeside", name="C. ChairLakeside", email="cc@lakeside.example",
        mobile="+16145550199", notes="met at the fair", search_text="cc", changed_at=now, **stamp,
    )  # fmt: skip
    Membership.objects.create(person=who, organisation=team.college, title="Trustee", **stamp)
    Membership.objects.create(person=who, organisation=team.company, title="Boss", **stamp)
    Seat.objects.create(
        partnership=team.partnership, person=who, table="inner", role="champion", started_on=now.date(),
        made_by="operator", **stamp,
    )  # fmt: skip
    Tie.objects.create(person=who, agency=team.board, strength_rating=2, made_by="user:1", **stamp)
    FieldSource.objects.create(
        space=team.space, person=who, field="email", value="cc@lakeside.example", source="Fair", at=now
    )
    seen_again()
    who.refresh_from_db()
    _link, who.token = make_link(by=team.actor("convener"), purpose="seat", person_id=who.pk)
    return who


def join(cast, double, **take):
    chair = Person.objects.get(pk=cast.ohio.chair.pk)
    return merging.join(
        by=cast.ohio.actor("convener"), winner=chair, loser=double, take=take, versions=(chair.version, double.version)
    )


def test_all_relations_follow_and_both_sources_stay(cast, double):
    join(cast, double, mobile="loser", notes="both")
    chair = Person.objects.get(pk=cast.ohio.chair.pk)
    assert chair.mobile == "+16145550199"
    assert "met at the fair" in chair.notes and "private note" in chair.notes
    assert chair.email.startswith("casey")
    assert set(chair.seats.values_list("role", flat=True)) == {"chair", "champion"}
    assert chair.known_by.count() == 1
    assert FieldSource.objects.get(source="Fair").person_id == chair.pk
    # The place of work that both had stays once; the other one follows.
    assert sorted(m.organisation_id for m in chair.memberships.all()) == sorted(
        [cast.ohio.company.pk, cast.ohio.college.pk]
    )
    assert Entry.objects.filter(verb="person.merge", object_id=chair.pk).count() == 1


def test_old_addresses_and_personal_links_lead_to_the_joined_entry(cast, double):
    join(cast, double)
    assert merging.current(Person.objects.get(pk=double.pk)).pk == cast.ohio.chair.pk
    assert open_link(double.token).person_id == cast.ohio.chair.pk


def test_a_join_that_is_taken_back_leaves_every_row_as_it_was(cast, double):
    before = digest()
    merge = join(cast, double, email="loser", given_name="loser", notes="both")
    assert digest() != before
    assert merging.part(by=cast.ohio.actor("convener"), merge=merge) == []
    assert digest() == before
    with pytest.raises(Refused):
        merging.part(by=cast.ohio.actor("convener"), merge=merge)


def test_a_seat_that_was_given_anew_since_is_told_in_a_sentence_and_nothing_is_parted(cast, double):
    team = cast.ohio
    convener, chair = team.actor("convener"), Person.objects.get(pk=team.chair.pk)
    seat = Seat.objects.get(person=double, role="champion")
    merge = merging.join(by=convener, winner=chair, loser=double, take={}, versions=(chair.version, double.version))
    Seat.objects.filter(pk=seat.pk).update(ended_on=None, person=chair)
    Seat.objects.create(
        space=team.space, partnership=team.partnership, person=double, table="inner", role="champion",
        started_on=seat.started_on, made_by="operator", made_at=timezone.now(),
    )  # fmt: skip
    before = digest()
    with pytest.raises(Refused, match="given something since"):
        merging.part(by=convener, merge=merge)
    assert digest() == before
    assert Merge.objects.get(pk=merge.pk).undone_at is None


def test_what_was_changed_after_the_join_stays_when_it_is_taken_back(cast, double):
    merge = join(cast, double, email="loser")
    Person.objects.filter(pk=cast.ohio.chair.pk).update(email="new@lakeside.example", version=9)
    kept = merging.part(by=cast.ohio.actor("convener"), merge=merge)
    assert kept == ["email"]
    assert Person.objects.get(pk=cast.ohio.chair.pk).email == "new@lakeside.example"
    assert Person.objects.get(pk=double.pk).merged_into_id is None


def test_organisations_join_with_their_people_lists_and_marks(cast):
    team, now = cast.ohio, timezone.now()
    other = Organisation.objects.create(
        space=team.space, name="Lakeside Plastics Inc", search_text="x", made_at=now, changed_at=now, phone="1"
    )
    kept = Person.objects.create(space=team.space, name="K", family_name="K", agency=other, made_at=now, changed_at=now)
    for which in (team.company, other):
        CompanyMark.objects.create(
            space=team.space, partnership=team.partnership, organisation=which, is_in=True, made_at=now, made_by="x"
        )
    seen_again()
    before = digest()
    merge = merging.join(
        by=team.actor("convener"), winner=team.company, loser=other, take={"phone": "loser"}, versions=(1, 1)
    )
    kept.refresh_from_db()
    assert kept.agency_id == team.company.pk
    assert CompanyMark.objects.filter(organisation=other).count() == 1  # both had one: each keeps its own
    merging.part(by=team.actor("convener"), merge=merge)
    assert digest() == before


def test_a_relation_that_nobody_registered_is_refused_by_its_name(cast, double, monkeypatch):
    monkeypatch.delitem(moving.MOVERS, "partnerships.Seat.person")
    before = digest()
    with pytest.raises(Refused, match=r"partnerships\.Seat\.person"):
        join(cast, double)
    assert digest() == before and not Merge.objects.exists()


def test_every_relation_to_people_and_organisations_has_a_mover():
    for model in (Person, Organisation):
        missing = [r.label for r in moving.relations_of(model) if r.label not in moving.MOVERS]
        assert missing == []


def test_only_conveners_join_and_only_in_their_space(cast, double):
    for by in (cast.ohio.actor("agency"), cast.ohio.actor("admin"), cast.maine.actor("convener")):
        with pytest.raises(Missing):
            merging.join(by=by, winner=cast.ohio.chair, loser=double, take={}, versions=(1, 1))


def test_a_stale_look_is_refused(cast, double):
    with pytest.raises(Refused, match="changed meanwhile"):
        merging.join(by=cast.ohio.actor("convener"), winner=cast.ohio.chair, loser=double, take={}, versions=(1, 7))


def test_a_break_in_the_last_write_changes_nothing(cast, double, monkeypatch):
    before = digest()

    def broken(**_: object) -> None:
        raise RuntimeError("the last write breaks")

    monkeypatch.setattr(merging, "write_entry", broken)
    with pytest.raises(RuntimeError):
        join(cast, double)
    assert digest() == before and not Merge.objects.exists()


def test_the_record_is_looked_through_and_not_the_same_is_remembered(cast, double):
    Person.objects.filter(pk=double.pk).update(given_name="Casey", email=cast.ohio.chair.email)
    convener = cast.ohio.actor("convener")
    looking.look(by=convener)
    pair = Twin.objects.get(kind="person", first_id=cast.ohio.chair.pk, second_id=double.pk)
    assert pair.is_sure
    merging.keep_apart(by=convener, kind="person", first_id=pair.first_id, second_id=pair.second_id)
    looking.look(by=convener)
    assert not Twin.objects.filter(kind="person", state="open", second_id=double.pk).exists()

"""The database itself refuses a row that points from one space into another."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sharedtable.accounts import tenancy
from sharedtable.accounts.actors import VISITOR, actor_of_user
from sharedtable.accounts.permissions import CAN, verbs_of
from sharedtable.errors import Missing
from sharedtable.people.models import Membership, Person


def test_every_relation_between_things_of_a_space_is_guarded() -> None:
    found = set(tenancy.crossings())
    assert ("people_membership", "person_id", "people_person") in found
    assert ("partnerships_seat", "acts_for_id", "partnerships_seat") in found
    assert len(found) > 20


def test_a_row_that_points_into_another_space_is_refused_when_made(cast) -> None:
    with pytest.raises(IntegrityError, match="another space"), transaction.atomic():
        Membership.objects.create(
            space=cast.ohio.space, person=cast.maine.chair, organisation=cast.ohio.company, made_at=timezone.now()
        )


def test_a_row_that_is_turned_towards_another_space_is_refused(cast) -> None:
    mine = cast.ohio.chair.memberships.get()
    with pytest.raises(IntegrityError, match="another space"), transaction.atomic():
        Membership.objects.filter(pk=mine.pk).update(organisation=cast.maine.company)


def test_a_row_never_moves_to_another_space(cast) -> None:
    with pytest.raises(IntegrityError, match="another space"), transaction.atomic():
        Person.objects.filter(pk=cast.ohio.chair.pk).update(space=cast.maine.space)


def test_a_role_of_one_space_says_nothing_in_another(cast) -> None:
    convener = cast.ohio.actor("convener")
    assert convener.may("people.contact", cast.ohio.chair)
    assert not convener.may("people.contact", cast.maine.chair)
    nobody = actor_of_user(cast.ohio.users["convener"], "maine")
    assert nobody.space is None
    assert not any(nobody.may(verb) for verb in CAN)
    assert not any(VISITOR.may(verb) for verb in CAN)


def test_agency_staff_see_contacts_of_their_own_list_alone(cast) -> None:
    agency = cast.ohio.actor("agency")
    assert agency.may("people.see", cast.ohio.chair)
    assert not agency.may("people.contact", cast.ohio.chair)
    assert agency.may("people.contact", cast.ohio.partner)
    with pytest.raises(Missing, match="not for you"):
        agency.must("people.change", cast.ohio.chair)


def test_a_grant_that_is_revoked_or_over_ends_at_once(cast) -> None:
    user = cast.ohio.users["convener"]
    assert actor_of_user(user, "ohio").may("people.see")
    user.grants.update(ends_on=timezone.localdate() - timezone.timedelta(days=1))
    assert not actor_of_user(user, "ohio").may("people.see")
    user.grants.update(ends_on=None, revoked_at=timezone.now())
    assert not actor_of_user(user, "ohio").may("people.see")


def test_a_role_in_one_partnership_holds_there_alone(cast) -> None:
    user = cast.ohio.users["convener"]
    user.grants.update(partnership_id=cast.ohio.partnership.pk)
    actor = actor_of_user(user, "ohio")
    assert actor.may("partnerships.change", cast.ohio.partnership)
    assert actor.may("partnerships.change", cast.ohio.chair_seat)
    assert not actor.may("people.contact", cast.ohio.chair)
    assert not actor.may_everywhere("partnerships.change")


def test_the_economist_sees_no_contacts_and_the_state_only_what_was_shared() -> None:
    assert "people.see" not in verbs_of("economist")
    assert "people.contact" not in verbs_of("economist")
    of_library = {"library.see", "library.read", "library.change"}
    assert set(verbs_of("state")) == {"space.see", "partnerships.shared", *of_library}

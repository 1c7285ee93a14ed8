"""Two teams with something in every corner of the record, and an own reading of a space to compare two of them by."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Grant, Space, User
from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.suppressions import suppress
from sharedtable.partnerships.models import (
    CompanyMark,
    Deadline,
    Decision,
    PointOfContact,
    Program,
    Scope,
    Seat,
    Step,
)
from sharedtable.people.models import Consent, Evidence, FieldSource, Membership, Organisation, Person, Tie
from sharedtable.studies.models import Definition, LocalNote, Study
from tests.cast import Cast, Team

SECRET_OF = "zq7-in-confidence-{slug}"


def fill(team: Team) -> None:
    """Rows with pointers in every direction, odd texts, empty and full fields."""
    now, slug, space = timezone.now(), team.space.slug, team.space
    secret = SECRET_OF.format(slug=slug)
    stamp = {"space": space, "made_at": now, "changed_at": now}
    later = Organisation.objects.create(name=f"=SUM(A1) “{slug}”\nInc.", kind="business", employees=0, **stamp)
    Organisation.objects.filter(pk=team.company.pk).update(
        merged_into=later, is_member_of_group=later, understands_model=False
    )
    Organisation.objects.filter(pk=team.board.pk).update(agency=team.college)
    Person.objects.filter(pk=team.chair.pk).update(self_described={"words": secret, "ñ": [1, None, True]})
    twin = Person.objects.create(name="Ünsal 中 😀", email="", merged_into=team.chair, agency=team.board, **stamp)
    convener = f"user:{team.users['convener'].pk}"
    Membership.objects.create(
        space=space, person=twin, organisation=team.board, made_at=now, started_on=datetime.date(2020, 2, 29)
    )
    Tie.objects.create(
        space=space, person=team.chair, agency=team.college, known_by=team.partner, note=secret,
        made_by=f"user:{team.users['agency'].pk}", made_at=now,
    )  # fmt: skip
    Evidence.objects.create(
        space=space, person=team.chair, key="vision", is_met=True, text=secret, made_by=convener, made_at=now
    )
    Consent.objects.create(
        space=space, person=team.partner, key="news", is_given=True, how="by mail", at=now, by="link:9"
    )
    FieldSource.objects.create(
        space=space, person=team.champion, field="phone", value="+1", source="list", agency=team.college, at=now
    )
    first = Scope.objects.create(
        space=space, partnership=team.partnership, version=1, region_text="areas = 39041", region_name="R",
        sector_text="include = 326", sector_name="S", company_rules=[{"field": "employees", "least": 10}], made_at=now,
        made_by=convener,
    )  # fmt: skip
    study = Study.objects.create(
        space=space, title="T", question={"a": 1}, answer={"b": [0.5]}, file_name="f.xlsx", sha256="0" * 64,
        created_at=now, created_by=convener,
    )  # fmt: skip
    Scope.objects.filter(pk=first.pk).update(study_id=study.pk)
    Definition.objects.create(
        space=space, kind="region", slug="r", version=1, name=f"Region of {slug}", text="areas = 39041",
        created_on=now.date(), created_by=convener,
    )  # fmt: skip
    LocalNote.objects.create(
        space=space, areas="39041", region_name="R", sector="326", sector_name="S", text=f"note of {slug}",
        said_by=secret, study=study, created_at=now, created_by=convener,
    )  # fmt: skip
    old = Decision.objects.create(
        space=space, partnership=team.partnership, question="Who convenes?", made_at=now, made_by="operator"
    )
    Decision.objects.create(
        space=space, partnership=team.partnership, question=f"{secret}?", level="named", replaces=old, made_at=now,
        made_by="operator",
    )  # fmt: skip
    delegate = Seat.objects.create(
        space=space, partnership=team.partnership, person=twin, table="inner", role="champion",
        acts_for=team.chair_seat, started_on=now.date(), made_at=now, made_by=convener,
    )  # fmt: skip
    Deadline.objects.create(
        space=space, partnership=team.partnership, key="k", title="t", due_on=now.date(), seat=delegate, made_at=now,
        made_by="worker",
    )  # fmt: skip
    Step.objects.create(
        space=space, partnership=team.partnership, number=2, state="under_way", at=now, by=f"was-{convener}"
    )
    CompanyMark.objects.create(
        space=space, partnership=team.partnership, organisation=later, is_in=False, made_at=now, made_by=convener
    )
    Program.objects.create(
        space=space, organisation=team.college, group="programs", name="Welding", outreach_owner=team.partner,
        made_at=now, made_by=convener,
    )  # fmt: skip
    PointOfContact.objects.create(
        space=space, organisation=later, lead=team.partner, started_on=now.date(), made_by=convener
    )
    Grant.objects.filter(user=team.users["adviser"]).update(partnership_id=team.partnership.pk)
    make_link(by=team.actor("convener"), purpose="invitation", person_id=team.chair.pk)
    queue(
        Draft("invitation", f"k-{slug}", team.chair.email, "Hello", secret), by=convener, space_id=space.pk
    )  # fmt: skip
    suppress(team.champion.email, "space", by=convener, space_id=space.pk, reason="said so")
    suppress(team.partner.email, "partnership", by=convener, space_id=space.pk, partnership_id=team.partnership.pk)


def filled(cast: Cast) -> Cast:
    """Both teams filled."""
    fill(cast.ohio)
    fill(cast.maine)
    return cast


# --- an own reading of a space ----------------------------------------------------------------------------------------

# Bare numbers that name rows, as the models' own words say it.
BARE = {
    ("accounts.grant", "agency_id"): "people.organisation",
    ("accounts.grant", "partnership_id"): "partnerships.partnership",
    ("partnerships.scope", "study_id"): "studies.study",
}
SECRET_MODELS = {"accounts.personallink", "accounts.linkact"}


def tenant_models() -> list[type[models.Model]]:
    """Every model of ours with a foreign key to a space, but those of ways in."""
    return [
        model
        for model in apps.get_models()
        if model.__module__.startswith("sharedtable.")
        and any(field.related_model is Space for field in model._meta.local_fields)
        and model._meta.label_lower not in SECRET_MODELS
    ]


def portrait(space: Space, *, hidden: str = "", confidences: bool = False) -> dict[str, list[str]]:
    """Every row of a space as text, with the place of a row in its table instead of its key, users by address.

    Without `confidences` named values and rows are left out, unless the row was written by `hidden`.
    """
    places: dict[str, dict[int, int]] = {}
    for model in tenant_models():
        keys = model.objects.filter(space=space).order_by("pk").values_list("pk", flat=True)  # type: ignore[attr-defined]
        places[model._meta.label_lower] = {key: place for place, key in enumerate(keys)}
    users = dict(User.objects.values_list("pk", "email"))
    found = {}
    for model in tenant_models():
        label, lines = model._meta.label_lower, []
        for row in model.objects.filter(space=space).order_by("pk"):  # type: ignore[attr-defined]
            if not confidences and getattr(row, "level", "") == "named":
                lines.append("(in confidence)")
                continue
            values: dict[str, Any] = {}
            for field in model._meta.local_fields:
                if field.name in ("id", "space"):
                    continue
                value = getattr(row, field.attname)
                is_named = model.privacy[field.name] == "named"  # type: ignore[attr-defined]
                target = BARE.get((label, field.name)) or (
                    field.related_model._meta.label_lower if field.is_relation else ""
                )
                if is_named and not confidences:
                    value = "(in confidence)"
                elif target == "accounts.user":
                    value = users[value]
                elif target and value:
                    value = f"{target} {places[target].get(value)}"
                elif isinstance(value, str) and re.fullmatch(r"(was-)?(user|link):\d+", value):
                    kind, _, number = value.rpartition(":")
                    value = (
                        users.get(int(number), value) if kind == "user" else f"was-{value}".replace("was-was-", "was-")
                    )
                values[field.name] = value
            lines.append(json.dumps(values, sort_keys=True, default=str))
        found[label] = lines
    return found


def confident(portrait_of: dict[str, list[str]]) -> dict[str, list[str]]:
    """The portrait without rows that stand for something in confidence."""
    return {label: [line for line in lines if line != "(in confidence)"] for label, lines in portrait_of.items()}

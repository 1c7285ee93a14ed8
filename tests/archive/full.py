"""Two teams with something in every corner of the record, and an own reading of a space to compare two of them by."""

from __future__ import annotations

import datetime
import json
import re
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from sharedtable.accounts.links import make_link
from sharedtable.accounts.models import Grant, Space, User
from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.suppressions import suppress
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.meetings.models import Meeting, Participant, Photo
from sharedtable.partnerships.models import (
    Agreement,
    CompanyMark,
    Confirmation,
    Deadline,
    Decision,
    MapEntry,
    Pledge,
    PointOfContact,
    Program,
    Scope,
    ScopeWorkshop,
    Seat,
    Step,
    StepHours,
    TurningPoint,
)
from sharedtable.people import merging
from sharedtable.people.ask_models import Ask, Before
from sharedtable.people.import_models import ColumnMemory, Import, ImportChange, ImportRow
from sharedtable.people.list_models import Segment, SegmentEntry
from sharedtable.people.models import Consent, Evidence, FieldSource, Membership, Organisation, Person, Tie
from sharedtable.people.told_models import ToldTie
from sharedtable.plans.models import Card, Champion, Closing, Correction, Priority, Shelved, Task
from sharedtable.studies.models import Definition, LocalNote, Reading, Study, Voice
from sharedtable.walks.models import Walk
from sharedtable.wall.models import Board, Cluster, Dismissal, Event, Note, Peer, SignUp
from sharedtable.worksheets import round_actions
from sharedtable.worksheets.models import Answer, Promise, Round, RoundDecision, Sheet, SpacePreset, SpaceTool
from sharedtable.worksheets.round_actions import NewRound
from sharedtable.worksheets.text_models import SpaceText, Talk
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
    ToldTie.objects.create(
        space=space, agency=team.college, known_by=team.partner, organisation=team.company, company_name="C",
        person_name="P", tie=Tie.objects.filter(space=space).first(), made_by=convener, made_at=now,
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
    _rest(team, later, convener)
    Grant.objects.filter(user=team.users["adviser"]).update(partnership_id=team.partnership.pk)
    make_link(by=team.actor("convener"), purpose="invitation", person_id=team.chair.pk)
    queue(
        Draft("invitation", f"k-{slug}", team.chair.email, "Hello", secret), by=convener, space_id=space.pk
    )  # fmt: skip
    suppress(team.champion.email, "space", by=convener, space_id=space.pk, reason="said so")
    suppress(team.partner.email, "partnership", by=convener, space_id=space.pk, partnership_id=team.partnership.pk)


def _rest(team: Team, later: Organisation, convener: str) -> None:
    """Lists, joins and what people asked; promises, the map, an agreement; a round of worksheets."""
    now, space, place = timezone.now(), team.space, team.partnership
    made = {"space": space, "made_at": now, "made_by": convener}
    by = team.actor("convener")
    OwnAnswer.objects.create(space=space, entry="own-1", en_question="Why “us”?", en_answer="=1\n- a", made_at=now,
                             made_by=convener)  # fmt: skip
    ReadMark.objects.create(space=space, entry="primer", by=convener, at=now)
    segment = Segment.objects.create(thing="people", name="Mine", query={"agency": str(team.college.pk)}, **made)
    SegmentEntry.objects.create(space=space, segment=segment, person=team.champion)
    Ask.objects.create(space=space, person=team.chair, kind="correct", field="name", value="C.", made_at=now)
    Before.objects.create(space=space, person=team.chair, values={"phone": "1"}, at=now)
    batch = Import.objects.create(
        kind="people", state="done", file_name="l.csv", source="S", basis="B", content=b"x", touched_at=now, **made
    )
    FieldSource.objects.create(
        space=space, person=team.chair, field="email", value="c", source="S", import_number=batch.pk, at=now
    )
    ImportRow.objects.create(
        space=space, batch=batch, number=2, outcome="new", values={"company": "X"}, organisation_ref=later.pk,
        person_ref=team.chair.pk,
    )  # fmt: skip
    ImportChange.objects.create(
        space=space, batch=batch, row=2, kind="membership", object_id=team.chair.memberships.get().pk
    )
    ColumnMemory.objects.create(
        space=space, agency=team.college, kind="people", signature="s", columns=["name"], source="S", basis="B", at=now
    )
    review = Deadline.objects.create(partnership=place, title="Look again", due_on=now.date(), **made)
    ScopeWorkshop.objects.create(
        space=space, partnership=place, minutes=60, began_at=now, began_by=convener, ended_at=now, ended_by=convener,
        scope=Scope.objects.get(partnership=place), tests=[{"key": "size", "says": "ñ"}], who="C.", review=review,
    )  # fmt: skip
    MapEntry.objects.create(partnership=place, place="suppliers", name="N", organisation=later, **made)
    TurningPoint.objects.create(partnership=place, title="T", happened_on=now.date(), why="W", **made)
    Pledge.objects.create(
        partnership=place, organisation=team.college, hours_a_week=Decimal("2.5"), started_on=now.date(), **made
    )
    StepHours.objects.create(
        space=space, partnership=place, number=2, planned_hours=9, changed_at=now, changed_by=convener
    )
    agreement = Agreement.objects.create(
        partnership=place, version=1,
        lines=[{"organisation": team.college.pk, "name": "C", "people": [], "roles": [], "duties": []}], **made,
    )  # fmt: skip
    Confirmation.objects.create(
        space=space, agreement=agreement, organisation=team.college, person=team.partner, at=now
    )  # fmt: skip
    one, other = (
        Person.objects.create(space=space, name=f"Twin {number}", made_at=now, changed_at=now) for number in (1, 2)
    )
    Seat.objects.create(partnership=place, person=other, table="network", role="member", started_on=now.date(), **made)
    merging.join(by=by, winner=one, loser=other, take={}, versions=(1, 1))
    about = round_actions.start_round(
        NewRound("champion-role", "private", place, person_ids=[team.chair.pk, team.partner.pk]), by=by
    )
    asked = about.asked.get(person=team.chair)
    kinds = {question.kind: question.id for question in about.worksheet("en").questions}
    Round.objects.filter(pk=about.pk).update(begun_by=[asked.pk])
    sheet = Sheet.objects.create(space=space, round=about, asked=asked, begun_at=now)
    Answer.objects.create(
        space=space, sheet=sheet, question=kinds["person"], value={"id": team.champion.pk}, counter=1, device="d"
    )
    SpaceTool.objects.create(tool_id="own", en_text="a", es_text="b", **made)
    SpaceText.objects.create(
        list_name="talking_points", item_id="own-1", group="college", language="en", title="T", text="U", **made
    )
    Talk.objects.create(
        agency=team.college, organisation=team.board, with_name="B", audience="college", points=["own-1"], used_by="P",
        way="phone", outcome="yes", said="s", on=now.date(), **made,
    )  # fmt: skip
    SpacePreset.objects.create(key="k", value=Decimal("1.50"), reason="r", **made)
    Promise.objects.create(round=about, who="W", what="X", **made)
    RoundDecision.objects.create(
        space=space, round=about, decision=Decision.objects.filter(space=space).order_by("pk").first()
    )
    _meeting(team, now)


def _meeting(team: Team, now: datetime.datetime) -> None:
    """A meeting with a wall, and one row of everything on it."""
    space = {"space": team.space}
    meeting = Meeting.objects.create(
        partnership=team.partnership, title="Launch", starts_at=now, made_at=now, made_by="operator",
        order=["welcome", "opportunities"], ready=["markers"], facilitator=team.partner, **space,
    )  # fmt: skip
    Photo.objects.create(
        meeting=meeting, content=b"\xff\xd8\xff of " + team.space.slug.encode(), width=2, height=1, made_at=now,
        made_by="operator", **space,
    )  # fmt: skip
    place = Participant.objects.create(
        meeting=meeting, person=team.champion, user_id=team.users["convener"].pk, role="participant", table="inner",
        name="Charlie", asked_at=now, **space,
    )  # fmt: skip
    board = {"board": Board.objects.create(meeting=meeting, last_number=1, made_at=now, **space), **space}
    Event.objects.create(number=1, key="k", by_id=place.pk, kind="note.added", scope="wall", at=now, **board)
    Note.objects.create(number=1, version=1, round="opportunities", text="Rail", author=place.pk, **board)
    Cluster.objects.create(number=2, version=2, round="opportunities", title="Rail", **board)
    SignUp.objects.create(cluster=2, participant=place.pk, number=3, name="Charlie", **board)
    Peer.objects.create(number=4, name="Ann", suggested_by=place.pk, **board)
    Dismissal.objects.create(note=1, cluster=2, **board)
    Walk.objects.create(
        meeting=meeting, region_text="areas = 39041", industries=[{"name": "S"}], stops=[], made_at=now,
        made_by="operator", **space,
    )  # fmt: skip
    reading = Reading.objects.create(
        meeting_id=meeting.pk, meeting_title="Launch", stop="1-0-pay", areas="39041", region_name="R", sector="326",
        sector_name="S", measure="pay", year=2024, shown={"en": {"title": "Pay", "value": "$1"}},
        counts={"all": {"doubtful": 1}, "tables": {}}, revealed_at=now, revealed_by="operator", **space,
    )  # fmt: skip
    Voice.objects.create(
        reading=reading, participant_id=place.pk, said_by="Charlie", table="inner", mark="doubtful", text="No.", **space
    )
    _closing(team, meeting, place, now)


def _closing(team: Team, meeting: Meeting, place: Participant, now: datetime.datetime) -> None:
    """What came out of the meeting: one row of everything, and a closing that was taken back."""
    space, by = {"space": team.space}, f"user:{team.users['convener'].pk}"
    made = {"made_at": now, "made_by": by, **space}
    here = {"partnership": team.partnership, **made}
    gone = {"key": "calls", "due_on": "2027-01-01", "meeting_on": "2026-12-01", "planned_on": ""}
    clock = {"on": "2027-01-14", "made": ["summary"], "gone": [{**gone, "seat": team.chair_seat.pk}]}
    Closing.objects.create(meeting=meeting, withdrawn_at=now, withdrawn_by=by, reason="Too early", clock=clock, **here)
    closing = Closing.objects.create(
        meeting=meeting,
        next_local="2099-02-23T09:00",
        next_zone="America/New_York",
        companies=["Ärmel & Söhne"],
        **here,
    )
    priority = Priority.objects.create(
        closing=closing, area_number=2, position=1, title="Rail", champions_count=1, business_cards_count=1, **here
    )
    shelved = Shelved.objects.create(
        closing=closing, area_number=9, title="Ports", reason="no_name", rests_until=now.date(), **here
    )
    Champion.objects.create(
        priority=priority, participant=place, person=team.champion, seat=team.chair_seat, name="Charlie",
        signed_at=now, made_by=by, **space,
    )  # fmt: skip
    for number, home in ((1, {"priority": priority}), (2, {"shelved": shelved}), (3, {"is_parked": True})):
        Card.objects.create(
            closing=closing, number=number, round="requirements", text=f"Card {number}", participant=place,
            table="inner", said_by="Charlie", **home, **space,
        )  # fmt: skip
    Task.objects.create(
        closing=closing, kind="invitation", name="Ann", suggested_by=place, person=team.chair,
        organisation=team.company, **here,
    )  # fmt: skip
    Correction.objects.create(priority=priority, what="title", before="Trains", after="Rail", reason="r", **made)
    Correction.objects.create(shelved=shelved, what="let_go", reason="Not ours", **made)


def filled(cast: Cast) -> Cast:
    """Both teams filled."""
    fill(cast.ohio)
    fill(cast.maine)
    return cast


# --- an own reading of a space ----------------------------------------------------------------------------------------

# Bare numbers that name rows, as the models' own words say it.
BARE = {
    ("meetings.participant", "user_id"): "accounts.user",
    ("studies.reading", "meeting_id"): "meetings.meeting",
    ("studies.voice", "participant_id"): "meetings.participant",
    ("wall.event", "by_id"): "meetings.participant",
    ("wall.note", "author"): "meetings.participant",
    ("wall.signup", "participant"): "meetings.participant",
    ("wall.peer", "suggested_by"): "meetings.participant",
    ("accounts.grant", "agency_id"): "people.organisation",
    ("accounts.grant", "partnership_id"): "partnerships.partnership",
    ("partnerships.scope", "study_id"): "studies.study",
    ("people.fieldsource", "import_number"): "people.import",
    ("people.importrow", "organisation_ref"): "people.organisation",
    ("people.importrow", "person_ref"): "people.person",
}
OF_KIND = {("people.importchange", "object_id"), *(("people.merge", f"{side}_id") for side in ("winner", "loser")),
           *(("people.twin", f"{side}_id") for side in ("first", "second"))}  # fmt: skip


def _inside(label: str, name: str, row: Any, place: Any) -> Any:
    """A JSON value with places instead of the keys in it."""
    value = getattr(row, name)
    if (label, name) == ("partnerships.agreement", "lines"):
        return [{**line, "organisation": place("people.organisation", line["organisation"])} for line in value]
    if (label, name) == ("plans.closing", "clock") and value:
        return {**value, "gone": [{**row, "seat": place("partnerships.seat", row["seat"])} for row in value["gone"]]}
    if (label, name) == ("people.segment", "query"):
        return {**value, "agency": place("people.organisation", int(value["agency"]))} if "agency" in value else value
    if (label, name) == ("people.merge", "moves"):
        return {key: [place(key.rpartition(".")[0].lower(), one) for one in rows] for key, rows in value.items()}
    if (label, name) in (("people.merge", "before"), ("people.merge", "after")):
        return {
            side: {**of, "merged_into_id": place(f"people.{row.kind}", of["merged_into_id"])}
            for side, of in value.items()
        }
    if (label, name) == ("worksheets.round", "begun_by"):
        return [place("worksheets.asked", one) for one in value]
    if (label, name) == ("worksheets.answer", "value") and isinstance(value, dict) and "id" in value:
        return {"id": place("people.person", value["id"])}
    return value


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
                if field.name in ("id", "space") or isinstance(field, models.BinaryField):
                    continue
                value = getattr(row, field.attname)
                if isinstance(field, models.JSONField):
                    value = _inside(label, field.name, row, lambda where, key: places[where].get(key))
                is_named = model.privacy[field.name] == "named"  # type: ignore[attr-defined]
                target = BARE.get((label, field.name)) or (
                    field.related_model._meta.label_lower if field.is_relation else ""
                )
                if (label, field.name) in OF_KIND:
                    target = f"people.{row.kind}"  # type: ignore[attr-defined]
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

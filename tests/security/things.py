"""One of everything that an address of a space can name, made for a team: what the factories of `world.py` give.

Texts say MARK where a mark has to stand inside a JSON column; see `world.mark`.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sharedtable.ledger.actions import Draft, queue
from sharedtable.ledger.models import Letter
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.meetings.models import Meeting, Participant, Photo
from sharedtable.method import tools
from sharedtable.method.presets import presets
from sharedtable.partnerships.models import (
    Agreement,
    CompanyMark,
    Deadline,
    Decision,
    MapEntry,
    Partnership,
    Pledge,
    PointOfContact,
    Program,
    Scope,
    ScopeWorkshop,
    Seat,
    Step,
    TurningPoint,
)
from sharedtable.people.ask_models import Ask
from sharedtable.people.import_models import Import, ImportRow, Merge, Twin
from sharedtable.people.list_models import Segment
from sharedtable.people.models import Consent, Evidence, FieldSource, Organisation, Person, Tie
from sharedtable.people.told_models import ToldTie
from sharedtable.plans.models import Card, Champion, Closing, Correction, Priority, Shelved, Task
from sharedtable.studies.models import Definition, LocalNote, Reading, Study, Voice
from sharedtable.studies.questions import Region, Sector
from sharedtable.walks.models import Walk
from sharedtable.worksheets.models import Answer, Asked, Promise, Round, Sheet, SpacePreset, SpaceTool
from sharedtable.worksheets.text_models import SpaceText, Talk
from tests.cast import Team
from tests.security import places

MARK = "MARK"
REGION, SECTOR = Region("R", ("39041",)).to_text(), Sector("S", ("326",)).to_text()
TOOL = "champion-role"


def _first(model: Any, team: Team, **wanted: Any) -> Any:
    return model.objects.filter(space=team.space, **wanted).order_by("pk")[0]


def fill(team: Team) -> None:
    """Everything that hangs on people, on the partnership, and on the team; and a second partnership beside it."""
    # Both teams of the cast call theirs alike; an address must tell them apart.
    Partnership.objects.filter(pk=team.partnership.pk).update(slug=f"plastics-{team.space.slug}")
    team.partnership.slug = f"plastics-{team.space.slug}"
    _people(team)
    _lists(team)
    beside = Partnership.objects.create(
        space=team.space, slug=f"beside-{team.space.slug}", name="Beside", summary="s", made_at=timezone.now(),
        made_by="operator",
    )  # fmt: skip
    for partnership, person in ((team.partnership, team.chair), (beside, team.champion)):
        _partnership(team, partnership, person)
        _meeting(team, partnership, person)
    places.fill(team, meeting_of(team))
    _worksheets(team, beside)
    _facts(team)
    _library(team)


def _meeting(team: Team, partnership: Partnership, person: Person) -> None:
    """A meeting that was closed, with somebody who was written down for it, and what came out of it."""
    now, space = timezone.now(), {"space": team.space}
    meeting = Meeting.objects.create(
        partnership=partnership, title="t", place="p", starts_at=now, made_at=now, made_by="operator",
        facilitator_name="f", **space,
    )  # fmt: skip
    Photo.objects.create(
        meeting=meeting, content=b"\xff\xd8\xff", width=1, height=1, shows="s", made_at=now, made_by="operator", **space
    )
    Meeting.objects.create(
        partnership=partnership, run="support-team", title="t", place="p", starts_at=now, made_at=now,
        made_by="operator", **space,
    )  # fmt: skip
    place = Participant.objects.create(
        meeting=meeting, person=person, role="participant", table="inner", name="n", company="c", asked_at=now, **space
    )
    _closing(team, partnership, person, meeting, place)
    _walk(team, partnership, person)


def _walk(team: Team, partnership: Partnership, person: Person) -> None:
    """A data walk with a figure that was revealed."""
    now, space = timezone.now(), {"space": team.space}
    meeting = Meeting.objects.create(
        partnership=partnership, run="data-walk", title="w", place="p", starts_at=now, made_at=now, made_by="operator",
        **space,
    )  # fmt: skip
    place = Participant.objects.create(
        meeting=meeting, person=person, role="participant", table="inner", name="n", company="c", asked_at=now, **space
    )
    said = {"title": "t", "value": "v", "note": "n", "reason": "", "tells": "t", "tells_not": "n", "ask": "a"}
    both = {"en": [MARK], "es": [MARK]}
    industry = {
        "name": "S", "text": SECTOR, "year": 2024, "sources": both, "gaps": both, "bars": {"en": [], "es": []},
    }  # fmt: skip
    Walk.objects.create(
        meeting=meeting, region_text=REGION, industries=[industry], made_at=now, made_by="operator",
        stops=[{"industry": 0, "measure": "pay", "said": {"en": said, "es": said}}], **space,
    )  # fmt: skip
    reading = Reading.objects.create(
        meeting_id=meeting.pk, meeting_title="w", stop="1-0-pay", areas="39041", region_name="R", sector="326",
        sector_name="S", measure="pay", year=2024, shown={"en": {"title": MARK, "value": "v"}},
        counts={"all": {"doubtful": 1}, "tables": {}}, revealed_at=now, revealed_by="operator", **space,
    )  # fmt: skip
    Voice.objects.create(
        reading=reading, participant_id=place.pk, said_by="n", table="inner", mark="doubtful", text="t", **space
    )


def _closing(team: Team, partnership: Partnership, person: Person, meeting: Meeting, place: Participant) -> None:
    """What came out of a meeting, one row of everything."""
    now, space = timezone.now(), {"space": team.space}
    made = {**space, "made_at": now, "made_by": "operator"}
    here = {**made, "partnership": partnership}
    closing = Closing.objects.create(
        meeting=meeting,
        companies=[MARK],
        reason="r",
        next_local="2099-02-23T09:00",
        next_zone="America/New_York",
        **here,
    )
    priority = Priority.objects.create(
        closing=closing, area_number=1, position=1, title="t", said="s", champions_count=1, business_cards_count=1,
        **here,
    )  # fmt: skip
    Champion.objects.create(
        priority=priority, participant=place, person=person, name="n", company="c", signed_at=now, made_by="operator",
        **space,
    )  # fmt: skip
    Shelved.objects.create(
        closing=closing, area_number=2, title="t", said="s", reason="no_name", rests_until=now.date(), **here
    )
    Card.objects.create(
        closing=closing, priority=priority, number=1, round="requirements", text="t", area="a", answers="b",
        participant=place, table="inner", said_by="n", **space,
    )  # fmt: skip
    Task.objects.create(
        closing=closing, kind="invitation", name="n", company="c", area="a", suggested_by=place, person=person, **here
    )
    Correction.objects.create(priority=priority, what="title", before="b", after="a", reason="r", **made)


def meeting_of(team: Team) -> Meeting:
    """The meeting of the team's first partnership."""
    found: Meeting = _first(Meeting, team, partnership=team.partnership, run="launch")
    return found


def _people(team: Team) -> None:
    now, space, convener = timezone.now(), team.space, f"user:{team.users['convener'].pk}"
    stamp = {"space": space, "made_at": now}
    Person.objects.filter(pk=team.chair.pk).update(self_described={"words": MARK}, mobile="x", assistant="x")
    Organisation.objects.filter(pk=team.company.pk).update(convenes="x", notes="x", street="x")
    # Somebody of another agency's list: the agency of the cast may not learn how to reach them.
    Person.objects.create(
        name="Of the board", family_name="Board", email=f"board@{space.slug}.example", agency=team.board,
        changed_at=now, notes="n", **stamp,
    )  # fmt: skip
    for agency, known_by in ((team.college, team.partner), (team.board, None)):
        Tie.objects.create(
            person=team.chair, agency=agency, known_by=known_by, strength_rating=2, note="n", made_by=convener, **stamp
        )
    for agency, known_by in ((team.college, team.partner), (team.board, None)):
        ToldTie.objects.create(
            agency=agency, known_by=known_by, company_name="c", person_name="p", made_by=convener, **stamp
        )
    Evidence.objects.create(person=team.chair, key="vision", is_met=True, text="t", made_by=convener, **stamp)
    Consent.objects.create(space=space, person=team.chair, key="news", is_given=True, how="h", at=now, by="link:9")
    FieldSource.objects.create(
        space=space, person=team.chair, field="phone", value="+1", source="list", agency=team.college, at=now
    )
    Ask.objects.create(person=team.chair, kind="correct", field="name", value="v", **stamp)
    Segment.objects.create(thing="people", name="A list", made_by=convener, **stamp)


def _lists(team: Team) -> None:
    now, space = timezone.now(), team.space
    batch = Import.objects.create(
        space=space, kind="people", state="ready", file_name="f.csv", source="s", basis="b", header=["Name"],
        columns=["name"], sample=[[MARK]], row_count=1, made_by="operator", made_at=now, touched_at=now,
    )  # fmt: skip
    ImportRow.objects.create(space=space, batch=batch, number=1, outcome="new", values={"name": MARK})
    low, high = sorted((team.chair.pk, team.champion.pk))
    Twin.objects.create(space=space, kind="person", first_id=low, second_id=high, bits=9, found_at=now)
    Merge.objects.create(
        space=space, kind="person", winner_id=low, loser_id=high, before={"winner": {"name": MARK}, "loser": {}},
        after={"winner": {"name": "a"}, "loser": {}}, made_by="operator",
        made_at=now,
    )  # fmt: skip
    for partnership_id in (0, team.partnership.pk):
        draft = Draft(
            "seat", f"thing:{partnership_id}", team.chair.email, "Hello", "Words", person_id=team.chair.pk,
            partnership_id=partnership_id, verb="links.make",
        )  # fmt: skip
        queue(draft, by="operator", space_id=space.pk)


def _partnership(team: Team, partnership: Partnership, person: Person) -> None:
    now = timezone.now()
    day, space, convener = now.date(), team.space, f"user:{team.users['convener'].pk}"
    made = {"space": space, "made_at": now, "made_by": convener}
    here = {**made, "partnership": partnership}
    Scope.objects.create(
        **here, version=1, region_text=REGION, region_name="R", sector_text=SECTOR, sector_name="S",
        company_rules=[], note="n", ready_reason="r",
    )  # fmt: skip
    seat = Seat.objects.create(
        **here, person=person, table="inner", role="champion", area="a", contribution="c", note="n", started_on=day
    )
    if partnership.pk == team.partnership.pk:
        Seat.objects.create(**here, person=team.partner, table="outer", role="convener", note="n", started_on=day)
    Decision.objects.create(
        **here, kind="other", question="q", options=[{"option": MARK, "reasons": MARK}], chosen="c", reasons="r",
        dissent="d", decided_by="b", decided_on=day,
    )  # fmt: skip
    Decision.objects.create(
        **here, kind="executive", question="q", options=[{"option": MARK, "reasons": MARK}], chosen="c", reasons="r",
        dissent="d", decided_by="b", decided_on=day, level="inner",
    )  # fmt: skip
    Deadline.objects.create(**here, title="t", due_on=day + timedelta(days=9), seat=seat, note="n")
    Step.objects.create(
        space=space, partnership=partnership, number=2, state="under_way", note="n", at=now, by=convener
    )
    ScopeWorkshop.objects.create(
        space=space, partnership=partnership, minutes=60, began_at=now, began_by=convener, ended_at=now,
        scope=Scope.objects.get(partnership=partnership), tests=[{"question": MARK, "says": MARK, "why": [MARK]}],
        who="w", note="n",
    )  # fmt: skip
    CompanyMark.objects.create(**here, organisation=team.company, is_in=True, reason="r")
    MapEntry.objects.create(**here, place="suppliers", name="n", organisation=team.company, note="n")
    TurningPoint.objects.create(**here, title="t", happened_on=day, why="w")
    Pledge.objects.create(**here, organisation=team.college, hours_a_week=2, started_on=day)
    line = {"organisation": team.company.pk, "name": MARK, "people": [MARK], "roles": ["chair"], "duties": []}
    Agreement.objects.create(**here, version=1, lines=[line])
    if partnership.pk == team.partnership.pk:
        Program.objects.create(
            **made, organisation=team.college, group="programs", name="n", offers="o", outreach_owner=team.partner,
            courts_sector="c",
        )  # fmt: skip
        PointOfContact.objects.create(
            space=space, organisation=team.company, topic="t", lead=team.partner, started_on=day, made_by=convener
        )


def _worksheets(team: Team, beside: Partnership) -> None:
    now = timezone.now()
    space, convener = team.space, f"user:{team.users['convener'].pk}"
    shipped = tools.tool(TOOL)
    texts = {
        language: (tools.FOLDER / f"{TOOL}.{language}.toml").read_text(encoding="utf-8") for language in ("en", "es")
    }
    own = {language: text.replace(f'id = "{TOOL}"', f'id = "{tool_of(team)}"', 1) for language, text in texts.items()}
    SpaceTool.objects.create(
        space=space, tool_id=tool_of(team), en_text=own["en"], es_text=own["es"], made_at=now, made_by=convener
    )
    SpaceText.objects.create(
        space=space, list_name="talking_points", item_id=words_of(team), group="college", language="en", title="t",
        text="t", made_at=now, made_by=convener,
    )  # fmt: skip
    for agency in (team.college, team.board, None):
        Talk.objects.create(
            space=space, agency=agency, organisation=team.college, with_name="n", audience="college", points=[],
            used_by="u", way="phone", outcome="yes", said="s", on=now.date(), made_at=now, made_by=convener,
        )  # fmt: skip
    SpacePreset.objects.create(
        space=space, key=next(iter(presets())), value=9, reason="r", made_at=now, made_by=convener
    )
    frozen = tools.freeze(shipped, {}, {})
    question = next(iter(shipped.sheet("en").questions))
    ways = ((team.partnership, "private"), (team.partnership, "group"), (beside, "private"))
    for partnership, way, shown in (*((*one, None) for one in ways), (team.partnership, "private", now)):
        made = Round.objects.create(
            space=space, partnership=partnership, tool_id=TOOL, tool_version=1, method_version=tools.VERSION,
            definition=frozen, way=way, note="n", made_at=now, made_by=convener, opened_at=now, revealed_at=shown,
        )  # fmt: skip
        asked = Asked.objects.create(space=space, round=made, person=team.chair, organisation=team.company)
        sheet = Sheet.objects.create(space=space, round=made, asked=asked if way == "private" else None,
                                     name="" if way == "private" else "Table 1", is_handed_in=True)  # fmt: skip
        Answer.objects.create(space=space, sheet=sheet, question=question.id, value=MARK, counter=1, device="d")
        Promise.objects.create(space=space, round=made, who="w", what="w", made_at=now, made_by=convener)


def round_of(team: Team) -> Round:
    """The round of the partnership in which each person answers alone."""
    return _first(Round, team, partnership=team.partnership, way="private")


def tool_of(team: Team) -> str:
    """The worksheet that this team brought."""
    return f"tool-of-{team.space.slug}"


def own_of(team: Team) -> str:
    """The question that this team added; each team has another number."""
    return "own-1" if team.space.slug == "ohio" else "own-2"


def words_of(team: Team) -> str:
    """The talking point that this team added."""
    return f"own-{team.space.slug}"


def _facts(team: Team) -> None:
    now, space, who = timezone.now(), team.space, f"user:{team.users['economist'].pk}"
    for kind, text in (("region", REGION), ("sectors", SECTOR)):
        Definition.objects.create(
            space=space, kind=kind, slug=f"{kind}-{space.slug}", version=1, name="n", text=text,
            created_on=now.date(), created_by=who,
        )  # fmt: skip
    study = Study.objects.create(
        space=space, title="t", question={"region": REGION, "sector": SECTOR, "year": 2024}, answer={},
        file_name="f.xlsx", sha256=f"{space.pk:064d}", created_at=now, created_by=who,
    )  # fmt: skip
    LocalNote.objects.create(
        space=space, areas="39041", region_name="R", sector="326", sector_name="S", text="t", said_by="s", study=study,
        created_at=now, created_by=who,
    )  # fmt: skip


def _library(team: Team) -> None:
    """An answer of the team's own, and a text that somebody has read."""
    now, who = timezone.now(), f"user:{team.users['convener'].pk}"
    OwnAnswer.objects.create(
        space=team.space, entry=own_of(team), en_question="q", en_answer="a", es_question="p", es_answer="r",
        made_at=now, made_by=who,
    )  # fmt: skip
    ReadMark.objects.create(space=team.space, entry="primer", by=who, at=now)


# --- what stands in an address ----------------------------------------------------------------------------------------


def numbers() -> dict[Any, Any]:
    """The factories of these things: converter, or (route, converter), to a function of the team."""

    def of(model: Any, **wanted: Any) -> Any:
        return lambda team: _first(model, team, **wanted).pk

    def within(model: Any, **wanted: Any) -> Any:
        return lambda team: _first(model, team, partnership=team.partnership, **wanted).pk

    chair, company = lambda team: team.chair.pk, lambda team: team.company.pk
    found: dict[Any, Any] = {
        "partnership": lambda team: team.partnership.slug,
        "seat": lambda team: team.chair_seat.pk,
        "decision": within(Decision),
        "deadline": within(Deadline),
        "pledge": within(Pledge),
        "entry": within(MapEntry),
        "point": within(TurningPoint),
        "program": of(Program),
        "organisation": company,
        "ask": of(Ask),
        "tool": tool_of,
        "shelf": lambda team: "questions",
        "article": own_of,
        "question": own_of,
        "paper": lambda team: "poster",
        "page": lambda team: "people",
        ("library-paper", "kind"): lambda team: "docx",
        ("library-entry-paper", "kind"): lambda team: "docx",
        ("story-paper", "kind"): lambda team: "docx",
        "talk": of(Talk, agency=None),
        "words_list": lambda team: "talking_points",
        "words_item": words_of,
        ("roles-matrix-download", "kind"): lambda team: "docx",
        "form": lambda team: "csv",
        ("import-template", "kind"): lambda team: "people",
        ("import-schema", "kind"): lambda team: "people",
        ("held-copy", "kind"): lambda team: "json",
        ("decision-download", "kind"): lambda team: "docx",
        ("meeting-product-file", "kind"): lambda team: "docx",
        ("live-product", "kind"): lambda team: "docx",
        ("agreement-download", "kind"): lambda team: "docx",
        ("worksheet-paper", "kind"): lambda team: "docx",
        ("map-download", "kind"): lambda team: "docx",
        ("work-session", "meeting"): within(Meeting, run="support-team"),
        ("work-session-now", "meeting"): within(Meeting, run="support-team"),
        ("work-session-write", "meeting"): within(Meeting, run="support-team"),
        ("work-session-result", "meeting"): within(Meeting, run="support-team"),
        ("convener-hand-over", "seat"): within(Seat, role="convener"),
        ("membership", "number"): lambda team: team.chair.memberships.all()[0].pk,
        ("membership-end", "number"): lambda team: team.chair.memberships.all()[0].pk,
        ("segment-drop", "number"): of(Segment),
        ("twin", "number"): of(Twin),
        ("twin-part", "number"): of(Merge),
        ("note-withdraw", "number"): of(LocalNote),
        ("data-study", "number"): of(Study),
        ("region-saved", "slug"): lambda team: f"region-{team.space.slug}",
        ("region-saved-text", "slug"): lambda team: f"region-{team.space.slug}",
        ("sectors-saved", "slug"): lambda team: f"sectors-{team.space.slug}",
        ("sectors-saved-text", "slug"): lambda team: f"sectors-{team.space.slug}",
    }
    people = "person person-edit person-move person-join person-archive person-evidence person-tie person-consent"
    for name in f"{people} person-mail person-send person-hold person-erase".split():
        found[(name, "number")] = chair
    for name in ("organisation", "organisation-edit", "organisation-archive"):
        found[(name, "number")] = company
    for name in ["import", "import-columns", "import-decide", "import-write", "import-undo", "import-discard"]:
        found[(name, "number")] = of(Import)
    for name in ["letter", "letter-cancel", "letter-again", "letter-arrived"]:
        found[(name, "number")] = lambda team: Letter.objects.filter(space_id=team.space.pk, key="thing:0")[0].pk
    for name in ("round-group", "round-group-save"):
        found[(name, "number")] = within(Round, way="group")
    for name in ["open", "slips", "remind", "reveal", "off", "typed"]:
        found[(f"round-{name}", "number")] = within(Round, way="private")
    for name in ("results", "download", "decide", "pledge", "again"):
        found[(f"round-{name}", "number")] = within(Round, revealed_at__isnull=False)
    found[("round", "number")] = within(Round, way="private")
    around = (
        "prepare arrange facilitator materials paper calendar links slips attendance check-in attendance-file place "
        "change doors enter photo-add photo photo-remove review product product-file freeze reopen next"
    )
    for name in ("meeting", *(f"meeting-{one}" for one in around.split())):
        found[(name, "number")] = within(Meeting, run="launch", is_practice=False)
    for name in ("walk", "walk-set-up", "walk-strike", "walk-decide"):
        found[(name, "number")] = within(Meeting, run="data-walk")
    for name in ("meeting-result", "meeting-result-file"):
        found[(name, "number")] = within(Meeting, run="debrief", is_practice=False)
    found[("meeting-result-file", "kind")] = lambda team: "docx"
    found[("meeting-wipe", "number")] = within(Meeting, is_practice=True)
    found["meeting"] = within(Meeting, run="launch", is_practice=False)
    found["priority"], found["task"], found["shelved"] = within(Priority), within(Task), within(Shelved)
    found["champion"] = lambda team: _first(Champion, team, priority__partnership=team.partnership).pk
    found["photo"] = lambda team: _first(Photo, team, meeting=meeting_of(team)).pk
    found[("meeting-paper", "paper")] = lambda team: "agenda"
    found[("meeting-paper", "kind")] = lambda team: "docx"
    found["code"] = lambda team: "ABCDEFG"
    return found


def beside(team: Team) -> dict[str, Any]:
    """The same kinds of things in the team's other partnership: not for whoever has a role in the first alone."""
    other = Partnership.objects.get(space=team.space, slug=f"beside-{team.space.slug}")
    found = {
        "partnership": other.slug,
        "seat": _first(Seat, team, partnership=other).pk,
        "decision": _first(Decision, team, partnership=other).pk,
        "deadline": _first(Deadline, team, partnership=other).pk,
        "pledge": _first(Pledge, team, partnership=other).pk,
        "entry": _first(MapEntry, team, partnership=other).pk,
        "point": _first(TurningPoint, team, partnership=other).pk,
        "round": _first(Round, team, partnership=other).pk,
        "priority": _first(Priority, team, partnership=other).pk,
        "champion": _first(Champion, team, priority__partnership=other).pk,
        "task": _first(Task, team, partnership=other).pk,
        "shelved": _first(Shelved, team, partnership=other).pk,
        "meeting-number": _first(Meeting, team, partnership=other, run="launch").pk,
        "walk-number": _first(Meeting, team, partnership=other, run="data-walk").pk,
    }
    return found

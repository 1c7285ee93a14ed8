"""Example teams after the stories of the library: a partnership with the story's figures, and people who do not exist.

A file in `teams/` says how many companies joined when; their names are put together from word lists, always alike. All
of it goes through the actions that a convener uses.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.example import launches
from sharedtable.method import toml_data
from sharedtable.partnerships import actions, clocking, deciding, handing_over, scoping, seating
from sharedtable.partnerships.models import Partnership, Seat
from sharedtable.people.actions.entries import add_organisation, add_person
from sharedtable.people.models import Organisation, Person
from sharedtable.studies.actions import save_region, save_sector
from sharedtable.studies.questions import Region, Sector

FOLDER = Path(__file__).parent / "teams"
SOURCE = "Example"
MONTH_DAYS = 30
_NEEDED = {
    "story", "team", "state_code", "convener", "name", "summary", "region", "region_name", "first_sector", "sector",
    "sector_name", "scope_note", "began_days", "step", "wave", "area", "partner", "meeting", "launch",
}  # fmt: skip
_LAUNCH = {"place", "time", "opportunity"}
_LAUNCH_TOO = {"shelf", "parked", "missing", "next_in_days", "task", "coming"}
_AREA = {"title", "champions", "about", "cards"}


def team_files() -> Mapping[str, Mapping[str, Any]]:
    """The example teams by short name, in order, checked."""
    return {path.stem: _team_file(path) for path in sorted(FOLDER.glob("*.toml")) if path.stem != "names"}


@cache
def _team_file(path: Path) -> Mapping[str, Any]:
    data = toml_data.read(path)
    toml_data.check_keys(path.name, data, _NEEDED, {"decision", "deadline", "hand_over"})
    toml_data.check_keys(f"{path.name}, launch", data["launch"], _LAUNCH, _LAUNCH_TOO)
    for area in data["area"]:
        toml_data.check_keys(f"{path.name}, area “{area['title']}”", area, _AREA, {"said"})
    return data


@dataclass
class _Words:
    """Names from the word lists, each pair once."""

    lists: Mapping[str, Sequence[str]]
    people: int = 0
    companies: int = 0
    used: set[str] = field(default_factory=set)

    def person(self) -> tuple[str, str]:
        """A name and a title."""
        given, family, titles = self.lists["given"], self.lists["family"], self.lists["titles"]
        n = self.people
        self.people += 1
        # Two lists whose lengths share no factor: every pair comes once before any comes again.
        return f"{given[n % len(given)]} {family[n % len(family)]}", titles[n % len(titles)]

    def company(self, words: Sequence[str]) -> str:
        """The name of a company."""
        first = self.lists["place"]
        for n in range(self.companies, self.companies + len(first) * len(words)):
            name = f"{first[n % len(first)]} {words[(n // len(first) + n % len(first)) % len(words)]}"
            if name not in self.used:
                self.companies = n + 1
                self.used.add(name)
                return name
        raise Refused("There are not enough words for that many companies. Add some to the wave.")


def lay(by: Actor, data: Mapping[str, Any]) -> Partnership:
    """The whole team of a file, as its convener would have entered it."""
    with (FOLDER / "names.toml").open("rb") as file:
        words = _Words(tomllib.load(file))
    today = today_of(by)
    made = begin(by, data)
    partners = _partners(by, made, data, words, today)
    members = _members(by, made, data, words, today)
    launch = today + timedelta(days=min(meeting["days"] for meeting in data["meeting"]))
    champions = _areas(by, made, data, members, launch)
    missing = [(words.person()[0], words.company(one["words"])) for one in data["launch"].get("missing", ())]
    launches.hold(by=by, partnership=made, data=data, on=launch, champions=champions, missing=missing, today=today)
    for entry in data.get("decision", ()):
        decide(by, made, entry, today)
    for meeting in data["meeting"]:
        on = today + timedelta(days=meeting["days"])
        for due in clocking.set_meeting(by=by, partnership=made, on=on, is_launch=meeting["is_launch"]):
            if due.due_on < today:
                clocking.change_deadline(by=by, deadline=due, done_on=due.due_on)
    for entry in data.get("deadline", ()):
        due_on = today + timedelta(days=MONTH_DAYS * entry["due_months"])
        clocking.add_deadline(by=by, partnership=made, title=entry["title"], due_on=due_on)
    if "hand_over" in data:
        _hand_over(by, made, data["hand_over"], partners)
    return made


def today_of(by: Actor) -> date:
    """The day of the team: the start page, from which an example is laid, stands in no zone of a team."""
    return timezone.localdate(timezone=by.space.zone if by.space else None)


def begin(by: Actor, data: Mapping[str, Any]) -> Partnership:
    """The partnership of a file with its scope and its steps; steps before the first that it names are done."""
    region, sector = Region.of(data["region"], data["region_name"]), Sector.of(data["sector"], data["sector_name"])
    save_region(region, by=by)
    save_sector(sector, by=by)
    made = actions.begin(
        by=by, name=data["name"], region=region.name, sector=data["first_sector"], summary=data["summary"]
    )
    scoping.make_version(
        by=by, partnership=made, based_on=1, region=region.name, sector=sector.name, note=data["scope_note"]
    )
    scoping.mark_good_enough(by=by, partnership=made, version=2)
    first = min(step["number"] for step in data["step"])
    for number in range(1, first):
        actions.set_step(by=by, partnership=made, number=number, state="done", note="")
    for step in data["step"]:
        actions.set_step(by=by, partnership=made, **step)
    return made


def _add(by: Actor, place: Mapping[str, Any], person: tuple[str, str]) -> tuple[Organisation, Person]:
    values = {**place, "website": f"https://{_domain(place['name'])}"}
    company = add_organisation(by=by, values=values, source=SOURCE)
    name, title = person
    email = f"{name.lower().replace(' ', '.')}@{_domain(place['name'])}"
    return company, add_person(
        by=by, values={"name": name, "email": email}, organisation_id=company.pk, title=title, source=SOURCE
    )


def _domain(name: str) -> str:
    """An address that nobody can have: names under .example are kept for stories."""
    return "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split()) + ".example"


def _partners(
    by: Actor, made: Partnership, data: Mapping[str, Any], words: _Words, today: date
) -> dict[str, tuple[Person, Seat]]:
    found = {}
    since = today - timedelta(days=data["began_days"])
    for entry in data["partner"]:
        place = {"name": entry["name"], "kind": "support", "system": entry["system"], "state_code": data["state_code"]}
        organisation, person = _add(by, place, (words.person()[0], "Director"))
        seat = seating.give_seat(
            by=by, partnership=made, role=entry["role"], person=person, organisation=organisation,
            contribution=entry.get("contribution", ""), started_on=since,
        )  # fmt: skip
        found[entry["name"]] = (person, seat)
    return found


def _members(by: Actor, made: Partnership, data: Mapping[str, Any], words: _Words, today: date) -> list[Person]:
    members = []
    for wave in data["wave"]:
        for n, since in enumerate(_days(wave, today)):
            place = {
                "name": words.company(wave["words"]), "kind": "business", "state_code": data["state_code"],
                "naics_code": wave["naics_code"], "county_code": wave["county_codes"][n % len(wave["county_codes"])],
            }  # fmt: skip
            _place, person = _add(by, place, words.person())
            seating.give_seat(by=by, partnership=made, role="member", person=person, started_on=since)
            members.append(person)
    return members


def _days(wave: Mapping[str, Any], today: date) -> Iterator[date]:
    """The days on which the companies of a wave joined, evenly spread."""
    for n in range(wave["count"]):
        passed = (wave["from_days"] - wave["to_days"]) * n // max(1, wave["count"] - 1)
        yield today - timedelta(days=wave["from_days"] - passed)


def _areas(
    by: Actor, made: Partnership, data: Mapping[str, Any], members: Sequence[Person], launch: date
) -> dict[str, list[Person]]:
    """The first members become chairs and champions: one leads each area. Gives the champions of each."""
    for person in members[:2]:
        seating.give_seat(by=by, partnership=made, role="chair", person=person, started_on=launch)
    waiting = iter(members)
    found: dict[str, list[Person]] = {}
    for area in data["area"]:
        people = found[area["title"]] = [next(waiting) for _n in range(area["champions"])]
        for n, person in enumerate(people):
            role = "champion" if n else "lead_champion"
            seating.give_seat(by=by, partnership=made, role=role, person=person, area=area["title"], started_on=launch)
    return found


def decide(by: Actor, made: Partnership, entry: Mapping[str, Any], today: date) -> None:
    """A decision of a file, written down."""
    deciding.decide(
        by=by,
        partnership=made,
        wanted=deciding.Wanted(
            question=entry["question"],
            kind=entry["kind"],
            options=[
                deciding.Choice(option, leaves_behind=behind)
                for option, behind in zip(entry["options"], entry.get("leaves_behind") or _none(entry), strict=True)
            ],
            chosen=entry["chosen"],
            next_choice=entry.get("next_choice", ""),
            reasons=entry["reasons"],
            dissent=entry["dissent"],
            decided_by=entry.get("decided_by", "The support team and the chairs"),
            decided_on=today + timedelta(days=entry["decided_days"]),
            review_on=today + timedelta(days=entry["review_in_days"]),
        ),
    )


def _hand_over(
    by: Actor, made: Partnership, data: Mapping[str, Any], partners: Mapping[str, tuple[Person, Seat]]
) -> None:
    """The convener passes the seat on, as on the page of the seat."""
    old = next(seat for _person, seat in partners.values() if seat.role == "convener")
    handing_over.hand_over_convening(
        by=by, seat=Seat.objects.get(pk=old.pk), to=partners[data["to"]][0], takes_contacts=False,
        letters_are_seen=True, note=data["note"],
    )  # fmt: skip


def _none(entry: Mapping[str, Any]) -> list[str]:
    """Options of a decision in which nobody has to leave anything behind."""
    return [""] * len(entry["options"])

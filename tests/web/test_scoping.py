"""The scope workshop as pages: a choice changes the answers without a script, good enough, who may, two at once."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sharedtable.lmi import example
from sharedtable.lmi.store import Store
from sharedtable.partnerships import scoping, seating, teamwork
from sharedtable.partnerships.models import MapEntry, Partnership, Scope, ScopeWorkshop
from sharedtable.people.models import Organisation, Person
from sharedtable.worksheets import round_actions
from sharedtable.worksheets.models import SpacePreset
from sharedtable.worksheets.round_actions import NewRound

P = "/s/ohio/p/plastics/"
W = P + "scope/workshop/"
FRANKLIN, DELAWARE = "39049", "39041"
CENTRAL = "39041,39045,39047,39049,39073,39083,39089,39091,39097,39101,39117,39127,39129,39141,39159"
PAGES = ("", "region", "industry", "launch", "firms")


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("example")
    assert example.install(Store(folder, create=True))
    return folder


@pytest.fixture
def team(cast, settings, example_data):
    """The team of Ohio with a first scope and the figures of the example."""
    settings.DATA = example_data
    scoping.make_version(
        by=cast.ohio.actor("convener"), partnership=cast.ohio.partnership, based_on=0, region=FRANKLIN, sector="3261",
        note="",
    )  # fmt: skip
    return cast


def text(reply) -> str:
    """What a page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", reply.content.decode())).split())


def settle(client, **more):
    day = (timezone.localdate() + timedelta(days=300)).isoformat()
    given = {"base": "1", "who": "Casey and Pat", "note": "Wider.", "review_on": day, **more}
    return client.post(W + "good-enough", given)


def test_every_page_opens_in_both_languages_and_changes_nothing(team) -> None:
    client = team.client("convener")
    for language in ("en", "es"):
        client.cookies["language"] = language
        for page in PAGES:
            assert client.get(W + page).status_code == 200, page
    assert not ScopeWorkshop.objects.exists() and Scope.objects.count() == 1


@pytest.mark.parametrize(
    ("areas", "said"),
    [
        ("39049", "Likely too small: one county alone."),
        (CENTRAL, "Just right to begin with."),
        ("39000", "Too big: a whole state."),
    ],
)
def test_other_counties_in_the_address_give_other_answers_without_a_script(team, areas, said) -> None:
    found = team.client("convener").get(W + "region", {"areas": areas})
    assert said in text(found) and ("tried, not kept" in text(found))
    assert Scope.objects.count() == 1


def test_the_form_of_counties_sends_each_box_and_none_at_all_is_no_region(team) -> None:
    client = team.client("convener")
    assert "2 counties" in text(client.get(W + "region", {"base": "1", "areas": ["", FRANKLIN, DELAWARE]}))
    assert "no region yet" in text(client.get(W + "region", {"base": "1", "areas": ""}))


def test_one_town_is_too_small_whatever_the_counties_are(team) -> None:
    found = text(team.client("convener").get(W + "region", {"areas": CENTRAL, "said": "town"}))
    assert "Too small: one place only." in found


def test_a_cut_commuting_zone_offers_to_take_in_the_rest(team) -> None:
    client = team.client("convener")
    page = client.get(W + "region", {"areas": CENTRAL}).content.decode()
    address = html.unescape(re.search(r'href="([^"]+)">Take in the rest<span class="sr-only">: Mansfield', page)[1])
    assert "18 counties" in text(client.get(address))  # three more of the five of that zone


def test_industries_are_found_by_words_and_by_codes(team) -> None:
    client = team.client("convener")
    found = client.get(W + "industry", {"q": "plastics"})
    assert "Plastics Product Manufacturing" in text(found)
    add = re.search(r'href="([^"]+)"[^>]*>(?:(?!</a>).)*Take in<span class="sr-only"> Plastics and Rubber', found.content.decode(), re.S)  # fmt: skip # noqa: E501
    assert "326" in html.unescape(add[1])
    broad = text(client.get(W + "industry", {"include": "3254,541714,5182"}))
    assert "Likely too broad: it reaches into 3 unlike industries." in broad
    narrow = text(client.get(W + "industry", {"include": "311830"}))
    assert "Perhaps too narrow" in narrow and "Fewer than 100" in narrow


def test_withheld_figures_are_said_and_no_zero_stands_for_them(team) -> None:
    found = text(team.client("convener").get(W + "firms", {"areas": CENTRAL, "include": "311830"}))
    assert "withheld" in found and "Jobs: all withheld" not in found
    found = text(team.client("convener").get(W + "industry", {"areas": CENTRAL, "include": "311830"}))
    assert "Jobs: all withheld, to protect single employers. Withheld is not zero." in found


def test_numbers_of_the_team_decide_over_those_of_the_method(team) -> None:
    client = team.client("convener")
    assert "a talk, not a launch" not in text(client.get(W + "launch", {"launch": "4"}))
    SpacePreset.objects.create(
        space=team.ohio.space, key="launch_businesses_too_few", value=4, reason="small region", made_by="operator",
        made_at=timezone.now(),
    )  # fmt: skip
    assert "a talk, not a launch" in text(client.get(W + "launch", {"launch": "4"}))


@pytest.mark.parametrize(
    "given",
    [
        {"areas": "99999"}, {"areas": "nowhere"}, {"include": "777777"}, {"launch": "many"}, {"launch": "-2"},
        {"members": "9" * 12}, {"include": "3261", "exclude": "11"}, {"base": "x"}, {"name": "x" * 200},
        {"rules": "employees", "least": "zero"}, {"areas": "39049\0"}, {"launch": "²"},
    ],
)  # fmt: skip
def test_what_cannot_be_tried_is_said_and_the_kept_version_stands(team, given) -> None:
    for page in PAGES:
        found = team.client("convener").get(W + page, given)
        assert found.status_code == 422 and "That could not be tried" in text(found), page
        assert "version 1" in text(found)


def test_odd_keys_of_the_view_do_no_harm(team) -> None:
    client = team.client("convener")
    for given in ({"state": "ZZ"}, {"q": "no such place anywhere"}, {"state": "PR"}):
        assert client.get(W + "region", given).status_code == 200, given
    assert client.get(W + "industry", {"open": "777"}).status_code == 200
    assert client.get(W + "industry", {"q": "basket weaving"}).status_code == 200


def test_good_enough_keeps_what_was_tried_with_its_tests_and_who_tested(team) -> None:
    client = team.client("convener")
    reply = settle(client, areas=CENTRAL, name="Central Ohio", launch="25", members="40")
    assert reply.status_code == 302
    found = text(client.get(W))
    assert "version 2 was good enough" in found and "Tested by Casey and Pat." in found
    newest = Scope.objects.order_by("-version").first()
    assert (newest.region_name, newest.is_good_enough, newest.note) == ("Central Ohio", True, "Wider.")
    session = ScopeWorkshop.objects.get()
    assert {test["key"] for test in session.tests} >= {
        "size",
        "shed",
        "lines",
        "boards",
        "broad",
        "narrow",
        "employers",
    }
    assert "25" in client.get(W + "launch").content.decode()  # the numbers of the last workshop are there again
    assert "Look at the scope again" in text(client.get(P + "clock/"))


def test_the_second_of_two_keeps_what_they_typed_and_sees_why(team) -> None:
    first, second = team.client("convener"), team.client("convener")
    assert settle(first, areas=f"{FRANKLIN},{DELAWARE}").status_code == 302
    reply = settle(second, areas=CENTRAL, who="Jordan")
    assert reply.status_code == 422
    assert "Somebody else made version 2 of this scope meanwhile" in text(reply)
    assert "Jordan" in reply.content.decode() and CENTRAL in reply.content.decode()
    assert "Somebody made version 2 meanwhile" in text(reply)
    assert Scope.objects.count() == 2


def test_good_enough_without_an_industry_is_refused_in_words(team) -> None:
    reply = settle(team.client("convener"), include="")
    assert reply.status_code == 422 and "A scope needs both" in text(reply)


@pytest.mark.parametrize("role", ["admin", "agency", "economist", "adviser", "state", "stranger", "visitor"])
def test_who_may_look_tries_and_only_conveners_keep(team, role) -> None:
    client = team.client(role)
    sees = role in ("admin", "agency", "economist", "adviser")
    for page in PAGES:
        assert client.get(W + page).status_code == (200 if sees else 404), page
    for act in ("begin", "end", "good-enough"):
        assert client.post(W + act, {"base": "1"}).status_code == 404, act
    if sees:
        assert "Start the hour" not in text(client.get(W)) and "Names of those in the room" not in text(client.get(W))
    assert team.client("convener", "maine").get(W).status_code == 404
    assert not ScopeWorkshop.objects.exists()


def test_the_hour_begins_shows_and_ends(team) -> None:
    client = team.client("convener")
    assert client.post(W + "begin").status_code == 302
    assert "60 minutes left" in text(client.get(W)) and "Now: the region." in text(client.get(W + "region"))
    ScopeWorkshop.objects.update(began_at=timezone.now() - timedelta(minutes=61))
    assert "The hour is over" in text(client.get(W))
    assert client.post(W + "end").status_code == 302
    assert "ended without a version" in text(client.get(W))


def test_the_sheets_of_the_scope_are_answered_by_the_same_tests(team) -> None:
    client, by = team.client("convener"), team.ohio.actor("convener")
    settle(client, areas=CENTRAL, launch="2")
    sheets = {"scope-hour": "Just right to begin with.", "scope-region": "Just right to begin with.",
              "scope-industry": "places of work", "scope-firms": "a talk, not a launch"}  # fmt: skip
    begun: dict[str, int] = {}
    for tool, said in sheets.items():
        wanted = NewRound(tool, "group", Partnership.objects.get(pk=team.ohio.partnership.pk))
        begun[tool] = round_actions.start_round(wanted, by=by).pk
        round_actions.open_round(begun[tool], by=by)
        page = client.get(f"/s/ohio/rounds/{begun[tool]}/group", {"group": "Table 1"})
        assert said in text(page), tool
    assert text(client.get(W)).count("open for answers") == 4
    # The group widens the region while it sits over the sheet: the sheet follows.
    settle(client, base="2", areas="39000", launch="2")
    page = client.get(f"/s/ohio/rounds/{begun['scope-region']}/group", {"group": "Table 1"})
    assert "Too big: a whole state." in text(page)


def test_a_partnership_begins_with_words_for_its_industry(team) -> None:
    client = team.client("convener")
    given = {"name": "Trucks", "region": FRANKLIN, "sector": "plastics"}
    asked = client.post("/s/ohio/partnerships/begin", given)
    assert asked.status_code == 422 and "fits several industries" in text(asked)
    assert 'value="3261"' in asked.content.decode() and 'value="plastics"' in asked.content.decode()
    assert client.post("/s/ohio/partnerships/begin", {**given, "meant": ["3261"]}).status_code == 302
    made = Partnership.objects.get(slug="trucks").scopes.get()
    assert (made.sector_name, "3261" in made.sector_text) == ("plastics", True)
    reply = client.post("/s/ohio/partnerships/begin", {**given, "name": "B", "meant": ["6221"]})
    assert reply.status_code == 422  # what was not offered cannot be chosen


def test_a_name_on_the_map_is_changed_with_the_keyboard_alone_and_downloaded(team) -> None:
    client, by = team.client("convener"), team.ohio.actor("convener")
    entry = teamwork.place_on_map(by=by, partnership=team.ohio.partnership, place="suppliers", name="Resin maker")
    assert "Resin maker" in text(client.get(P + "map/"))
    address = f"{P}map/{entry.pk}/"
    assert 'value="Resin maker"' in client.get(address).content.decode()
    assert client.post(address, {"place": "buyers", "name": "Resin buyer", "note": ""}).status_code == 302
    assert MapEntry.objects.get(ended_at=None).name == "Resin buyer"
    late = client.post(address, {"place": "labor", "name": "Too late"})
    assert late.status_code == 422 and "Too late" in late.content.decode() and "Somebody else changed" in text(late)
    for kind in ("docx", "pptx", "pdf"):
        assert client.get(f"{P}map/map.{kind}").status_code == 200
    assert client.get(P + "map/map.exe").status_code == 404
    assert team.client("adviser").get(P + "map/").status_code == 200
    assert team.client("adviser").post(address, {"place": "labor", "name": "No"}).status_code == 404


def test_the_number_of_queries_does_not_grow(team) -> None:
    client, by, now = team.client("convener"), team.ohio.actor("convener"), timezone.now()

    def asked() -> dict[str, int]:
        found = {}
        for page in PAGES:
            client.get(W + page)
            with CaptureQueriesContext(connection) as queries:
                client.get(W + page)
            found[page] = len(queries)
        return found

    few = asked()
    for number in range(6):
        place = Organisation.objects.create(
            space=team.ohio.space, kind="support", name=f"Partner {number}", city="C", made_at=now, changed_at=now
        )
        person = Person.objects.create(space=team.ohio.space, name=f"P {number}", made_at=now, changed_at=now)
        seating.give_seat(
            by=by, partnership=team.ohio.partnership, role="core_partner", person=person, organisation=place
        )
        teamwork.register_program(
            by=by, organisation=place, group="programs", name=f"N {number}", owner=None, courts_sector="plastics"
        )
    settle(client)
    many = asked()
    assert max(many.values()) <= 30, many
    assert all(many[page] <= few[page] + 1 for page in PAGES), (few, many)  # the numbers of the last workshop

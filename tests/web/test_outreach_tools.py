"""Talking points and their log, the roles matrix, rings, where the partnership fits, pledges, merged pictures."""

from __future__ import annotations

import io
from datetime import timedelta

import docx
import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from sharedtable.accounts.actors import Actor, actor_of_link
from sharedtable.accounts.links import make_link
from sharedtable.errors import Missing, Refused
from sharedtable.ledger.models import Entry, Letter
from sharedtable.method import lists, tools
from sharedtable.partnerships import seat_acts, seating, teamwork
from sharedtable.partnerships.models import Decision, Pledge
from sharedtable.people.models import Organisation
from sharedtable.people.search import refresh_organisations
from sharedtable.web.outreach_tools.rings import drawn
from sharedtable.worksheets import answering, merged, round_actions, talking, wording
from sharedtable.worksheets.models import Round
from sharedtable.worksheets.results import Filled
from sharedtable.worksheets.talking import NewTalk
from sharedtable.worksheets.text_models import SpaceText, Talk
from tests.cast import Cast
from tests.web.conftest import words
from tests.worksheets.rounds import answer, begun, holder, seats


@pytest.fixture
def record(cast: Cast) -> Cast:
    refresh_organisations(Organisation.objects.all())
    return cast


def talk(by: Actor, **given: object) -> Talk:
    new = {
        "audience": "college",
        "partner": "Somebody",
        "way": "phone",
        "outcome": "yes",
        "on": timezone.localdate(),
        **given,
    }
    return talking.write_down(by=by, talk=NewTalk(**new))  # type: ignore[arg-type]


# --- talking points


def test_a_team_says_a_point_in_its_own_words_and_the_other_team_sees_nothing_of_it(record: Cast) -> None:
    client = record.client("convener")
    address = reverse("own-words", args=["ohio", "talking_points", "college-saves"])
    client.post(address, {"title": "Time", "text": "Zq: one room, ten firms."})
    assert "Zq: one room" in words(client.get("/s/ohio/talking-points/"))
    assert "your words" in words(client.get("/s/ohio/talking-points/?for=college"))
    assert "Zq" not in words(record.client("convener", "maine").get("/s/maine/talking-points/"))
    client.cookies["language"] = "es"
    assert "Zq" not in words(client.get("/s/ohio/talking-points/"))  # the words of one language are those of it alone
    client.cookies["language"] = "en"
    assert "Zq" in words(client.get(address)) and "As it is shipped" in words(client.get(address))
    client.post(address, {"title": "", "text": ""})
    assert "Zq" not in words(client.get("/s/ohio/talking-points/"))
    assert Entry.objects.filter(verb="method.text").count() == 2


def test_a_team_adds_a_point_and_takes_it_away_again(record: Cast) -> None:
    client = record.client("admin")
    client.post(reverse("own-words-add", args=["ohio", "talking_points"]) + "?group=chamber",
                {"title": "Zq own", "text": "We never ask for dues."})  # fmt: skip
    made = SpaceText.objects.get()
    assert made.group == "chamber" and "Zq own" in words(client.get("/s/ohio/talking-points/?for=chamber"))
    assert "Zq own" not in words(client.get("/s/ohio/talking-points/?for=college"))
    client.post(reverse("own-words", args=["ohio", "talking_points", made.item_id]), {"title": "", "text": ""})
    assert "Zq own" not in words(client.get("/s/ohio/talking-points/"))


@pytest.mark.parametrize("role", ["agency", "economist", "adviser", "state"])
def test_who_may_not_change_the_method_rewords_nothing(record: Cast, role: str) -> None:
    address = reverse("own-words", args=["ohio", "talking_points", "college-saves"])
    assert record.client(role).post(address, {"title": "x", "text": "y"}).status_code == 404
    with pytest.raises(Missing):
        wording.reword(by=record.ohio.actor(role), name="talking_points", key="college-saves", language="en",
                       title="x", text="y")  # fmt: skip
    assert not SpaceText.objects.exists()


def test_only_lists_that_are_meant_for_it_are_changed(record: Cast) -> None:
    by = record.ohio.actor("convener")
    for name in ("steps", "roles", "no-such-list"):
        assert record.client("convener").get(reverse("own-words", args=["ohio", name, "team"])).status_code == 404
    with pytest.raises(Missing):
        wording.add(by=by, name="responsibilities", group="", language="en", title="a", text="b")
    with pytest.raises(Refused):
        wording.reword(by=by, name="talking_points", key="college-saves", language="fr", title="a", text="b")


def test_a_talk_is_written_down_on_a_phone_with_the_notice_about_public_records(record: Cast) -> None:
    client = record.client("convener")
    address = reverse("talk-add", args=["ohio"]) + "?for=college"
    page = words(client.get(address))
    assert "public record" in page and "Which points did you use?" in page
    form = {"audience": "college", "partner": "lakeside community college", "on": timezone.localdate().isoformat(),
            "way": "phone", "points": ["college-saves"], "outcome": "look", "said": "Zq send the dates",
            "used_by": "Convener"}  # fmt: skip
    assert "Zq send the dates" in words(client.post(address, form, follow=True))
    made = Talk.objects.get()
    assert (made.organisation, made.points, made.outcome) == (record.ohio.college, ["college-saves"], "look")
    assert Entry.objects.filter(verb="talk.write").count() == 1
    page = words(client.get("/s/ohio/talking-points/"))
    assert "Used 1 time; 0 joined in." in page and "They want to see it first" in page
    client.post(reverse("talk-strike", args=["ohio", made.pk]))
    assert "Zq send the dates" not in words(client.get("/s/ohio/talking-points/"))


def test_a_form_that_does_not_fit_comes_back_with_what_was_typed(record: Cast) -> None:
    client = record.client("convener")
    far = (timezone.localdate() + timedelta(days=40)).isoformat()
    page = client.post(reverse("talk-add", args=["ohio"]),
                       {"audience": "college", "partner": "Zq Partner", "on": far, "way": "phone", "outcome": "no",
                        "used_by": "me"})  # fmt: skip
    assert page.status_code == 422 and "lies ahead" in words(page) and "Zq Partner" in page.content.decode()
    assert not Talk.objects.exists()


def test_agency_staff_see_and_strike_the_talks_of_their_own_agency_alone(record: Cast) -> None:
    mine = talk(record.ohio.actor("agency"), said="zq mine")
    theirs = talk(record.ohio.actor("convener"), said="zq theirs")
    page = words(record.client("agency").get("/s/ohio/talking-points/"))
    assert "zq mine" in page and "zq theirs" not in page
    for role in ("admin", "economist", "adviser"):
        page = words(record.client(role).get("/s/ohio/talking-points/"))
        assert "zq" not in page and "Used 1 time" not in page and "What it saves" in page
    assert record.client("agency").post(reverse("talk-strike", args=["ohio", theirs.pk])).status_code == 404
    assert record.client("convener", "maine").post(reverse("talk-strike", args=["maine", mine.pk])).status_code == 404
    with pytest.raises(Missing):
        talk(record.ohio.actor("admin"))


# --- roles, rings, the law


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_matrix_says_what_five_groups_do_in_six_steps_on_page_and_paper(record: Cast, language: str) -> None:
    client = record.client("agency")
    client.cookies["language"] = language
    page = words(client.get("/s/ohio/roles/"))
    items = lists.items("responsibilities").values()
    assert len(items) == 30 and len(lists.items("responsibility_groups")) == 5
    assert all(item.title(language) in page and item.text(language) in page for item in items)
    pdf, word = (client.get(reverse("roles-matrix-download", args=["ohio", kind])) for kind in ("pdf", "docx"))
    assert pdf.content.startswith(b"%PDF")
    table = docx.Document(io.BytesIO(word.content)).tables[0]
    assert (len(table.rows), len(table.columns)) == (7, 6)
    assert client.get(reverse("roles-matrix-download", args=["ohio", "xlsx"])).status_code == 404


def test_the_words_of_a_team_stand_in_the_matrix_and_on_its_paper(record: Cast) -> None:
    client = record.client("convener")
    client.post(reverse("own-words", args=["ohio", "responsibilities", "champions-launch"]),
                {"title": "Zq speak", "text": "Zq first."})  # fmt: skip
    assert "Zq speak" in words(client.get("/s/ohio/roles/"))
    paper = client.get(reverse("roles-matrix-download", args=["ohio", "docx"]))
    text = " ".join(cell.text for row in docx.Document(io.BytesIO(paper.content)).tables[0].rows for cell in row.cells)
    assert "Zq speak. Zq first." in text
    assert reverse("roles-matrix", args=["ohio"]) in client.get("/s/ohio/p/plastics/agreement/").content.decode()


def test_the_three_rings_are_drawn_from_the_register(record: Cast) -> None:
    by, team = record.ohio.actor("convener"), record.ohio
    for n, group in enumerate(("team", "programs", "programs", "others")):
        teamwork.register_program(by=by, organisation=team.board, group=group, name=f"Zq program {n}", owner=None)
    page = record.client("agency").get("/s/ohio/programs/rings").content.decode()
    assert [page.count(f"rings__dot--{group}") for group in ("team", "programs", "others")] == [1, 2, 1]
    assert all(f"Zq program {n}" in page for n in range(4)) and page.count('<li value="') == 4
    assert "Zq program" not in words(record.client("convener", "maine").get("/s/maine/programs/rings"))
    many = [
        (key, key, [type("P", (), {"name": str(n)})() for n in range(300)]) for key in ("team", "programs", "others")
    ]
    assert all(0 <= dot.x <= 300 and 0 <= dot.y <= 300 for ring in drawn(many) for dot in ring.dots)


def test_the_page_of_the_law_has_meanings_report_wording_the_checklist_and_the_toolkit(record: Cast) -> None:
    page = record.client("adviser").get("/s/ohio/pathway-definitions/").content.decode()
    assert "Sec. 107(d)" in page and "https://careerpathways.workforcegps.org" in page
    assert reverse("worksheet", args=["ohio", "pathway-toolkit"]) in page
    assert len(tools.tool("pathway-toolkit").sheet("en").questions) >= 6
    beside = record.client("adviser").get(reverse("worksheet", args=["ohio", "pathway-words"])).content.decode()
    assert reverse("pathway-definitions", args=["ohio"]) in beside


# --- where the partnership fits


def test_which_contacts_go_through_the_partnership_is_a_decision_on_record(record: Cast) -> None:
    client, address = record.client("convener"), "/s/ohio/p/plastics/outreach/"
    form = {"kind-needs": "through", "kind-hiring": "told", "kind-members": "own", "reasons": "One voice."}
    page = words(client.post(address + "decide", form, follow=True))
    made = Decision.objects.get()
    assert (made.kind, made.chosen) == ("outreach", "Asking what they need") and "One voice." in page
    assert {one["option"]: one["reasons"] for one in made.options}["Openings and placements"].startswith(
        "Each office, and"
    )
    assert "Asking what they need" in words(client.get(address))
    assert "Asking what they need" in words(client.get("/s/ohio/p/plastics/decisions/?kind=outreach"))
    assert record.client("agency").get(address).status_code == 200
    for role in ("agency", "admin", "economist"):
        assert record.client(role).post(address + "decide", form).status_code == 404
    assert Decision.objects.count() == 1


@pytest.mark.parametrize(
    "form", [{"reasons": "Zq because"}, {"kind-needs": "through", "reasons": "", "dissent": "Zq no"}]
)
def test_a_decision_without_a_choice_or_a_reason_is_refused_and_nothing_typed_is_lost(record: Cast, form) -> None:
    page = record.client("convener").post("/s/ohio/p/plastics/outreach/decide", form)
    assert page.status_code == 422 and "Zq" in page.content.decode() and not Decision.objects.exists()


# --- what a partner brings


def test_each_invitation_to_a_partner_asks_what_they_bring_and_the_answer_is_a_pledge(record: Cast) -> None:
    team, by = record.ohio, record.ohio.actor("convener")
    client = record.client("convener")
    address = reverse("seat-ask", args=["ohio", "plastics", team.partner_seat.pk])
    assert "what they will contribute" in words(client.get(address))
    assert "what they will contribute" not in words(
        client.get(reverse("seat-ask", args=["ohio", "plastics", team.chair_seat.pk]))
    )
    seating.ask(by=by, seat=team.partner_seat)
    assert "What will you bring to this work" in Letter.objects.get(kind="seat").body
    assert "has not said it yet" in words(client.get("/s/ohio/p/plastics/hours/"))
    seat = team.partner_seat
    made, _token = make_link(by=by, purpose="seat", person_id=team.partner.pk, kind="seat", object_id=seat.pk)
    seat_acts.contribute(by=actor_of_link(made), words="Zq four hours a week")
    pledge = Pledge.objects.get()
    assert (pledge.what, pledge.organisation, pledge.hours_a_week) == ("Zq four hours a week", team.college, None)
    page = words(client.get("/s/ohio/p/plastics/hours/"))
    assert "Zq four hours a week" in page and "has not said it yet" not in page
    seat_acts.contribute(by=actor_of_link(made), words="Zq a room")
    assert [one.what for one in Pledge.objects.filter(ended_on=None)] == ["Zq a room"]
    seat_acts.set_notice(by=actor_of_link(made), notice="left")
    assert not Pledge.objects.filter(ended_on=None).exists()


def test_what_the_inner_table_brings_is_no_pledge_and_hours_are_counted_alone(record: Cast) -> None:
    team, by = record.ohio, record.ohio.actor("convener")
    seating.change_seat(by=by, seat=team.chair_seat, version=team.chair_seat.version, duties=[], contribution="My name")
    assert not Pledge.objects.exists()
    seating.change_seat(
        by=by, seat=team.partner_seat, version=team.partner_seat.version, duties=[], contribution="A room"
    )
    assert [one.what for one in Pledge.objects.all()] == ["A room"]
    assert "0.00 full-time shares" in words(record.client("convener").get("/s/ohio/p/plastics/hours/"))


# --- merged pictures


def shown(cast: Cast, tool: str, first: dict[str, object], second: dict[str, object]) -> Round:
    """A shown round, answered for the college and for the board."""
    people = [*seats(cast.ohio, 1, table="outer"), *seats(cast.ohio, 1, table="network")]
    people[1].memberships.update(organisation=cast.ohio.board)
    made = begun(cast.ohio, people, tool, way="organisation")
    for person, given in zip(people, (first, second), strict=True):
        answer(holder(made, person), given)
    round_actions.reveal(made.pk, by=cast.ohio.actor("convener"))
    return made


def test_many_knocks_merge_by_firm_and_by_agency(record: Cast) -> None:
    made = shown(
        record, "many-knocks",
        {"firm-list": "Acme Plastics, Al, openings\nHocking Lids, Bea", "table-for": ["jobs"], "why": ["jobs"]},
        {"firm-list": "• ACME plastics Inc.; Cy; courses", "table-for": ["jobs", "students"], "why": ["training"]},
    )  # fmt: skip
    address = reverse("round-results", args=["ohio", made.pk])
    page = record.client("convener").get(address)
    said = words(page)
    assert "Firms, and who knocks" in said and "1 stands on more than one list." in said and "2 of us" in said
    assert "Al · openings" in said and "Cy · courses" in said and "Tables that may compete" in said
    assert page.content.decode().count('class="network__line network__line--') == 3
    paper = record.client("convener").get(reverse("round-download", args=["ohio", made.pk, "docx"]))
    rows = [[cell.text for cell in row.cells] for table in docx.Document(io.BytesIO(paper.content)).tables
            for row in table.rows]  # fmt: skip
    assert any("Acme Plastics" in row[0] and "Lakeside Workforce Board" in row[1] for row in rows)
    book = record.client("convener").get(reverse("round-download", args=["ohio", made.pk, "xlsx"]))
    assert openpyxl.load_workbook(io.BytesIO(book.content)).sheetnames
    assert record.client("convener", "maine").get(address).status_code == 404


def test_hand_offs_are_sure_when_both_ends_say_so_and_stand_on_the_page_of_the_provider(record: Cast) -> None:
    college = reverse("organisation", args=["ohio", record.ohio.college.pk])
    client = record.client("convener")
    assert "Ask this provider to whom it hands people on" in words(client.get(college))
    assert "hands people on" not in words(client.get(reverse("organisation", args=["ohio", record.ohio.company.pk])))
    made = shown(
        record, "open-or-closed",
        {"to": "Lakeside Workforce Board, after the course\nThe union hall, apprentices"},
        {"from": "Lakeside Community College, adults", "how": ["walk"]},
    )  # fmt: skip
    said = words(client.get(reverse("round-results", args=["ohio", made.pk])))
    assert "both say so" in said and "only Lakeside Community College says so" in said
    page = words(client.get(college))
    assert "People go on to Lakeside Workforce Board" in page and "People go on to The union hall" in page


def test_paths_stand_side_by_side_with_what_is_strong_weak_and_done_twice(record: Cast) -> None:
    made = shown(
        record, "journey-firm", {"entry-mark": "strong", "follow-mark": "weak"},
        {"entry-mark": "double", "follow-mark": "weak", "double": "Board visits, same firms"},
    )  # fmt: skip
    said = words(record.client("convener").get(reverse("round-results", args=["ohio", made.pk])))
    assert "The paths side by side" in said and "Programs that do the same" in said
    assert "It is a weak spot Lakeside Community College Lakeside Workforce Board" in " ".join(said.split())


def test_a_round_without_names_has_no_picture_and_a_private_one_shows_no_name_by_link(record: Cast) -> None:
    sheet = tools.tool("short-pitch").sheet("en")
    filled = [Filled({"audience": "owner", "whole": "Zq we listen"}, who="Pat"), Filled({"audience": "owner"})]
    found = merged.merged(sheet, filled)[0]
    assert [(title, [card.who for card in cards]) for title, cards in found.cards] == [
        ("Owners and heads of firms", ["Pat"]),
    ]  # fmt: skip
    people = seats(record.ohio, 5)
    made = begun(record.ohio, people, "many-knocks", is_anonymous=True)
    for number, person in enumerate(people):
        by, key = holder(made, person), f"k{number:04d}abcdefghijklmnopqrstuvw"
        answering.begin(by=by, key=key)
        answer(by, {"firm-list": "Acme, Zq"}, key=key)
    round_actions.reveal(made.pk, by=record.ohio.actor("convener"))
    assert "Firms, and who knocks" not in words(
        record.client("convener").get(reverse("round-results", args=["ohio", made.pk]))
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('kind = "lines"', 'kind = "clouds"', "Known are"),
        ('question = "firm-list"', 'question = "firm-lost"', "not there"),
        ('question = "firm-list"', 'question = "why"', "kind long"),
        ('id = "firms"', 'id = "tables"', "twice"),
        ('columns = ["Firm"', 'colums = ["Firm"', "colums"),
    ],
)
def test_a_mistake_in_a_picture_is_refused_by_name(old: str, new: str, said: str) -> None:
    given = {lang: (tools.FOLDER / f"many-knocks.{lang}.toml").read_text() for lang in ("en", "es")}
    assert old in given["en"]
    with pytest.raises(Refused, match=said):
        tools.from_texts({**given, "en": given["en"].replace(old, new, 1)}, "many-knocks")


def test_a_team_adds_a_picture_to_a_worksheet_of_its_own_with_data_alone(record: Cast) -> None:
    given = {lang: (tools.FOLDER / f"review-team.{lang}.toml").read_text() for lang in ("en", "es")}
    question = next(q for q in tools.tool("review-team").sheet("en").questions if q.kind == "long")
    extra = f'\n[[picture]]\nid = "said"\nkind = "lines"\nquestion = "{question.id}"\ntitle = "Zq all of it"\n'
    found = tools.from_texts({lang: text + extra for lang, text in given.items()})
    entries = merged.merged(found.sheet("en"), [Filled({question.id: "One, a\nTwo"}), Filled({question.id: "one"})])
    assert [(one.name, len(one.said)) for one in entries[0].entries] == [("One", 2), ("Two", 1)]

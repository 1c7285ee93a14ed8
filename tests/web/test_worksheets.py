"""The pages of worksheets, from the shelf to the file, as people use them; and that a new worksheet is two files."""

from __future__ import annotations

import html
import shutil
import zipfile
from io import BytesIO

import openpyxl
import pikepdf
import pytest
from django.test import Client
from django.urls import reverse

from sharedtable.accounts.links import open_link
from sharedtable.ledger.models import Letter
from sharedtable.method import tools as shipped
from sharedtable.partnerships.models import Decision
from sharedtable.web.links import PAGES, UNDO
from sharedtable.web.policy import ROUTES
from sharedtable.web.worksheets.rules import RULES
from sharedtable.worksheets import answering, round_actions
from sharedtable.worksheets.models import Answer, Promise, Round, Sheet
from tests.cast import Cast
from tests.web.conftest import words as escaped
from tests.worksheets.rounds import answer, begun, holder, links, seats

pytestmark = pytest.mark.django_db
LISTS = {"list-industries": "Plastics\nHealth care\nFood", "list-points": "Firms lead\nTime of staff"}


def words(response) -> str:
    """What a page says."""
    return html.unescape(escaped(response))


def phone(cast: Cast, token: str) -> tuple[Client, int]:
    """A phone on which a link was opened, and the number of the link."""
    link, client = open_link(token), cast.client("visitor")
    client.cookies[f"link-{link.pk}"] = token
    return client, link.pk


def opened(cast: Cast, client: Client, tool: str, **given: object) -> Round:
    """A round that a convener starts and opens through the pages."""
    team = cast.ohio
    way = str(given.pop("way", "private"))
    people = [] if way == "group" else [team.chair.pk, team.partner.pk]
    start = reverse("worksheet-start", args=["ohio", tool])
    assert client.get(f"{start}?partnership=plastics").status_code == 200
    answered = client.post(start, {"partnership": "plastics", "way": way, "people": people, **LISTS, **given})
    assert answered.status_code == 302, words(answered)
    made = Round.objects.order_by("-pk")[0]
    assert "Nothing has been sent" in words(client.get(answered["Location"]))
    assert client.post(reverse("round-open", args=["ohio", made.pk])).status_code == 302
    return made


VALUES = {
    "rating": "2", "pairs": "4", "short": "Short words", "long": "Longer words", "number": "3", "date": "2027-03-15",
}  # fmt: skip


def filled(about: Round) -> dict[str, str | list[str]]:
    """An answer to every question of a round, as a form sends it."""
    form: dict[str, str | list[str]] = {"counter": "0", "device": ""}
    for q in about.worksheet("en").questions:
        name = f"q-{q.id}"
        if q.kind in VALUES:
            form[name] = VALUES[q.kind]
        elif q.kind in ("choice", "many"):
            form[name] = q.options[0].id
        elif q.kind in ("person", "organisation"):
            form[f"{name}-name"] = "Somebody New"
        elif q.kind == "ranking":
            form |= {f"{name}-{o.id}": str(n) for n, o in enumerate(q.options, 1)}
        elif q.kind == "matrix":
            form |= {f"{name}-{o.id}-{c.id}": "3" for o in q.options for c in q.criteria}
    return form


def check_whole_way(cast: Cast, tool: str) -> None:
    """Start, link, answer, reveal, result, export: the whole way of one worksheet in private."""
    convener = cast.client("convener")
    made = opened(cast, convener, tool)
    tokens = [token for _link, token in links(made).values()]
    assert len(tokens) == 2
    for token in tokens:
        client, link = phone(cast, token)
        page = client.get(reverse("my-worksheet", args=[link]))
        assert made.worksheet("en").title in words(page)
        done = client.post(reverse("my-worksheet-done", args=[link]), filled(made))
        assert done.status_code == 302, words(done)
    assert Sheet.objects.filter(round=made, is_handed_in=True).count() == 2
    assert convener.post(reverse("round-reveal", args=["ohio", made.pk])).status_code == 302
    for language in ("en", "es"):
        convener.cookies["language"] = language
        result = convener.get(reverse("round-results", args=["ohio", made.pk]))
        assert result.status_code == 200
        for question in made.worksheet(language).questions:
            assert (question.text or question.left) in words(result)
        assert client.get(reverse("my-worksheet", args=[link])).status_code == 200
        for kind, start in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
            file = convener.get(reverse("round-download", args=["ohio", made.pk, kind]))
            assert file.content.startswith(start)
            if kind == "xlsx":
                book = openpyxl.load_workbook(BytesIO(file.content))
                assert {"About", "Questions"} <= set(book.sheetnames)


@pytest.mark.parametrize("tool", sorted(shipped.tools()))
def test_every_shipped_worksheet_goes_the_whole_way(cast, facts, tool):
    check_whole_way(cast, tool)


@pytest.mark.parametrize(
    "tool", ["frontline-map", "journey-firm", "journey-person", "program-or-system", "worker-group"]
)
def test_what_two_organizations_write_stands_side_by_side_with_their_names(cast, tool):
    convener = cast.client("convener")
    made = opened(cast, convener, tool, way="organisation")
    names = {str(asked.organisation) for asked in made.asked.select_related("organisation")}
    assert len(names) == 2
    question = next(q for q in made.worksheet("en").questions if q.kind == "long")
    for number, (_link, token) in enumerate(links(made).values()):
        client, link = phone(cast, token)
        form = filled(made) | {f"q-{question.id}": f"Path number {number}"}
        assert client.post(reverse("my-worksheet-done", args=[link]), form).status_code == 302
    assert convener.post(reverse("round-reveal", args=["ohio", made.pk])).status_code == 302
    for page in (
        convener.get(reverse("round-results", args=["ohio", made.pk])),
        client.get(reverse("my-worksheet", args=[link])),
    ):
        said = words(page)
        assert "Path number 0" in said and "Path number 1" in said
        assert all(f"– {name}" in said for name in names)


NEW = """
id = "coffee"
version = 1
step = 3
rows = ["B04"]
source = "S3:23-24"
way = "private"
minutes = 2
for = ["everyone"]
title = "{title}"
summary = "{title}"
intro = "{title}"

[[section]]
id = "one"
title = "{title}"

[[section.question]]
id = "taste"
kind = "rating"
text = "{title} 1"
anchors = ["-", "+"]

[[section.question]]
id = "beans"
kind = "choice"
text = "{title} 2"
options = [{{ id = "a", text = "A" }}, {{ id = "b", text = "B" }}]
[[number]]
value = "1"
source = "S3:23"
[[number]]
value = "2"
source = "S3:24"
"""


def test_adding_a_worksheet_is_adding_one_file_for_each_language(cast, facts, tmp_path, monkeypatch):
    folder = tmp_path / "worksheets"
    shutil.copytree(shipped.FOLDER, folder)
    (folder / "coffee.en.toml").write_text(NEW.format(title="Is the coffee good?"), encoding="utf-8")
    (folder / "coffee.es.toml").write_text(NEW.format(title="¿Es bueno el café?"), encoding="utf-8")
    monkeypatch.setattr(shipped, "FOLDER", folder)
    shelf = cast.client("convener").get(reverse("worksheets", args=["ohio"]), {"q": "coffee"})
    assert "Is the coffee good?" in words(shelf)
    check_whole_way(cast, "coffee")


def test_a_worksheet_that_a_team_pastes_in_goes_the_whole_way_too(cast, facts):
    convener = cast.client("convener")
    texts = {"en_text": NEW.format(title="Is the tea good?"), "es_text": NEW.format(title="¿Es bueno el té?")}
    wrong = convener.post(
        reverse("method-tool", args=["ohio"]), texts | {"es_text": texts["en_text"].replace('"beans"', '"x"')}
    )
    assert wrong.status_code == 422
    assert "differ at" in words(wrong)
    assert "Is the tea good?" in wrong.content.decode()  # what was typed is still there
    assert convener.post(reverse("method-tool", args=["ohio"]), texts).status_code == 302
    check_whole_way(cast, "coffee")
    assert "Is the tea good?" in words(convener.get(reverse("method", args=["ohio"])))


def test_an_address_in_the_help_of_a_question_can_be_followed_and_nothing_else_becomes_markup(cast):
    made = opened(cast, cast.client("convener"), "leaders-movement")
    client, link = phone(cast, next(token for _link, token in links(made).values()))
    page = client.get(reverse("my-worksheet", args=[link])).content.decode()
    assert '<a href="https://www.ted.com/talks/derek_sivers_how_to_start_a_movement?language=en"' in page
    ours = {lang: NEW.format(title="Tea").replace('kind = "rating"', 'kind = "rating"\nhelp = "<b>x</b> https://tea.example"')
            for lang in ("en", "es")}  # fmt: skip
    ours["es"] = ours["es"].replace("Tea", "Té")
    convener = cast.client("convener")
    sent = convener.post(reverse("method-tool", args=["ohio"]), {f"{lang}_text": text for lang, text in ours.items()})
    assert sent.status_code == 302, words(sent)
    made = opened(cast, convener, "coffee")
    client, link = phone(cast, next(token for _link, token in links(made).values()))
    page = client.get(reverse("my-worksheet", args=[link])).content.decode()
    assert '<a href="https://tea.example"' in page
    assert "&lt;b&gt;x" in page


# --- answering --------------------------------------------------------------------------------------------------------


def test_an_anonymous_sheet_is_begun_on_the_device_and_saved_as_it_is_typed(cast):
    team = cast.ohio
    people = seats(team, 5)
    made = begun(team, people, is_anonymous=True)
    for person in people[:3]:
        client, link = phone(cast, links(made)[person.pk][1])
        page = client.get(reverse("my-worksheet", args=[link]))
        assert "Begin" in words(page)
        assert "q-clusters" not in page.content.decode()
        save = reverse("my-worksheet-save", args=[link])
        early = client.post(save, {"question": "clusters", "q-clusters": "4", "counter": "1", "device": "d"})
        assert early.status_code == 404
        key = page.context["new_key"]
        assert client.post(reverse("my-worksheet-begin", args=[link]), {"key": key}).status_code == 302
        cookie = client.cookies[f"sheet-{link}"]
        assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Lax", f"/me/{link}/worksheet/")
        saved = client.post(save, {"question": "clusters", "q-clusters": "4", "counter": "1", "device": "d"})
        assert saved.json() == {"saved": "clusters", "counter": 1}
        assert 'value="4" checked' in client.get(reverse("my-worksheet", args=[link])).content.decode()
    assert Answer.objects.count() == 3
    assert cast.client("convener").post(reverse("round-reveal", args=["ohio", made.pk])).status_code == 302
    assert "3 answers" in words(client.get(reverse("my-worksheet", args=[link])))


def test_looking_at_a_link_changes_nothing_however_often(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    client, link = phone(cast, links(made)[team.chair.pk][1])
    for method in ("get", "head", "get"):
        assert getattr(client, method)(reverse("my-worksheet", args=[link])).status_code == 200
    assert not Sheet.objects.exists()


def test_an_answer_that_does_not_fit_is_refused_with_a_sentence_and_the_rest_stays_typed(cast):
    team = cast.ohio
    made = begun(team, [team.chair], "convener-role")
    client, link = phone(cast, links(made)[team.chair.pk][1])
    form = {"counter": "0", "device": "", "q-hours": "many", "q-help": "With letters"}
    page = client.post(reverse("my-worksheet", args=[link]), form)
    assert page.status_code == 422
    assert "write a number" in words(page)
    assert "With letters" in words(page)
    assert 'value="many"' in page.content.decode()
    assert not Answer.objects.exists()
    one = client.post(
        reverse("my-worksheet-save", args=[link]), {"question": "hours", "q-hours": "99", "counter": "1", "device": "d"}
    )
    assert (one.status_code, "between 0 and 80" in one.json()["problem"]) == (422, True)
    odd = client.post(reverse("my-worksheet-save", args=[link]), {"question": "nothing", "counter": "1", "device": "d"})
    assert odd.status_code == 422


def test_a_form_that_another_device_overtook_is_shown_again_with_what_was_typed(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    client, link = phone(cast, links(made)[team.chair.pk][1])
    answer(holder(made, team.chair), {"next": "From the laptop"}, counter=3)
    page = client.post(reverse("my-worksheet", args=[link]), {"counter": "1", "device": "", "q-next": "From the phone"})
    assert page.status_code == 409
    assert "From the phone" in words(page)
    again = {"counter": str(page.context["counter"]), "device": "", "q-next": "From the phone"}
    assert client.post(reverse("my-worksheet", args=[link]), again).status_code == 302
    assert Answer.objects.get(question="next").value == "From the phone"


def test_answers_to_a_shown_round_are_refused_and_the_link_shows_the_result(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    client, link = phone(cast, links(made)[team.chair.pk][1])
    answer(holder(made, team.chair), {"clusters": 2})
    round_actions.reveal(made.pk, by=team.actor("convener"))
    late = client.post(
        reverse("my-worksheet-save", args=[link]),
        {"question": "clusters", "q-clusters": "5", "counter": "9", "device": "d"},
    )
    assert late.status_code == 409
    assert "1 answer" in words(client.get(reverse("my-worksheet", args=[link])))
    assert Answer.objects.get().value == 2


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_of_a_sheet_is_small(cast, language):
    from sharedtable.web import static_files

    team = cast.ohio
    made = begun(team, [team.chair], "sustainability-check")
    client, link = phone(cast, links(made)[team.chair.pk][1])
    client.cookies["language"] = language
    page = client.get(reverse("my-worksheet", args=[link]), headers={"accept-encoding": "gzip"})
    names = ["css/tokens.css", "css/base.css", "css/components.css", "css/print.css", "css/worksheets.css"]
    names += ["js/shell.js", "js/worksheets.js", "img/mark.svg"]
    sent = len(page.content) + sum(len(small or plain) for plain, small in map(static_files._content, names))
    assert sent <= 50_000


def test_what_people_type_is_shown_as_text(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    answer(holder(made, team.chair), {"next": "<script>alert(1)</script>"})
    round_actions.reveal(made.pk, by=team.actor("convener"))
    page = cast.client("convener").get(reverse("round-results", args=["ohio", made.pk])).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


# --- those who run it -------------------------------------------------------------------------------------------------


def test_a_group_answers_on_one_screen(cast):
    convener = cast.client("agency")
    made = opened(cast, cast.client("convener"), "scope-hour", way="group")
    assert not Letter.objects.exists()
    screen = reverse("round-group", args=["ohio", made.pk])
    assert "What is this group called?" in words(convener.get(screen))
    assert convener.get(screen, {"group": "Table 1"}).status_code == 200
    saved = convener.post(
        reverse("round-group-save", args=["ohio", made.pk]),
        {"question": "size", "q-size": "right", "counter": "1", "device": "d", "group": "Table 1"},
    )
    assert saved.json() == {"saved": "size", "counter": 1}
    whole = convener.post(screen, filled(made) | {"group": "Table 2"})
    assert whole.status_code == 302
    assert "Table 2" in words(convener.get(reverse("round", args=["ohio", made.pk])))


def test_paper_is_printed_and_typed_in(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    staff = cast.client("agency")
    for kind, start in (("pdf", b"%PDF"), ("docx", b"PK")):
        assert staff.get(reverse("worksheet-paper", args=["ohio", "what-works", kind])).content.startswith(start)
    page = reverse("round-typed", args=["ohio", made.pk])
    asked = made.asked.get(person=team.chair)
    assert staff.post(page, {"asked": "", "q-clusters": "3"}).status_code == 422
    assert staff.post(page, {"asked": asked.pk, "q-clusters": "3"}).status_code == 302
    assert team.chair.name not in words(staff.get(page)).split("Whose sheet")[1]


def test_the_attribution_stands_on_paper_and_on_every_file(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    assert "Next Gen Sector Partnerships" in Letter.objects.get(kind="worksheet").body
    answer(holder(made, team.chair), {"clusters": 2})
    round_actions.reveal(made.pk, by=team.actor("convener"))
    client = cast.client("convener")
    for name, args in (("worksheet-paper", ["ohio", "what-works"]), ("round-download", ["ohio", made.pk])):
        word = client.get(reverse(name, args=[*args, "docx"])).content
        with pikepdf.open(BytesIO(client.get(reverse(name, args=[*args, "pdf"])).content)) as pdf:
            assert len(pdf.pages) >= 1
        with zipfile.ZipFile(BytesIO(word)) as parts:
            text = "".join(parts.read(part).decode() for part in parts.namelist() if part.endswith(".xml"))
        assert "Next Gen Sector Partnerships" in text
    book = openpyxl.load_workbook(
        BytesIO(client.get(reverse("round-download", args=["ohio", made.pk, "xlsx"])).content)
    )
    cells = [str(cell.value) for row in book["About"].iter_rows() for cell in row]
    assert any("Next Gen Sector Partnerships" in cell for cell in cells)


def test_a_decision_and_a_pledge_are_written_down_beside_the_result(cast):
    team = cast.ohio
    made = begun(team, [team.chair])
    answer(holder(made, team.chair), {"clusters": 2})
    convener = cast.client("convener")
    convener.post(reverse("round-reveal", args=["ohio", made.pk]))
    decide = reverse("round-decide", args=["ohio", made.pk])
    wrong = convener.post(decide, {"question": "Which?", "chosen": ""})
    assert wrong.status_code == 422
    assert 'value="Which?"' in wrong.content.decode()
    assert (
        convener.post(decide, {"question": "Which?", "chosen": "Clusters", "reasons": "It is weak"}).status_code == 302
    )
    assert (
        convener.post(
            reverse("round-pledge", args=["ohio", made.pk]), {"who": "Casey", "what": "Call", "due_on": "2027-01-10"}
        ).status_code
        == 302
    )
    assert (Decision.objects.get().chosen, Promise.objects.get().who) == ("Clusters", "Casey")
    shown = words(convener.get(reverse("round-results", args=["ohio", made.pk])))
    assert "Clusters" in shown
    assert "Casey" in shown
    client, link = phone(cast, links(made)[team.chair.pk][1])
    assert "Clusters" in words(client.get(reverse("my-worksheet", args=[link])))


def test_a_number_of_the_method_is_changed_on_its_page(cast):
    admin = cast.client("admin")
    page = reverse("method", args=["ohio"])
    number = reverse("method-number", args=["ohio"])
    assert admin.post(number, {"key": "companies_in_definition", "value": "60", "reason": ""}).status_code == 422
    assert (
        admin.post(number, {"key": "companies_in_definition", "value": "60", "reason": "Small region"}).status_code
        == 302
    )
    assert "Small region" in words(admin.get(page))
    assert (
        cast.client("agency").post(number, {"key": "companies_in_definition", "value": "1", "reason": "x"}).status_code
        == 404
    )


def test_the_shelf_is_searched_by_words_and_step(cast):
    client = cast.client("agency")
    page = reverse("worksheets", args=["ohio"])
    assert "What works well" in words(client.get(page))
    assert "What works well" not in words(client.get(page, {"step": "2"}))
    assert "No worksheet fits" in words(client.get(page, {"q": "zebra"}))


# --- who may ----------------------------------------------------------------------------------------------------------

MAY = {
    "worksheets": {"admin", "convener", "agency", "economist", "adviser"},
    "method": {"admin", "convener", "agency", "economist", "adviser"},
    "worksheet-start": {"convener"},
    "round": {"admin", "convener", "agency", "economist", "adviser"},
    "round-results": {"admin", "convener", "agency", "economist", "adviser"},
    "round-typed": {"convener", "agency"},
}  # fmt: skip


@pytest.mark.parametrize("name", sorted(MAY))
def test_each_page_opens_for_whom_it_is_and_is_not_there_for_others(cast, name):
    team = cast.ohio
    made = begun(team, [team.chair])
    if name == "round-results":
        answer(holder(made, team.chair), {"clusters": 2})
        round_actions.reveal(made.pk, by=team.actor("convener"))
    args = {"worksheet-start": ["ohio", "what-works"]}.get(
        name, ["ohio", made.pk] if name.startswith("round") else ["ohio"]
    )
    for role in ("admin", "convener", "agency", "economist", "adviser", "state", "stranger", "visitor"):
        status = cast.client(role).get(reverse(name, args=args)).status_code
        assert status == (200 if role in MAY[name] else 404), (name, role)
    assert cast.client("convener", "maine").get(reverse(name, args=args)).status_code == 404
    if name.startswith("round"):
        assert cast.client("convener", "maine").get(reverse(name, args=["maine", made.pk])).status_code == 404


def test_a_link_opens_nothing_without_its_cookie_or_with_another_ones(cast):
    team = cast.ohio
    made = begun(team, [team.chair, team.partner])
    mine, other = links(made)[team.chair.pk], links(made)[team.partner.pk]
    client = cast.client("visitor")
    page = reverse("my-worksheet", args=[mine[0].pk])
    assert client.get(page).status_code == 404
    client.cookies[f"link-{mine[0].pk}"] = other[1]
    assert client.get(page).status_code == 404
    client.cookies[f"link-{mine[0].pk}"] = mine[1]
    assert client.get(page).status_code == 200


def test_every_page_that_changes_something_takes_no_get(cast):
    writes = [name for name, rule in RULES.items() if "GET" not in rule.methods]
    assert len(writes) > 10
    assert all(ROUTES[name] is RULES[name] for name in RULES)


def test_a_link_leads_to_its_page_and_an_act_to_its_undo():
    assert PAGES["worksheet"] == "my-worksheet"
    assert UNDO[answering.HAND_IN] is answering.withdraw


@pytest.mark.parametrize(("name", "most"), [("worksheets", 12), ("round", 14), ("round-results", 20)])
def test_a_page_asks_the_database_the_same_few_times_whatever_it_shows(cast, django_assert_max_num_queries, name, most):
    team = cast.ohio
    people = seats(team, 12)
    made = begun(team, people)
    all_answer_named(made, people)
    if name == "round-results":
        round_actions.reveal(made.pk, by=team.actor("convener"))
    client = cast.client("convener")
    with django_assert_max_num_queries(most):
        assert (
            client.get(reverse(name, args=["ohio"] if name == "worksheets" else ["ohio", made.pk])).status_code == 200
        )


def all_answer_named(made: Round, people: list) -> None:
    for number, person in enumerate(people):
        answer(holder(made, person), {"clusters": 1 + number % 5, "next": f"words {number}"})


def test_saving_one_answer_asks_the_database_a_few_times(cast, django_assert_max_num_queries):
    team = cast.ohio
    made = begun(team, [team.chair])
    client, link = phone(cast, links(made)[team.chair.pk][1])
    answer(holder(made, team.chair), {"clusters": 2})
    with django_assert_max_num_queries(12):
        client.post(
            reverse("my-worksheet-save", args=[link]),
            {"question": "clusters", "q-clusters": "5", "counter": "9", "device": "d"},
        )

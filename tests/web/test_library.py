"""The library's pages as people use them: without an account, as a member, as somebody who edits, on paper."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse

from sharedtable.example.install import examples, laid
from sharedtable.library.models import OwnAnswer, ReadMark
from sharedtable.method import articles
from sharedtable.web.library.words import GROUPS, PAPERS, SHELVES
from sharedtable.web.policy import ROUTES
from tests.web.conftest import words as escaped

pytestmark = pytest.mark.django_db


def words(response) -> str:
    """What a page says."""
    return html.unescape(escaped(response))


def test_every_page_of_a_team_has_its_help_or_says_that_it_needs_none() -> None:
    asked = [name for name, rule in ROUTES.items() if rule.who == "member" and "GET" in rule.methods]
    assert len(asked) > 60
    assert [name for name in asked if not articles.has_help(name)] == []


def test_help_is_kept_for_no_page_that_is_gone() -> None:
    gone = [page for page in articles.pages() if not any(f"{name}-".startswith(f"{page}-") for name in ROUTES)]
    assert gone == []


def test_every_shelf_and_group_has_its_name() -> None:
    assert set(SHELVES) == set(articles.SHELVES) - {"prompts"}
    assert set(GROUPS) == articles.GROUPS["states"]
    assert {f"{name}" for name in PAPERS} >= {"poster", "facts", "memo"}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_visitor_reads_the_whole_library_without_an_account(visitor, language) -> None:
    visitor.cookies["language"] = language
    for shelf in SHELVES:
        page = visitor.get(reverse("library-shelf", args=[shelf]), HTTP_ACCEPT_LANGUAGE=language)
        assert page.status_code == 200
        for entry in articles.shelf(shelf).values():
            assert entry.title(language) in words(page)
            one = visitor.get(reverse("library-entry", args=[shelf, entry.id]), HTTP_ACCEPT_LANGUAGE=language)
            assert one.status_code == 200 and "{" not in words(one)
    assert visitor.get(reverse("library-poster")).status_code == 200
    for name in ("prompts", "attic"):
        assert visitor.get(reverse("library-shelf", args=[name])).status_code == 404
    assert visitor.get(reverse("library-entry", args=["questions", "own-1"])).status_code == 404


def test_a_search_is_a_plain_get_and_says_what_it_found(visitor) -> None:
    page = visitor.get(reverse("library"), {"q": "turnover"})
    assert reverse("library-entry", args=["facts", "turnover"]) in page.content.decode()
    assert "has “turnover”" in words(page) or "have “turnover”" in words(page)
    nothing = visitor.get(reverse("library"), {"q": "<b>zebra</b>"})
    assert "Nothing was found" in words(nothing) and "<b>zebra" not in nothing.content.decode()


def test_a_page_links_to_its_help_and_the_help_is_whole(cast) -> None:
    client = cast.client("convener")
    page = client.get(reverse("partnership-clock", args=["ohio", "plastics"]))
    address = reverse("library-help", args=["partnership-clock"])
    assert address in page.content.decode()
    assert "How to read the clock" in words(page)
    assert "The summary goes out within 7 days" in words(client.get(address))
    assert client.get(reverse("library-help", args=["nothing"])).status_code == 404


def test_the_facts_pages_link_to_their_help_for_a_visitor_too(visitor) -> None:
    page = visitor.get(reverse("data"))
    assert reverse("library-help", args=["data"]) in page.content.decode()
    assert "Look at figures together" in words(visitor.get(reverse("library-help", args=["data"])))


@pytest.mark.parametrize("name", sorted(PAPERS))
def test_every_paper_can_be_taken_along(visitor, name) -> None:
    from sharedtable.library.documents import PAPERS as KINDS

    for kind in KINDS[name]:
        got = visitor.get(reverse("library-paper", args=[name, kind]))
        assert got.status_code == 200 and len(got.content) > 5_000
        assert got["Content-Disposition"].endswith(f'{name}.{kind}"')
    assert visitor.get(reverse("library-paper", args=[name, "exe"])).status_code == 404


# --- a team's own words -----------------------------------------------------------------------------------------------


def answer(client, team: str = "ohio", question: str = "", **more: str):
    name, more_args = ("library-answer", [question]) if question else ("library-answer-new", [])
    given = {"en_question": "Who has the key?", "en_answer": "Ask at the mill.", **more}
    return client.post(reverse(name, args=[team, *more_args]), given, follow=True)


def test_a_team_admin_edits_an_answer_and_sees_what_differs(cast) -> None:
    client = cast.client("admin")
    form = client.get(reverse("library-answer", args=["ohio", "scope"]))
    assert "our industry" in words(form)
    page = answer(client, question="scope")
    assert "Ask at the mill." in words(page) and "The shipped answer" in words(page)
    assert "our own, in place of the shipped one" in words(client.get(reverse("library-shelf", args=["questions"])))
    method = words(client.get(reverse("method", args=["ohio"])))
    assert "Who has the key?" in method and "in place of the shipped one" in method
    stale = answer(client, question="scope", en_answer="Ask at the dam.")
    assert stale.status_code == 422 and "Ask at the dam." in stale.content.decode()
    live = OwnAnswer.objects.get(retired_at=None)
    assert answer(client, question="scope", en_answer="Ask at the dam.", was=str(live.pk)).status_code == 200
    client.post(reverse("library-answer-away", args=["ohio", "scope"]))
    assert "How do we set the scope" in words(client.get(reverse("library-entry", args=["questions", "scope"])))


def test_a_state_lead_adds_a_question_that_other_teams_do_not_see(cast) -> None:
    answer(cast.client("state"))
    assert "Who has the key?" in words(cast.client("adviser").get(reverse("library-shelf", args=["questions"])))
    for other in (cast.client("admin", "maine"), cast.client("visitor")):
        assert "Who has the key?" not in words(other.get(reverse("library-shelf", args=["questions"])))
    assert answer(cast.client("agency")).status_code == 404


def test_an_answer_is_never_markup(cast) -> None:
    page = answer(cast.client("admin"), en_answer="<script>alert(1)</script>\n\n- <b>one</b>")
    assert "<script>alert" not in page.content.decode() and "&lt;b&gt;one" in page.content.decode()


def test_the_reading_list_takes_a_tick_and_gives_it_back(cast) -> None:
    client = cast.client("adviser")
    address = reverse("library-read", args=["ohio"])
    page = client.post(address, {"entry": "primer", "read": "1"}, follow=True)
    assert "1 person of the team has read it" in words(page)
    client.post(address, {"entry": "primer"})
    assert not ReadMark.objects.exists()
    assert "I have read it" not in words(cast.client("visitor").get(reverse("library-shelf", args=["reading"])))


# --- stories ----------------------------------------------------------------------------------------------------------


def test_the_story_of_a_partnership_has_its_numbers_and_a_paper(cast) -> None:
    client = cast.client("convener")
    page = client.get(reverse("story", args=["ohio", "plastics"]))
    assert "1 chair signed the invitation" in words(page) and "Not yet in the record" in words(page)
    for kind in ("docx", "pdf"):
        got = client.get(reverse("story-paper", args=["ohio", "plastics", kind]))
        assert got.status_code == 200 and len(got.content) > 5_000
    assert reverse("story", args=["ohio", "plastics"]) in client.get(
        reverse("partnership-sharing", args=["ohio", "plastics"])
    ).content.decode()  # fmt: skip


def test_the_page_offers_every_example_and_only_here(operator, settings) -> None:
    page = operator.get(reverse("examples")).content.decode()
    assert all(one.name in page for one in examples().values())
    opened = operator.post(reverse("example-open"), {"example": "example-lewistown"})
    assert opened.status_code == 302 and laid() == {"example-lewistown"}
    assert operator.post(reverse("example-open"), {"example": "nothing"}).status_code == 404
    operator.post(reverse("example-remove"), {"example": "example-lewistown"})
    assert laid() == set()
    settings.LOCAL = False
    assert operator.get(reverse("examples")).status_code == 404

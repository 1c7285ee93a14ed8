"""Region: counties by name, in a list and on a map; what they hold; kept under a name, version after version."""

from __future__ import annotations

import gzip
import re
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from sharedtable.lmi.definitions import Region
from sharedtable.studies import region_queries
from sharedtable.studies.models import Definition
from sharedtable.studies.questions import default_region
from tests.web.conftest import words

pytestmark = pytest.mark.usefixtures("facts")

CENTRAL = ",".join(default_region().areas)
HEAVIEST_PAGE = 120_000


class Boxes(HTMLParser):
    """The counties of the list that are ticked, and all of them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[str] = []
        self.ticked: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "input" and names.get("name") == "areas" and names.get("type") == "checkbox":
            self.all.append(str(names["value"]))
            if "checked" in names:
                self.ticked.append(str(names["value"]))


@pytest.mark.django_db
def test_the_first_look_offers_every_state_and_the_example(visitor):
    page = visitor.get("/regions/")
    text = page.content.decode()
    assert text.count("<option value=") == 54
    assert text.count('class="outline"') == 51
    assert "Central Ohio" in words(page)
    assert len(page.cookies) == 0


@pytest.mark.django_db
def test_a_region_shows_its_jobs_counties_and_borders(visitor):
    page = visitor.get("/regions/", {"areas": CENTRAL, "name": "Central Ohio"})
    text = words(page)
    total = sum(jobs or 0 for jobs in region_queries.totals().jobs.values())
    assert f"{total:,}" in text
    assert "Columbus, OH 10 counties" in text
    assert "See its industries" in text
    assert Boxes(page.content.decode()).ticked == sorted(
        CENTRAL.split(","), key=Boxes(page.content.decode()).ticked.index
    )
    assert set(Boxes(page.content.decode()).ticked) == set(CENTRAL.split(","))


@pytest.mark.django_db
def test_a_region_may_cross_a_state_line_and_says_what_has_no_figures(visitor):
    page = visitor.get("/regions/", {"areas": "39041,21015"})
    text = words(page)
    assert "Kentucky" in text
    assert "Boone County, Kentucky (21015)" in text
    assert "at least: some figures are missing" in text
    assert 'href="/data/?areas=21015,39041"' in page.content.decode()
    assert "See its industries" not in text


@pytest.mark.django_db
def test_boxes_of_the_list_become_a_short_address(visitor):
    answer = visitor.get("/regions/?state=OH&areas=39049&areas=39041&name=Two")
    assert (answer.status_code, answer["Location"]) == (302, "/regions/?areas=39049,39041&name=Two&state=OH")


@pytest.mark.django_db
def test_an_untouched_list_leaves_a_whole_state_whole(visitor):
    page = visitor.get("/regions/", {"areas": "39000"})
    boxes = Boxes(page.content.decode())
    assert len(boxes.ticked) == 88
    query = "&".join(f"areas={code}" for code in boxes.ticked)
    assert visitor.get(f"/regions/?whole=39000&{query}")["Location"] == "/regions/?areas=39000"
    fewer = "&".join(f"areas={code}" for code in boxes.ticked[1:])
    assert "39000" not in visitor.get(f"/regions/?whole=39000&{fewer}")["Location"]


@pytest.mark.django_db
def test_a_shape_on_the_map_leads_to_the_same_choice_without_scripts(visitor):
    page = visitor.get("/regions/", {"areas": "39041", "state": "OH"}).content.decode()
    toggles = dict(re.findall(r'data-codes="([0-9 ]+)" tabindex="-1" href="([^"]+)"', page))
    assert toggles["39049"] == "/regions/?areas=39041,39049&amp;state=OH"
    assert toggles["39041"] == "/regions/?state=OH"


@pytest.mark.django_db
def test_the_map_is_hidden_from_screen_readers_because_the_list_says_the_same(visitor):
    page = visitor.get("/regions/", {"state": "OH"}).content.decode()
    on_map = set(" ".join(re.findall(r'data-codes="([0-9 ]+)"', page)).split())
    assert on_map <= set(Boxes(page).all)
    assert re.search(r'<svg class="map"[^>]*aria-hidden="true"', page)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["PR", "VI"])
def test_a_place_that_is_not_on_the_map_has_its_list(visitor, state):
    page = visitor.get("/regions/", {"state": state})
    assert "This place is not on the map" in words(page)
    assert len(Boxes(page.content.decode()).all) >= 3


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["TX", "VA", "KY", "GA"])
def test_the_largest_states_stay_light(visitor, state):
    assert len(gzip.compress(visitor.get("/regions/", {"state": state}).content)) < HEAVIEST_PAGE


@pytest.mark.django_db
def test_planning_regions_of_connecticut_are_told_apart_from_its_counties(visitor):
    text = words(visitor.get("/regions/", {"areas": "09110"}))
    assert "Connecticut changed its areas" in text
    assert "figures from 2024 on" in text
    assert "figures up to 2023" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("areas", "sentence"),
    [
        ("39041,39000", "would count twice"),
        ("99999", "99999"),
        ("CZ15900", "commuting zone"),
        ("39041,39041x", "39041X"),
    ],
)
def test_a_region_that_cannot_be_is_refused_in_a_sentence_and_the_page_stays(visitor, areas, sentence):
    page = visitor.get("/regions/", {"areas": areas})
    assert page.status_code == 422
    assert sentence in words(page)
    assert "Find a county" in words(page)


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"areas": "1" * 24_001}, {"name": "x" * 121}, {"q": "a\0b"}, {"state": "Atlantis"}])
def test_what_cannot_be_read_is_refused(visitor, query):
    assert visitor.get("/regions/", query).status_code in (404, 422)


@pytest.mark.django_db
def test_a_name_finds_every_kind_of_area(visitor):
    text = words(visitor.get("/regions/", {"q": "Columbus"}))
    for kind in ("county", "metropolitan area", "commuting zone of 1990"):
        assert kind in text
    assert "Columbus, OH metropolitan area 10 counties" in text
    assert "No area is called" in words(visitor.get("/regions/", {"q": "Atlantis"}))


# --- kept regions -----------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_region_is_kept_changed_and_shown_with_its_versions(operator):
    kept = operator.post(reverse("region-save"), {"areas": CENTRAL, "name": "Heart of Ohio"}, follow=True)
    assert "Kept as “Heart of Ohio”, version 1." in words(kept)
    wider = {"areas": CENTRAL + ",39023", "name": "Heart of Ohio", "note": "Clark County joined."}
    page = operator.post(reverse("region-save"), wider, follow=True)
    text = words(page)
    assert "Version 2, kept on" in text
    assert "Clark County joined." in text
    assert "Taken in: Clark County, Ohio" in text
    assert "Version 1" in text
    assert 'href="/industries/?region=heart-of-ohio"' in page.content.decode()  # the menu takes the kept region along
    found = operator.get("/regions/", {"q": "heart"})
    assert "kept here" in words(found)


@pytest.mark.django_db
def test_a_second_version_without_a_note_is_refused(operator):
    operator.post(reverse("region-save"), {"areas": "39041", "name": "Heart"})
    page = operator.post(reverse("region-save"), {"areas": "39049", "name": "Heart"})
    assert page.status_code == 422
    assert "Say in the note what changed and why" in words(page)
    assert Definition.objects.count() == 1


@pytest.mark.django_db
def test_the_text_of_a_region_goes_out_and_comes_back(operator):
    text = operator.get("/regions/text", {"areas": "39041,39049", "name": "Two"})
    assert "attachment" in text["Content-Disposition"]
    assert Region.parse(text.content.decode()) == Region.of("39041,39049", "Two")
    page = operator.post(reverse("region-read"), {"text": text.content.decode()}, follow=True)
    assert "Kept as “Two”, version 1." in words(page)
    kept = operator.get(reverse("region-saved-text", args=["two", 1]))
    assert Region.parse(kept.content.decode()).areas == ("39041", "39049")
    assert operator.get(reverse("region-saved-text", args=["two", 9])).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["", "hello", 'kind = "sector"\nname = "x"\ninclude = ["3261"]\n', "\xff" * 10])
def test_a_text_that_is_no_region_is_refused(operator, text):
    assert operator.post(reverse("region-read"), {"text": text}).status_code == 422
    assert Definition.objects.count() == 0


@pytest.mark.django_db
def test_a_file_that_is_no_text_is_refused(operator):
    from django.core.files.uploadedfile import SimpleUploadedFile

    page = operator.post(reverse("region-read"), {"file": SimpleUploadedFile("a.txt", b"\xff\xfe\x00x")})
    assert page.status_code == 422
    assert "not plain text" in words(page)


@pytest.mark.django_db
def test_the_form_to_keep_is_for_the_operator_alone(visitor):
    page = visitor.get("/regions/", {"areas": "39041"}).content.decode()
    assert "/regions/save" not in page
    assert "csrfmiddlewaretoken" not in page


@pytest.mark.django_db
def test_names_and_notes_cannot_become_markup(operator):
    evil = '<img src=x onerror="alert(1)">'
    operator.post(reverse("region-save"), {"areas": "39041", "name": f"Heart {evil}", "note": evil})
    slug = Definition.objects.get().slug
    for address in (reverse("region-saved", args=[slug]), "/regions/", f"/regions/?areas=39041&name={evil}"):
        assert "<img src=x" not in operator.get(address).content.decode()


@pytest.mark.django_db
def test_nothing_loaded_is_no_error(visitor, settings, tmp_path):
    settings.DATA = tmp_path / "empty"
    page = visitor.get("/regions/", {"areas": "39041,39049"})
    assert page.status_code == 200
    assert "No figures are loaded yet" in words(page)


@pytest.mark.django_db
def test_a_page_asks_the_database_once_or_twice(visitor, django_assert_max_num_queries):
    with django_assert_max_num_queries(2):
        visitor.get("/regions/", {"areas": CENTRAL, "q": "ohio"})

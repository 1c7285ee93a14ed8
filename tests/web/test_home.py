"""The start page: three steps that lead somewhere, and real figures of the example."""

from __future__ import annotations

import re

import pytest

from sharedtable.lmi.ranking import rank
from sharedtable.lmi.store import Store
from sharedtable.studies.questions import default_region
from tests.web.conftest import words


@pytest.mark.django_db
def test_the_example_shows_the_first_industries_as_they_are_ranked(visitor, facts):
    text = words(visitor.get("/"))
    rows = rank(Store(facts), default_region()).rows[:5]
    assert len(rows) == 5
    for row in rows:
        assert row["industry_title"] in text
        assert f"{row['employment_jobs']:,}" in text
    assert "This is the example." in text
    assert "Who it is for" in text


@pytest.mark.django_db
def test_every_link_of_the_start_page_leads_to_a_page(visitor, facts):
    found = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', visitor.get("/").content.decode()))
    assert len(found) > 8
    for address in found:
        assert visitor.get(address.replace("&amp;", "&")).status_code == 200, address


def test_without_figures_the_start_page_still_shows_the_way(visitor, settings, tmp_path):
    settings.DATA = tmp_path / "none"
    page = visitor.get("/")
    assert page.status_code == 200
    assert "Find your region" in words(page)
    assert "The example" not in words(page)


@pytest.mark.django_db
def test_the_person_at_the_machine_opens_it_from_the_start_page(visitor, operator, facts):
    assert "Open the example team" in words(operator.get("/"))
    assert "Open the example team" not in words(visitor.get("/"))
    assert visitor.post("/example/open").status_code == 404
    answer = operator.post("/example/open", follow=True)
    assert answer.status_code == 200
    assert "Central Ohio" in words(answer)
    for page in ("", "people/", "organizations/", "partnerships/", "p/central-ohio-plastics-partnership/", "team/"):
        assert operator.get(f"/s/example/{page}").status_code == 200, page

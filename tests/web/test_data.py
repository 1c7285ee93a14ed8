"""Data: what is loaded, the check before use, the fetch from the publisher, and who may."""

from __future__ import annotations

import gzip
import io
import threading
import time
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sharedtable.accounts.actors import Actor
from sharedtable.errors import Refused
from sharedtable.lmi.store import Store
from sharedtable.studies import incoming, intake
from tests.web.conftest import words
from tests.web.deliveries import WAIT_SECONDS, finished, left_files, sent, token_of

ME = Actor("operator", is_operator=True)
STRANGER = Actor("visitor")


@pytest.mark.django_db
def test_the_page_says_what_is_loaded_and_what_to_be_careful_about(visitor, folder):
    page = visitor.get("/data/")
    text = words(page)
    assert "Jobs, employers and pay by industry, yearly" in text
    assert "2016, 2020–2022" in text
    assert "3 years in between are not loaded (2017–2019)" in text
    assert "should be published by now" in text
    assert "Bureau of Labor Statistics" in text
    assert '<form method="post" action="/data' not in page.content.decode()


@pytest.mark.django_db
def test_an_empty_store_is_no_error(visitor, settings, tmp_path):
    settings.DATA = tmp_path
    page = visitor.get("/data/")
    assert page.status_code == 200
    assert "No figures yet" in words(page)


@pytest.mark.django_db
def test_the_operator_sees_the_ways_in(operator, folder):
    text = operator.get("/data/").content.decode()
    assert 'action="/data/upload"' in text
    assert 'action="/data/fetch"' in text


@pytest.mark.parametrize(("kind", "start"), [("csv", b"\xef\xbb\xbfarea_code,"), ("xlsx", b"PK")])
def test_the_template_has_a_line_for_each_sector_of_each_area(visitor, folder, kind, start):
    answer = visitor.get("/data/template", {"kind": kind, "areas": "39041,39049"})
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    assert f"industry-projections.{kind}" in answer["Content-Disposition"]
    if kind == "csv":
        lines = answer.content.decode("utf-8-sig").splitlines()
        assert any(line.startswith('39049,"Franklin County, Ohio",31-33,Manufacturing') for line in lines)


def test_a_template_of_another_kind_is_not_there(visitor, folder):
    assert visitor.get("/data/template", {"kind": "exe"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_file_is_checked_aside_and_used_only_when_asked(operator, folder, slices):
    before = Store(folder).revision
    page = sent(operator, *[(path.name, path.read_bytes()) for path in slices])
    text = words(page)
    assert page.status_code == 200
    assert "Read, and not used yet" in text
    assert "Delaware County, Ohio" in text
    assert slices[0].name in text
    assert "replaced by other figures" in text
    assert Store(folder).revision == before
    page = finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    assert "The figures are in use" in words(page)
    assert Store(folder).revision != before
    assert left_files(folder) == []
    again = sent(operator, (slices[0].name, slices[0].read_bytes()))
    assert "These very figures are loaded already." in words(again)
    assert "Use these figures" not in words(again)


@pytest.mark.django_db(transaction=True)
def test_a_zip_of_files_and_a_filled_template_come_in_together(operator, folder, slices):
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("2022.csv", gzip.decompress(slices[-1].read_bytes()))
    template = (
        "area_code,area_title,industry_code,industry_title,base_year,projected_year,jobs_base,jobs_projected,source_name,source_address\r\n"
        "39000,Ohio,3261,Plastics,2022,2032,1000,1100,Ohio office,https://example.org\r\n"
    )
    page = sent(operator, ("all.zip", box.getvalue()), ("ohio.csv", template.encode()))
    assert "Outlook by industry" in words(page)
    finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    assert Store(folder).years("industry_projections") == (2022,)


@pytest.mark.django_db(transaction=True)
def test_thrown_away_is_gone(operator, folder, slices):
    page = sent(operator, (slices[0].name, slices[0].read_bytes()))
    token = token_of(page)
    assert left_files(folder) != []
    assert operator.post(reverse("data-drop", args=[token])).status_code == 302
    assert not (folder / "incoming" / token).exists()
    assert operator.get(reverse("data-delivery", args=[token])).status_code == 404


FORM = {"source": "qcew-annual-area", "areas": "39041", "first": "2021", "last": "2022", "wider": "1"}


@pytest.mark.django_db(transaction=True)
def test_a_fetch_asks_for_the_region_with_state_and_country_and_says_how_it_ended(operator, folder, monkeypatch):
    asked = {}

    def fetch(store, source, **more):
        asked.update(more, source=source)
        return []

    monkeypatch.setattr(intake, "fetch_figures", fetch)
    page = finished(operator, operator.post(reverse("data-fetch"), FORM))
    assert asked["source"] == "qcew-annual-area"
    assert asked["years"] == [2021, 2022]
    assert asked["areas"] == ["39041", "US000", "39000"]
    assert "Done" in words(page)


@pytest.mark.django_db(transaction=True)
def test_without_a_network_a_fetch_ends_with_a_sentence(operator, folder, monkeypatch):
    def fetch(*args, **kwargs):
        raise Refused("data.bls.gov could not be reached. Check the network, or upload the files.")

    monkeypatch.setattr(intake, "fetch_figures", fetch)
    page = finished(operator, operator.post(reverse("data-fetch"), FORM))
    assert page.status_code == 200
    assert "data.bls.gov could not be reached" in words(page)
    assert "The figures are as they were" in words(page)


@pytest.mark.django_db(transaction=True)
def test_progress_is_shown_without_scripts_and_only_one_fetch_runs(operator, folder, monkeypatch):
    from sharedtable.lmi.progress import Step

    going, on = threading.Event(), threading.Event()

    def fetch(store, source, *, progress, **more):
        time.sleep(intake.WRITES_EVERY_SECONDS + 0.1)
        progress(Step("Fetch QCEW", 3, 8))
        going.set()
        on.wait(WAIT_SECONDS)
        return []

    monkeypatch.setattr(intake, "fetch_figures", fetch)
    monkeypatch.setattr(intake, "QUICK_SECONDS", 0.05)
    answer = operator.post(reverse("data-fetch"), FORM)
    assert going.wait(WAIT_SECONDS)
    page = operator.get(answer["Location"])
    assert page["Refresh"] == "2"
    assert '<progress class="at-work__bar" value="3" max="8"' in page.content.decode()
    second = operator.post(reverse("data-fetch"), FORM)
    assert second.status_code == 422
    assert "already under way" in words(second)
    assert "A fetch is under way" in words(operator.get("/data/"))
    on.set()
    assert "Done" in words(finished(operator, answer))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        {"first": "2022", "last": "2021"},
        {"first": "1066"},
        {"last": "9999"},
        {"first": "x"},
        {"source": "naics"},
        {"areas": "99999"},
    ],
)
def test_a_fetch_that_makes_no_sense_is_refused(operator, folder, change):
    assert operator.post(reverse("data-fetch"), {**FORM, **change}).status_code in (404, 422)


WRITING = [
    "data-upload",
    "data-fetch",
    "data-use",
    "data-drop",
    "note-add",
    "note-withdraw",
    "region-save",
    "region-read",
]


def address(name: str) -> str:
    return reverse(
        name, args=["a" * 24] if name in ("data-use", "data-drop") else [1] if name == "note-withdraw" else []
    )


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITING)
@pytest.mark.parametrize(
    "change",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_HOST": "localhost.evil.example"},
        {"HTTP_ORIGIN": "http://evil.example"},
        {"HTTP_ORIGIN": "null"},
    ],
    ids=lambda change: next(iter(change.items()))[1],
)
def test_nobody_but_the_operator_changes_anything(operator, folder, settings, name, change):
    settings.ALLOWED_HOSTS = ["*"]
    answer = operator.post(address(name), {"text": "x"}, **change)
    assert answer.status_code == 404
    assert not (folder / "incoming").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", WRITING)
def test_a_form_without_its_token_changes_nothing(settings, folder, name):
    settings.LOCAL = True
    client = Client(
        enforce_csrf_checks=True,
        headers={"host": "127.0.0.1:8000", "sec-fetch-site": "same-origin"},
        REMOTE_ADDR="127.0.0.1",
    )
    answer = client.post(address(name), {"files": SimpleUploadedFile("a.csv", b"x")})
    assert answer.status_code == 403
    assert list((folder / "incoming").glob("*")) == []


def test_the_actions_check_their_actor_themselves(folder):
    for refused in (
        lambda: intake.fetch("qcew-annual-area", [2022], ["39041"], by=STRANGER),
        lambda: intake.use("a" * 24, by=STRANGER),
        lambda: intake.drop("a" * 24, by=STRANGER),
        lambda: intake.check(incoming.begin("upload", by=STRANGER), by=STRANGER),
    ):
        with pytest.raises(Refused, match="Only the person at the machine"):
            refused()

"""Data: figures come in through a check, hostile files are refused in words, nothing is left half done."""

from __future__ import annotations

import errno
import gzip
import io
import re
import shutil
import threading
import time
import zipfile
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from sharedtable.errors import Refused
from sharedtable.lmi import example
from sharedtable.lmi.store import Store
from sharedtable.studies import incoming, intake
from sharedtable.studies.actors import Actor
from sharedtable.studies.models import LocalNote, Study
from sharedtable.web import arriving

ME = Actor("operator", True)
STRANGER = Actor("visitor", False)
WAIT_SECONDS = 60


@pytest.fixture
def folder(settings, tmp_path) -> Path:
    """A data folder with the shipped example."""
    settings.DATA = tmp_path
    example.install(Store(tmp_path, create=True))
    return tmp_path


@pytest.fixture
def slices(shared) -> list[Path]:
    """Two real files: one county, two years."""
    found = sorted((shared / "data" / "qcew" / "area_api_ohio").glob("*-a-39041.csv.gz"))
    assert len(found) >= 2
    return found[-2:]


def sent(client: Client, *files: tuple[str, bytes]):
    """Posts files and gives the page on which it ends, when the work is done."""
    edge = b"--------------------------edge"
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n%s\r\n' % (edge, name.encode(), content)
        for name, content in files
    )
    answer = client.generic(
        "POST", reverse("data-upload"), body + b"--%s--\r\n" % edge, content_type=f"multipart/form-data; boundary={edge.decode()}"
    )
    return finished(client, answer)


def finished(client: Client, answer):
    if answer.status_code != 302:
        return answer
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        page = client.get(answer["Location"])
        if "Refresh" not in page:
            return page
        time.sleep(0.2)
    pytest.fail("the work did not end")


def token_of(page) -> str:
    found = re.search(r"/data/incoming/([0-9a-f]{24})/", page.content.decode())
    assert found, page.content.decode()[:2000]
    return found.group(1)


def left_files(folder: Path) -> list[str]:
    """Files of deliveries that are still there, but for what says how each went."""
    return [
        str(p.relative_to(folder))
        for p in (folder / "incoming").rglob("*")
        if p.is_file() and p.name not in ("state.json", ".alive")
    ]


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


# --- the page -------------------------------------------------------------------------------------------------------------


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


# --- upload: check, then use ----------------------------------------------------------------------------------------------


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


def bomb(kind: str) -> bytes:
    if kind == "gz":
        return gzip.compress(b"0" * 200_000_000, 9)
    box = io.BytesIO()
    with zipfile.ZipFile(box, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr("a.csv", b"0" * 200_000_000)
    return box.getvalue()


HOSTILE = {
    "page.html": (lambda: b"<!doctype html><html><script>alert(1)</script></html>", "web page"),
    "bomb.zip": (lambda: bomb("zip"), "unpacks to more"),
    "bomb.gz": (lambda: bomb("gz"), "unpacks to more"),
    "wide.csv": (lambda: b",".join(b"c%d" % n for n in range(1_000_000)) + b"\n", "."),
    "latin.csv": (lambda: "área,año\n1,2\n".encode("utf-16-le"), "."),
    "cut.csv.gz": (lambda: gzip.compress(b"area_fips,own_code\n" * 5_000)[:-40], "cut short"),
    "empty.csv": (lambda: b"", "empty"),
    "noise.xlsx": (lambda: b"PK\x03\x04" + bytes(range(256)) * 40, "."),
    "letters.csv": (lambda: b"name,company\nAda,Lovelace Ltd\n", "not a file that Shared Table knows"),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_wrong_file_is_refused_in_words_and_leaves_nothing(operator, folder, name):
    make, sentence = HOSTILE[name]
    before = Store(folder).revision
    page = sent(operator, (name, make()))
    assert page.status_code == 422
    text = words(page)
    assert "This cannot be used" in text or "could not be done" in text
    assert sentence in text
    assert "<script>alert" not in page.content.decode()
    assert "Traceback" not in text
    assert Store(folder).revision == before
    assert left_files(folder) == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["../../x.csv", "..\\..\\x.csv", "/etc/x.csv", ".", "a\nb.csv", "<b>.csv", "x" * 400 + ".csv"]
)
def test_a_name_leads_nowhere_else(operator, folder, name, slices):
    before = {path for path in folder.rglob("*") if "incoming" not in path.parts}
    incoming_file = incoming.new_file("a" * 24, 1, name)
    assert incoming_file.resolve().is_relative_to(folder / "incoming")
    shutil.rmtree(folder / "incoming")
    sent(operator, (name, slices[0].read_bytes()))
    assert {path for path in folder.rglob("*") if "incoming" not in path.parts} == before


@pytest.mark.django_db
def test_no_file_at_all_is_told(operator, folder):
    page = operator.post(reverse("data-upload"), {})
    assert page.status_code == 422
    assert "No file was chosen" in words(page)


@pytest.mark.django_db
def test_more_than_the_limit_is_refused_while_it_arrives_and_leaves_nothing(operator, folder, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_BYTES", 1_000_000)
    page = operator.post(reverse("data-upload"), {"files": SimpleUploadedFile("large.csv", b"x" * 31_000_000)})
    assert page.status_code == 422
    assert "more than 1 MB" in words(page)
    assert list((folder / "incoming").glob("*")) == []


@pytest.mark.django_db
def test_too_many_files_are_refused(operator, folder, monkeypatch):
    monkeypatch.setattr(arriving, "MOST_FILES", 2)
    page = sent(operator, ("a", b"1"), ("b", b"2"), ("c", b"3"))
    assert page.status_code == 422
    assert "more than 2 files" in words(page)
    assert list((folder / "incoming").glob("*")) == []


class FullDisk:
    """A file on a disk without room."""

    def __init__(self, path: Path) -> None:
        self.real = path.open("wb")

    def write(self, data: bytes) -> int:
        self.real.write(data[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        self.real.close()


@pytest.mark.django_db
def test_a_full_disk_is_told_and_leaves_nothing(operator, folder, monkeypatch):
    real = Path.open
    monkeypatch.setattr(
        Path,
        "open",
        lambda self, *a, **k: FullDisk(self) if "files" in self.parts and a == ("xb",) else real(self, *a, **k),
    )
    page = operator.post(reverse("data-upload"), {"files": SimpleUploadedFile("a.csv", b"x" * 100_000)})
    assert page.status_code == 422
    assert "disk of this machine is full" in words(page)
    assert list((folder / "incoming").glob("*")) == []


@pytest.mark.django_db(transaction=True)
def test_a_disk_that_fills_up_during_the_check_leaves_the_figures(operator, folder, slices, monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(intake, "load", full)
    before = Store(folder).revision
    page = sent(operator, (slices[0].name, slices[0].read_bytes()))
    assert page.status_code == 422
    assert "disk of this machine is full" in words(page)
    assert Store(folder).revision == before
    assert left_files(folder) == []


@pytest.mark.django_db(transaction=True)
def test_two_uploads_at_once_do_not_disturb_each_other(operator, folder, slices, settings):
    pages = {}

    def send(path: Path) -> None:
        client = Client(headers={"host": "127.0.0.1:8000", "origin": "http://127.0.0.1:8000"}, REMOTE_ADDR="127.0.0.1")
        pages[path.name] = sent(client, (path.name, path.read_bytes()))

    threads = [threading.Thread(target=send, args=(path,)) for path in slices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_SECONDS)
    for path in slices:
        text = words(pages[path.name])
        assert path.name in text
        assert all(other.name not in text for other in slices if other != path)
    tokens = {token_of(page) for page in pages.values()}
    assert len(tokens) == 2
    for token in tokens:
        assert "Done" in words(finished(operator, operator.post(reverse("data-use", args=[token]))))
    assert left_files(folder) == []


def test_work_whose_process_died_is_told_as_interrupted(folder):
    found = incoming.begin("fetch", "qcew-annual-area")
    incoming.write(incoming.replace(found, state="working"))
    assert incoming.read(found.token).state == "refused"
    with incoming.alive(found.token):
        assert incoming.read(found.token).state == "working"
        assert incoming.busy("fetch").token == found.token
    assert incoming.busy("fetch") is None


def test_old_deliveries_are_swept_away_and_new_ones_stay(folder):
    import os

    old, new = incoming.begin("upload"), incoming.begin("upload")
    past = time.time() - incoming.KEPT_SECONDS - 60
    os.utime(folder / "incoming" / old.token, (past, past))
    incoming.sweep()
    assert [path.name for path in (folder / "incoming").iterdir()] == [new.token]


# --- fetch ----------------------------------------------------------------------------------------------------------------


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


# --- a profile that comes back ----------------------------------------------------------------------------------------------


def workbook(folder: Path, edit=None) -> bytes:
    """The profile of plastics in two counties, as it is exported; `edit` changes it as a person would."""
    from datetime import date

    import openpyxl

    from sharedtable.exports import to_xlsx
    from sharedtable.studies.queries import profile_page
    from sharedtable.studies.questions import Question, region_of, sector_of
    from sharedtable.studies.sheets import profile_workbook

    question = Question(region_of("39041,39049,39089"), sector_of("31-33", "", "Making things"))
    content = to_xlsx(profile_workbook(profile_page(question), date(2026, 11, 2)))
    if edit is None:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    edit(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def correct(book) -> None:
    points = book["Ten data points"]
    keys = [cell.value for cell in points[1]]
    for row in points.iter_rows(min_row=3):
        if row[keys.index("measure")].value == "employment_jobs":
            row[keys.index("value")].value += 500
            row[keys.index("local_note")].value = "A new plant opened in May <script>alert(1)</script>"
    notes = book["Notes"]
    notes.append(["caveat", "Two large employers moved their payroll office."])
    notes.append(["", "Shifts are hard to fill."])


@pytest.mark.django_db(transaction=True)
def test_an_exported_profile_comes_back_as_the_same_figures(operator, folder):
    page = sent(operator, ("profile.xlsx", workbook(folder)))
    assert "A profile with" in words(page)
    assert "No notes were added." in words(page)
    finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    study = Study.objects.get()
    shown = operator.get(reverse("data-study", args=[study.pk]))
    assert "All figures are as today" in words(shown)
    assert "November 2, 2026" in words(shown) or "Nov. 2, 2026" in words(shown)
    assert study.sources
    assert LocalNote.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_an_economist_corrects_a_figure_and_adds_cautions_in_the_workbook(operator, folder):
    before = Store(folder).revision
    page = sent(operator, ("profile.xlsx", workbook(folder, correct)))
    assert "3 notes of people come with it" in words(page)
    finished(operator, operator.post(reverse("data-use", args=[token_of(page)])))
    study = Study.objects.get()
    notes = {(note.kind, note.measure, note.text) for note in study.notes.all()}
    assert notes == {
        ("knowledge", "employment", "A new plant opened in May <script>alert(1)</script>"),
        ("caveat", "", "Two large employers moved their payroll office."),
        ("knowledge", "", "Shifts are hard to fill."),
    }
    shown = operator.get(reverse("data-study", args=[study.pk]))
    assert "1 figure is not what the loaded files say today" in words(shown)
    assert "<script>alert" not in shown.content.decode()
    assert "Shifts are hard to fill." in words(shown)
    assert Store(folder).revision == before
    # The same file once more gives the study that is there.
    page = sent(operator, ("again.xlsx", workbook(folder, correct)))
    assert Study.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_damaged_profile_names_its_cell(operator, folder):
    def spoil(book) -> None:
        book["Ten data points"]["C3"].value = "many"

    page = sent(operator, ("profile.xlsx", workbook(folder, spoil)))
    assert page.status_code == 422
    assert "Cell C3 of the sheet Ten data points" in words(page)


@pytest.mark.django_db(transaction=True)
def test_notes_stand_beside_the_profile_until_they_are_taken_back(operator, folder):
    from sharedtable.studies.knowledge import knowledge
    from sharedtable.studies.questions import Question, region_of, sector_of

    form = {
        "areas": "39041,39049", "name": "Two", "industries": "31-33", "sector": "Making", "text": "Wages rose in spring.",
        "measure": "pay", "kind": "knowledge", "said_by": "Ada", "next": "/data/",
    }  # fmt: skip
    assert operator.post(reverse("note-add"), form)["Location"] == "/data/#knowledge"
    near = knowledge(Question(region_of("39049,39089"), sector_of("31-33")))
    assert [(note.text, note.about) for note in near.notes] == [("Wages rose in spring.", "Average pay")]
    assert knowledge(Question(region_of("39089"), sector_of("31-33"))).notes == []
    assert knowledge(Question(region_of("39049"), sector_of("44-45"))).notes == []
    operator.post(reverse("note-withdraw", args=[near.notes[0].pk]), {"next": "//evil.example"})
    assert knowledge(Question(region_of("39049"), sector_of("31-33"))).notes == []
    assert LocalNote.objects.get().withdrawn_at is not None


# --- who may ----------------------------------------------------------------------------------------------------------------

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
        lambda: intake.check(incoming.begin("upload"), by=STRANGER),
    ):
        with pytest.raises(Refused, match="Only the person at the machine"):
            refused()

"""A full disk while a list, photo, close or archive is written: a sentence, nothing half kept, and later it works.

The database is really full: SQLite may take no more pages. Files may really grow no further: the system ends them.
"""

from __future__ import annotations

import errno
import io
import random
import resource
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from PIL import Image

from sharedtable.accounts.actors import Actor
from sharedtable.accounts.models import Space
from sharedtable.archive.actions import bring_in, take_for_operator
from sharedtable.errors import Refused, is_full
from sharedtable.ledger.models import Entry
from sharedtable.meetings.models import Meeting, Photo
from sharedtable.people.import_models import Import, ImportRow
from sharedtable.people.models import FieldSource, Organisation
from sharedtable.plans.models import Closing, Priority
from tests.cast import Cast, make_cast
from tests.people.lists import bring, csv_bytes
from tests.plans.conftest import Launch, make_launch

OPERATOR = Actor("operator", is_operator=True)
SAID = "Nothing of what you did was kept"


@pytest.fixture
def written(transactional_db: None) -> Cast:
    """Both teams, in a database that is really written."""
    return make_cast()


@contextmanager
def full_database() -> Iterator[None]:
    """The database takes no more: what room its pages have left is filled first."""
    if connection.vendor != "sqlite":
        pytest.skip("only SQLite can be told how large it may get")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE filler (text TEXT)")
        pages = cursor.execute("PRAGMA page_count").fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 8}")
        for size in (2_000, 200, 20):
            with pytest.raises(OperationalError):
                while True:
                    cursor.execute("INSERT INTO filler VALUES (%s)", ["x" * size])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
            cursor.execute("DROP TABLE filler")


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """No file of this process grows beyond so many bytes."""
    usual, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (usual, hard))


def browser(cast: Cast) -> Client:
    return cast.client("convener", raise_request_exception=False)


def told(answer: HttpResponse) -> None:
    assert (answer.status_code, SAID in answer.content.decode()) == (507, True)


def companies(count: int) -> bytes:
    letters = random.Random(5)
    rows = [["".join(letters.choices("abcdefghij", k=24)), f"{number} Mill St", "Lima"] for number in range(count)]
    return csv_bytes([["Company", "Street", "City"], *rows])


def test_a_list_that_does_not_fit_is_not_begun(written: Cast) -> None:
    client, entries = browser(written), Entry.objects.count()
    given = {"source": "Chamber list", "basis": "They agreed.", "file": SimpleUploadedFile("a.csv", companies(9_000))}
    with full_database():
        told(client.post(reverse("imports", args=["ohio"]), given))
        assert not Import.objects.exists() and Entry.objects.count() == entries
    given["file"] = SimpleUploadedFile("a.csv", companies(9_000))
    assert client.post(reverse("imports", args=["ohio"]), given).status_code == 302


def test_a_list_that_does_not_fit_into_the_record_stays_in_review(written: Cast) -> None:
    batch = bring(written.ohio.actor("convener"), companies(250))
    client, entries, places = browser(written), Entry.objects.count(), Organisation.objects.count()
    write = reverse("import-write", args=["ohio", batch.pk])
    with full_database():
        told(client.post(write))
    assert Import.objects.get(pk=batch.pk).state == "review"
    assert (Organisation.objects.count(), Entry.objects.count()) == (places, entries)
    assert not FieldSource.objects.exists()
    client.post(write)
    assert Organisation.objects.count() == places + 250


def test_a_comparison_that_does_not_fit_can_be_made_again(written: Cast) -> None:
    from sharedtable.people.importing import actions

    convener, data = written.ohio.actor("convener"), companies(250)
    batch = actions.begin(by=convener, data=data, file_name="a.csv", source="s", basis="b")
    given = {"kind": "companies", "version": batch.version} | {f"column-{n}": c for n, c in enumerate(batch.columns)}
    client, columns = browser(written), reverse("import-columns", args=["ohio", batch.pk])
    with full_database():
        told(client.post(columns, given))
    assert not ImportRow.objects.exists()
    found = Import.objects.get(pk=batch.pk)
    assert found.state in ("columns", "broken")
    client.post(columns, {**given, "version": found.version})
    assert ImportRow.objects.filter(batch=batch).count() == 250


def test_a_photo_that_does_not_fit_is_not_kept(written: Cast) -> None:
    launch, out, client = make_launch(written.ohio), io.BytesIO(), browser(written)
    Image.frombytes("RGB", (700, 700), random.Random(3).randbytes(700 * 700 * 3)).save(out, "JPEG", quality=95)
    address, entries = reverse("meeting-photo-add", args=["ohio", launch.room.meeting.pk]), Entry.objects.count()
    with full_database():
        told(client.post(address, {"photo": SimpleUploadedFile("a.jpg", out.getvalue())}))
    assert not Photo.objects.exists() and Entry.objects.count() == entries
    browser(written).post(address, {"photo": SimpleUploadedFile("a.jpg", out.getvalue())})
    assert Photo.objects.count() == 1


def test_a_meeting_that_cannot_be_closed_goes_on(written: Cast) -> None:
    launch: Launch = make_launch(written.ohio)
    meeting, client = launch.room.meeting, browser(written)
    address, entries = reverse("meeting-freeze", args=["ohio", meeting.pk]), Entry.objects.count()
    with full_database():
        told(client.post(address))
    assert Meeting.objects.get(pk=meeting.pk).frozen_at is None
    assert not Closing.objects.exists() and not Priority.objects.exists() and Entry.objects.count() == entries
    browser(written).post(address)
    assert Meeting.objects.get(pk=meeting.pk).frozen_at is not None


@pytest.mark.django_db
def test_an_archive_that_does_not_fit_is_told_and_leaves_no_file(cast: Cast, settings, tmp_path: Path) -> None:
    settings.DATA = tmp_path
    client, entries = cast.client("admin", raise_request_exception=False), Entry.objects.count()
    with no_file_above(4_000):
        answer = client.post(reverse("archive", args=["ohio"]))
    assert answer.status_code == 422 and "The disk of this machine is full" in answer.content.decode()
    assert not list(tmp_path.iterdir()) and Entry.objects.count() == entries
    answer = cast.client("admin", raise_request_exception=False).post(reverse("archive", args=["ohio"]))
    assert zipfile.is_zipfile(io.BytesIO(b"".join(answer.streaming_content)))


def test_an_archive_that_does_not_fit_into_the_database_makes_no_team(written: Cast, tmp_path: Path) -> None:
    path = tmp_path / "ohio.zip"
    bring(written.ohio.actor("convener"), companies(250))
    with take_for_operator(by=OPERATOR, slug="ohio").file as file:
        path.write_bytes(file.read())
    with full_database(), pytest.raises(Refused, match="The disk of this machine is full"):
        bring_in(path, by=OPERATOR, slug="new")
    assert not Space.objects.filter(slug="new").exists()
    bring_in(path, by=OPERATOR, slug="new")
    assert Space.objects.filter(slug="new").exists()


@pytest.mark.django_db
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the log of the test keeps its file
def test_a_file_for_which_the_server_has_no_room_is_told(cast: Cast, settings, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    given = {"source": "s", "basis": "b", "file": SimpleUploadedFile("a.csv", b"Company\r\n" + b"a" * 4_000_000)}
    client = browser(cast)
    with no_file_above(500_000):
        told(client.post(reverse("imports", args=["ohio"]), given))
    assert not Import.objects.exists()


@pytest.mark.parametrize(
    ("problem", "full"),
    [(OSError(errno.ENOSPC, "x"), True), (OSError(errno.EDQUOT, "x"), True), (OSError(errno.EACCES, "x"), False)],
)
def test_a_full_disk_is_told_from_other_troubles(problem: OSError, full: bool) -> None:
    assert is_full(problem) is full
    around = DatabaseError("x")
    around.__cause__ = problem
    assert is_full(around) is full and not is_full(None)


def test_postgresql_says_it_by_its_own_number() -> None:
    import psycopg.errors

    around = OperationalError("could not extend file")
    around.__cause__ = psycopg.errors.DiskFull("could not extend file")
    assert is_full(around) and not is_full(psycopg.errors.DeadlockDetected("x"))

"""The pages that give everything out: who gets which file, and that a look changes nothing."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sharedtable.ledger.models import Entry
from tests.archive.full import filled
from tests.cast import Cast

PAGE, OWN = "/s/ohio/archive/", "/s/ohio/archive/own/"


def entries() -> int:
    return Entry.objects.filter(verb="archive.out").count()


def test_the_administrator_looks_and_takes_everything(cast: Cast) -> None:
    filled(cast)
    client = cast.client("admin")
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "Everything in one file" in page.content.decode()
    assert entries() == 0
    answer = client.post(PAGE)
    assert answer["Content-Type"] == "application/zip"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Content-Disposition"].startswith('attachment; filename="sharedtable-ohio-')
    content = b"".join(answer.streaming_content)
    assert answer["Content-Length"] == str(len(content))
    assert "json/people.person.json" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert entries() == 1


def test_agency_staff_take_their_own_list_and_nothing_else(cast: Cast) -> None:
    client = cast.client("agency")
    assert "Lakeside Community College" in client.get(OWN).content.decode()
    content = b"".join(client.post(OWN).streaming_content)
    assert "json/partnerships.seat.json" not in zipfile.ZipFile(io.BytesIO(content)).namelist()
    assert client.get(PAGE).status_code == client.post(PAGE).status_code == 404


@pytest.mark.parametrize("role", ["visitor", "stranger", "convener", "economist", "adviser", "state"])
def test_for_anybody_else_the_pages_are_not_there(cast: Cast, role: str) -> None:
    client = cast.client(role)
    for address in (PAGE, OWN):
        assert client.get(address).status_code == 404
        assert client.post(address).status_code == 404
    assert entries() == 0


def test_another_team_s_administrator_and_staff_get_not_found(cast: Cast) -> None:
    assert cast.client("admin", "maine").post(PAGE).status_code == 404
    assert cast.client("agency", "maine").post(OWN).status_code == 404


def test_a_form_without_its_token_takes_nothing(cast: Cast) -> None:
    client = cast.client("admin", enforce_csrf_checks=True)
    assert client.post(PAGE).status_code == 403
    assert entries() == 0


def test_the_page_asks_as_often_for_a_full_record_as_for_an_empty_one(cast: Cast) -> None:
    client = cast.client("admin")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as empty:
        client.get(PAGE)
    filled(cast)
    with CaptureQueriesContext(connection) as full:
        client.get(PAGE)
    assert len(empty) == len(full) <= 90


def test_a_server_that_waits_gets_the_file_piece_by_piece(cast: Cast) -> None:
    """Under uvicorn an answer that does not wait would be held whole in memory first."""
    import asyncio

    from django.test import AsyncRequestFactory, RequestFactory

    from sharedtable.archive.actions import take_space
    from sharedtable.web.archive.taking import PIECE, _file

    taken = take_space(by=cast.ohio.actor("admin"), space=cast.ohio.space)
    answer = _file(AsyncRequestFactory().post(PAGE), taken)
    assert answer.is_async

    async def pieces() -> list[bytes]:
        return [piece async for piece in answer]

    found = asyncio.run(pieces())
    assert sum(map(len, found)) == taken.size and max(map(len, found)) <= PIECE
    taken = take_space(by=cast.ohio.actor("admin"), space=cast.ohio.space)
    assert not _file(RequestFactory().post(PAGE), taken).is_async
    taken.file.close()

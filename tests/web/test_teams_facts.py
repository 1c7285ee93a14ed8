"""The facts pages for two teams: nothing that one keeps shows on a page, a list or in a file of the other."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from sharedtable.lmi.definitions import Region, Sector
from sharedtable.studies import actions
from sharedtable.studies.actions import NewNote
from sharedtable.studies.models import Definition, LocalNote, Study
from sharedtable.studies.questions import default_region
from tests.cast import Cast

AREAS = ",".join(default_region().areas)
PROFILE = f"/profile/?areas={AREAS}&industries=31-33"
CANARY = {team: f"zq7 {team} canary" for team in ("ohio", "maine")}


@pytest.fixture
def kept(cast: Cast, facts: Path) -> Cast:
    """Each team has a region, a sector, a note and a study of its own, all with its canary in them."""
    for name in CANARY:
        by = getattr(cast, name).actor("convener")
        region, sector = default_region(), Sector.of("31-33")
        actions.save_region(Region.of("39041", CANARY[name]), by=by)
        actions.save_region(Region.of("39041" if name == "ohio" else "39049", "Shared name"), by=by)
        actions.save_sector(Sector(CANARY[name], ("3261",)), by=by)
        actions.add_note(NewNote(f"{CANARY[name]} note"), by=by, region=region, sector=sector)
        actions.freeze_study(
            by=by, title=f"{CANARY[name]} study", question={"region": region.to_text(), "sector": sector.to_text()},
            answer={}, sources=[], made_on=None, file_name="f.xlsx", sha256="5" * 64, region=region, sector=sector,
        )  # fmt: skip
    return cast


def pages(client: Client) -> dict[str, bytes]:
    """Every page and file of the facts that shows or names something kept."""
    found = {
        address: client.get(address).content
        for address in (
            "/regions/", "/regions/?q=canary", "/regions/?q=shared+name", "/sectors/", "/data/", PROFILE,
            "/profile/?region=shared-name&industries=31-33", "/industries/?region=shared-name",
            f"/industries/?areas={AREAS}&sector=zq7+ohio+canary", f"/industries/?areas={AREAS}&sector=zq7+maine+canary",
            "/regions/shared-name/", "/regions/zq7-ohio-canary/", "/regions/zq7-maine-canary/",
            "/sectors/zq7-ohio-canary/", "/sectors/zq7-maine-canary/", "/regions/shared-name/1.txt",
            *(f"/data/studies/{number}/" for number in Study.objects.values_list("pk", flat=True)),
        )
    }  # fmt: skip
    for kind in ("docx", "xlsx"):
        data = client.get(f"/profile/profile.{kind}?areas={AREAS}&industries=31-33").content
        found[kind] = _text(kind, data)
    return found


def _text(kind: str, data: bytes) -> bytes:
    if kind == "docx":
        document = docx.Document(io.BytesIO(data))
        return "\n".join(paragraph.text for paragraph in document.paragraphs).encode()
    book = openpyxl.load_workbook(io.BytesIO(data))
    return "\n".join(str(cell.value) for page in book for line in page.iter_rows() for cell in line).encode()


def shows(content: bytes, team: str) -> bool:
    # The address of a page stands in its own forms; what the page says of it is what counts.
    text = content.decode().lower()
    return any(f"{CANARY[team]} {word}" in text for word in ("note", "study"))


@pytest.mark.parametrize(("role", "team", "other"), [("convener", "ohio", "maine"), ("economist", "maine", "ohio")])
def test_a_team_finds_its_own_on_pages_and_in_files_and_nothing_of_the_other(
    kept: Cast, role: str, team: str, other: str
) -> None:
    found = pages(kept.client(role, team))
    for name, content in found.items():
        assert not shows(content, other), name
    assert shows(found[PROFILE], team) and shows(found["docx"], team) and shows(found["xlsx"], team)
    assert CANARY[team].encode() in found["/regions/"] and CANARY[other].encode() not in found["/regions/"]
    assert CANARY[team].encode() in found["/sectors/"] and CANARY[other].encode() not in found["/sectors/"]
    assert f"{CANARY[team]} study".encode() in found["/data/"]
    mine = "39041" if team == "ohio" else "39049"
    assert mine.encode() in found["/regions/shared-name/1.txt"]


@pytest.mark.parametrize("role", ["visitor", "stranger", "state"])
def test_visitors_strangers_and_the_state_find_nothing_of_any_team(kept: Cast, role: str) -> None:
    client = kept.client(role)
    found = pages(client)
    for name, content in found.items():
        assert not shows(content, "ohio") and not shows(content, "maine"), name
    for listing in ("/regions/", "/sectors/", "/data/"):
        assert b"zq7" not in found[listing]
    for team in CANARY:
        assert client.get(f"/regions/zq7-{team}-canary/").status_code == 404
        assert client.get(f"/sectors/zq7-{team}-canary/").status_code == 404
    for number in Study.objects.values_list("pk", flat=True):
        assert client.get(f"/data/studies/{number}/").status_code == 404
    assert client.get("/industries/?region=shared-name").status_code in (400, 404)


def test_the_other_team_s_things_are_not_found_by_number(kept: Cast) -> None:
    client = kept.client("convener", "ohio")
    theirs = Study.objects.get(space=kept.maine.space)
    note = LocalNote.objects.filter(space=kept.maine.space).first()
    assert client.get(f"/data/studies/{theirs.pk}/").status_code == 404
    assert client.post(reverse("note-withdraw", args=[note.pk])).status_code == 404
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_the_economist_keeps_and_notes_through_the_pages_into_their_own_space(kept: Cast) -> None:
    client = kept.client("economist", "ohio")
    page = client.get(PROFILE).content.decode()
    assert 'name="said_by"' in page
    answer = client.post("/notes/add", {"areas": AREAS, "industries": "31-33", "text": "A new line opens."})
    assert answer.status_code == 302
    assert LocalNote.objects.get(text="A new line opens.").space == kept.ohio.space
    assert client.post("/regions/save", {"areas": "39041,39049", "name": "Two counties"}).status_code == 302
    assert Definition.objects.get(slug="two-counties").space == kept.ohio.space
    assert client.post("/data/fetch", {"source": "qcew-annual-area"}).status_code == 404


def test_an_adviser_reads_and_writes_nothing(kept: Cast) -> None:
    client = kept.client("adviser", "ohio")
    page = client.get(PROFILE).content.decode()
    assert f"{CANARY['ohio']} note" in page and 'name="said_by"' not in page
    before = LocalNote.objects.count()
    assert client.post("/notes/add", {"areas": AREAS, "industries": "31-33", "text": "x"}).status_code == 404
    assert LocalNote.objects.count() == before

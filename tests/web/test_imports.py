"""The pages of importing: the whole way of a list, the pairs, and who may not."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from sharedtable.people.import_models import Import, Merge, Twin
from sharedtable.people.importing import templates
from sharedtable.people.models import FieldSource, Organisation, Person
from tests.people.lists import COMPANIES, PEOPLE, bring, csv_bytes, xlsx_bytes
from tests.web.conftest import words

pytestmark = pytest.mark.django_db
START = "/s/ohio/imports/"
ABOUT = {"source": "Chamber list", "basis": "The director agreed by mail."}


def upload(client, data: bytes, name: str = "list.csv", **more: str):
    return client.post(START, {"file": SimpleUploadedFile(name, data), **ABOUT, **more})


def columns_of(batch: Import) -> dict[str, str]:
    return {f"column-{place}": key for place, key in enumerate(batch.columns)}


def test_a_list_goes_all_the_way_and_back(cast):
    client = cast.client("convener")
    assert client.get(START).status_code == 200
    page = upload(client, xlsx_bytes(COMPANIES), "list.xlsx")
    batch = Import.objects.get()
    assert page["Location"] == f"{START}{batch.pk}/"
    here = page["Location"]
    assert "What is in which column?" in words(client.get(here))
    client.post(f"{here}columns", {"kind": "companies", "version": batch.version, **columns_of(batch)})
    shown = words(client.get(here))
    assert "Is this company “Lakeside Plastics” of the record?" in shown
    assert "same name" in shown
    client.post(f"{here}decide", {"row": "2", "thing": "organisation", "answer": "same", "show": "perhaps"})
    assert "Bring in 2 rows" in words(client.get(here))
    client.post(f"{here}write")
    assert Organisation.objects.filter(space=cast.ohio.space, name="Ridgeline Tool LLC").exists()
    assert "Brought in" in words(client.get(here))
    assert "1 entry goes" in words(client.get(f"{here}undo"))
    client.post(f"{here}undo")
    assert not Organisation.objects.filter(name="Ridgeline Tool LLC").exists()
    assert "Taken back" in words(client.get(here))


def test_lists_of_several_agencies_become_one_record_with_each_ones_source(cast):
    """Rolodexes (D24) and company lists with industry codes (C28): matched, decided, and every value knows its list."""
    convener, staff = cast.client("convener"), cast.client("agency")
    for client, source, rows in (
        (convener, "Chamber", [COMPANIES[0], COMPANIES[2]]),
        (staff, "College", [COMPANIES[0], [*COMPANIES[2][:7], "333511", "44"]]),
    ):
        here = client.post(START, {"text": "\n".join("\t".join(row) for row in rows), **ABOUT, "source": source})[
            "Location"
        ]
        batch = Import.objects.latest("pk")
        client.post(f"{here}columns", {"kind": "companies", "version": batch.version, **columns_of(batch)})
        client.post(f"{here}write")
    company = Organisation.objects.get(name="Ridgeline Tool LLC")
    assert company.naics_code == "333514"
    said = FieldSource.objects.filter(organisation=company, field="naics_code").order_by("pk")
    assert [(one.value, one.source, one.agency) for one in said] == [
        ("333514", "Chamber", None), ("333511", "College", cast.ohio.college)
    ]  # fmt: skip


def test_people_of_a_list_are_shown_beside_the_people_of_the_record(cast):
    client = cast.client("convener")
    rows = [PEOPLE[0], ["Cas", "ChairLakeside", "Other Works", "CEO", "", "", ""]]
    here = upload(client, csv_bytes(rows))["Location"]
    batch = Import.objects.get()
    client.post(f"{here}columns", {"kind": "people", "version": batch.version, **columns_of(batch)})
    shown = words(client.get(here))
    assert "Is this the Casey ChairLakeside of the record?" in shown
    assert "same family name" in shown and "casey.chairlakeside@ohio.example" in shown


def test_agency_staff_see_no_contact_details_of_others_in_a_comparison(cast):
    client = cast.client("agency")
    rows = [PEOPLE[0], ["Cas", "ChairLakeside", "Other Works", "CEO", "casey.chairlakeside@ohio.example", "", ""]]
    rows[1][4] = ""
    here = upload(client, csv_bytes(rows))["Location"]
    batch = Import.objects.get()
    client.post(f"{here}columns", {"kind": "people", "version": batch.version, **columns_of(batch)})
    shown = words(client.get(here))
    assert "Casey ChairLakeside" in shown and cast.ohio.chair.email not in shown and "+1614" not in shown


@pytest.mark.parametrize("role", ["visitor", "stranger", "admin", "economist", "state"])
def test_who_may_not_import_finds_nothing(cast, role):
    batch = bring(cast.ohio.actor("convener"), csv_bytes(COMPANIES))
    client = cast.client(role)
    for path in ("", f"{batch.pk}/", f"{batch.pk}/undo"):
        assert client.get(f"{START}{path}").status_code == 404
    for path in ("columns", "decide", "write", "undo", "discard"):
        assert client.post(f"{START}{batch.pk}/{path}").status_code == 404
    batch.refresh_from_db()
    assert batch.state == "review"


def test_a_list_of_another_agency_or_team_is_not_here(cast):
    batch = bring(cast.ohio.actor("convener"), csv_bytes(COMPANIES))
    assert cast.client("agency").get(f"{START}{batch.pk}/").status_code == 404
    assert cast.client("convener", "maine").get(f"/s/maine/imports/{batch.pk}/").status_code == 404


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"%PDF-1.7", "This is a PDF"), (b"UI account number,Wages\n1,2", "confidential records"), (b" ", "no list")],
)
def test_what_cannot_be_used_is_refused_and_what_was_typed_stays(cast, data, says):
    page = upload(cast.client("convener"), data) if data.strip() else cast.client("convener").post(START, ABOUT)
    assert page.status_code == 422
    assert says in words(page) and "The director agreed by mail." in page.content.decode()
    assert not Import.objects.exists()


def test_the_review_asks_the_database_as_often_for_many_rows_as_for_few(cast, django_assert_max_num_queries):
    rows = [COMPANIES[0]] + [
        [f"Works {n:03d} Alpha", "1 A St", "Newark", "OH", "43055", "", "", "", ""] for n in range(60)
    ]
    batch = bring(cast.ohio.actor("convener"), csv_bytes(rows))
    client = cast.client("convener")
    with django_assert_max_num_queries(12):
        assert client.get(f"{START}{batch.pk}/?show=all").status_code == 200


def test_two_entries_are_looked_at_joined_and_parted(cast):
    client = cast.client("convener")
    copy = Person.objects.get(pk=cast.ohio.chair.pk)
    copy.pk, copy.mobile, copy.email = None, "+16145550188", cast.ohio.chair.email
    copy.save()
    client.post("/s/ohio/same/")
    pair = Twin.objects.get(kind="person", state="open", second_id=copy.pk)
    assert "Casey ChairLakeside" in words(client.get("/s/ohio/same/"))
    side = words(client.get(f"/s/ohio/same/{pair.pk}/"))
    assert "Which entry stays?" in side and "+16145550188" in side
    client.post(
        f"/s/ohio/same/{pair.pk}/",
        {"do": "join", "keep": "first", "take-mobile": "second", "first_version": "1", "second_version": "1"},
    )
    copy.refresh_from_db()
    assert copy.merged_into_id == cast.ohio.chair.pk
    assert Person.objects.get(pk=cast.ohio.chair.pk).mobile == "+16145550188"
    client.post(f"/s/ohio/same/joins/{Merge.objects.get().pk}/part")
    copy.refresh_from_db()
    assert copy.merged_into_id is None
    client.post(f"/s/ohio/same/{pair.pk}/", {"do": "apart"})
    pair.refresh_from_db()
    assert pair.state == "apart"


@pytest.mark.parametrize("role", ["agency", "admin", "visitor", "state"])
def test_only_conveners_see_pairs(cast, role):
    pair = Twin.objects.create(
        space=cast.ohio.space, kind="person", first_id=cast.ohio.chair.pk, second_id=cast.ohio.champion.pk,
        found_at=cast.ohio.space.made_at,
    )  # fmt: skip
    client = cast.client(role)
    for path in ("/s/ohio/same/", f"/s/ohio/same/{pair.pk}/"):
        assert client.get(path).status_code == 404
        assert client.post(path, {"do": "apart"}).status_code == 404
    assert cast.client("convener", "maine").get(f"/s/maine/same/{pair.pk}/").status_code == 404


@pytest.mark.parametrize("kind", templates.KINDS)
def test_templates_are_understood_by_the_wizard_and_their_rules_are_published(cast, kind):
    visitor = cast.client("visitor")
    told = json.loads(visitor.get(f"/imports/{kind}.schema.json").content)
    names = [field["name"] for field in told["fields"]]
    book = openpyxl.load_workbook(__import__("io").BytesIO(visitor.get(f"/imports/template/{kind}.xlsx").content))
    assert [cell.value for cell in book["List"][1]] == names
    assert visitor.get(f"/imports/template/{kind}.csv").content.decode("utf-8-sig").splitlines()[0] == ",".join(names)
    batch = bring(cast.ohio.actor("convener"), visitor.get(f"/imports/template/{kind}.csv").content)
    assert batch.kind == kind and batch.columns == [field.key for field in templates.fields(kind)]
    kept = Path(__file__).parents[2] / "docs" / "schemas" / f"import-{kind}.schema.json"
    assert json.loads(kept.read_text("utf-8")) == told


def test_there_is_no_other_template(cast):
    for path in ("template/people.exe", "template/x.csv", "x.schema.json"):
        assert cast.client("visitor").get(f"/imports/{path}").status_code == 404

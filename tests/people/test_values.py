"""Values in one form, and a sentence at the field that is wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.people import values


@pytest.mark.parametrize(
    ("typed", "given_name", "family", "shown"),
    [
        ("Ann Smith", "Ann", "Smith", "Ann Smith"),
        ("Smith, Ann B.", "Ann B.", "Smith", "Ann B. Smith"),
        ("Dr. Juan de la Vega", "Juan", "de la Vega", "Juan de la Vega"),
        ("MARTHA O'NEILL", "Martha", "O'Neill", "Martha O'Neill"),
        ("Casey Chair Jr.", "Casey", "Chair Jr.", "Casey Chair Jr."),
        ("Prince", "Prince", "", "Prince"),
    ],
)
def test_a_name_in_one_field_comes_apart(typed: str, given_name: str, family: str, shown: str) -> None:
    assert values.person_name(typed) == (given_name, family, shown)


@pytest.mark.parametrize("typed", ["614 555 0123", "(614) 555-0123", "+1 614.555.0123", "1-614-555-0123"])
def test_a_phone_number_is_kept_in_one_form_and_shown_as_people_write_it(typed: str) -> None:
    assert values.phone(typed) == "+16145550123"
    assert values.phone_shown("+16145550123") == "(614) 555-0123"


def test_an_extension_stays_with_its_number() -> None:
    assert values.phone("614 555 0123 ext. 45") == "+16145550123;ext=45"
    assert values.phone_shown("+16145550123;ext=45") == "(614) 555-0123 ext. 45"


@pytest.mark.parametrize(
    ("clean", "typed", "kept"),
    [
        (values.email, "  Casey.Chair@Example.ORG ", "casey.chair@example.org"),
        (values.email, "mailto:<a@b.example>", "a@b.example"),
        (values.website, "www.Example.org/", "https://www.example.org"),
        (values.website, "http://example.org/a/?utm=1#x", "http://example.org/a"),
        (values.zip_code, "1234", "01234"),
        (values.zip_code, "43215 1234", "43215-1234"),
        (values.state_code, "ohio", "OH"),
        (values.county_code, "39049", "39049"),
        (values.naics_code, "3261", "3261"),
        (values.count, "1,200", 1200),
        (values.truth, "no", False),
    ],
)
def test_a_value_is_kept_in_one_form(clean, typed: str, kept: object) -> None:  # type: ignore[no-untyped-def]
    assert clean(typed) == kept
    assert clean("") in ("", None)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", "casey at example"), ("phone", "call me"), ("phone", "12"), ("mobile", "x" * 30), ("language", "xx"),
        ("name", "   "),
    ],
)  # fmt: skip
def test_a_wrong_value_of_a_person_gets_a_sentence_at_its_field(field: str, typed: str) -> None:
    with pytest.raises(values.WrongValues) as caught:
        values.clean_person({field: typed})
    assert caught.value.fields.keys() == {field}
    assert caught.value.fields[field].endswith((".", "3"))


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("website", "not a site"), ("zip_code", "ABCDE"), ("state_code", "Ohioo"), ("county_code", "99999"),
        ("naics_code", "9Z"), ("employees", "many"), ("credibility_rating", "6"), ("name", ""), ("kind", "planet"),
        ("partner_type", "guild"), ("name", "x" * 201),
    ],
)  # fmt: skip
def test_a_wrong_value_of_an_organisation_gets_a_sentence_at_its_field(field: str, typed: str) -> None:
    with pytest.raises(values.WrongValues) as caught:
        values.clean_organisation({field: typed})
    assert caught.value.fields.keys() == {field}


def test_all_wrong_fields_are_told_at_once() -> None:
    with pytest.raises(values.WrongValues) as caught:
        values.clean_person({"name": "", "email": "x", "phone": "y"})
    assert caught.value.fields.keys() == {"name", "email", "phone"}


def test_a_partner_type_brings_its_system_and_refuses_another() -> None:
    assert values.clean_organisation({"name": "A", "partner_type": "chamber"})["system"] == "economic_development"
    with pytest.raises(values.WrongValues, match="another system"):
        values.clean_organisation({"name": "A", "partner_type": "chamber", "system": "labor"})


@given(st.text(max_size=300))
def test_no_text_breaks_a_value(text: str) -> None:
    for clean in (values.email, values.phone, values.website, values.person_name, values.zip_code, values.naics_code):
        try:
            kept = clean(text)
        except Refused:
            continue
        assert "\x00" not in str(kept) and "\n" not in str(kept)
        if clean is not values.person_name:
            assert clean(str(kept)) == kept  # what is kept is kept again as it is

"""How values look: rounding, signs, languages, missing values."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sharedtable.errors import Refused
from sharedtable.exports import Absent, format_date, format_value
from sharedtable.exports.format import NUMBER_KINDS, REASONS, clean_text, rounded


@pytest.mark.parametrize(
    ("value", "kind", "english", "spanish"),
    [
        (1234.5, "decimal", "1,234.5", "1,234.5"),
        (1234, "integer", "1,234", "1,234"),
        (-1234, "integer", "\u22121,234", "\u22121,234"),
        (1.205, "ratio", "1.21", "1.21"),
        (1.585, "ratio", "1.59", "1.59"),
        (2, "ratio", "2.00", "2.00"),
        (12.25, "pct", "12.3%", "12.3\u00a0%"),
        (-0.04, "pct", "0.0%", "0.0\u00a0%"),
        (3.2, "change_pct", "+3.2%", "+3.2\u00a0%"),
        (-3.2, "change_pct", "\u22123.2%", "\u22123.2\u00a0%"),
        (0, "change", "0", "0"),
        (1500, "change", "+1,500", "+1,500"),
        (52340.5, "usd", "$52,341", "$52,341"),
        (-20, "usd", "\u2212$20", "\u2212$20"),
        ("01234", "code", "01234", "01234"),
        ("31-33", "code", "31-33", "31-33"),
        (date(2026, 3, 1), "date", "March 1, 2026", "1 de marzo de 2026"),
        (None, "usd", "–", "–"),
        (float("nan"), "usd", "–", "–"),
        (Absent("withheld"), "usd", "– withheld", "– reservado"),
        (Absent("no survey here"), "pct", "– no survey here", "– no survey here"),
    ],
)
def test_a_value_looks_the_same_wherever_it_is_shown(value: object, kind: str, english: str, spanish: str) -> None:
    assert format_value(value, kind, "en") == english
    assert format_value(value, kind, "es") == spanish


def test_a_missing_value_of_a_withheld_row_says_so() -> None:
    assert format_value(None, "integer", "en", reason="withheld") == "– withheld"
    assert format_value(None, "integer", "en", reason="published") == "–"
    assert format_value(0, "integer", "en", reason="withheld") == "0"


def test_text_where_a_number_belongs_is_refused() -> None:
    with pytest.raises(Refused, match="cannot be shown as usd"):
        format_value("about 50,000", "usd")
    with pytest.raises(Refused, match="cannot be shown as integer"):
        format_value(True, "integer")


@given(st.integers(-(10**12), 10**12), st.integers(0, 2))
def test_half_is_rounded_away_from_zero(thousandths: int, places: int) -> None:
    exact = Decimal(thousandths) / 1000
    unit = Decimal(1).scaleb(-places)
    steps = abs(exact) / unit
    twin = int(steps) + (1 if steps - int(steps) >= Decimal("0.5") else 0)
    assert abs(rounded(exact, places)) == twin * unit


@given(st.one_of(st.floats(), st.integers(), st.decimals()), st.sampled_from(sorted(NUMBER_KINDS)))
def test_any_number_can_be_shown(value: float | int | Decimal, kind: str) -> None:
    text = format_value(value, kind, "es")
    assert text
    assert "-" not in text


@given(st.text())
def test_cleaned_text_is_stable_and_holds_nothing_that_xml_forbids(text: str) -> None:
    clean = clean_text(text)
    assert clean_text(clean) == clean
    assert all(c in "\t\n" or (ord(c) >= 32 and not 0xD800 <= ord(c) < 0xE000) for c in clean)
    clean.encode("utf-8")


def test_each_reason_is_explained_in_each_language_under_its_own_letter() -> None:
    letters = [reason.letter for reason in REASONS.values()]
    assert len(set(letters)) == len(letters)
    assert all(reason.word.keys() == reason.line.keys() == {"en", "es"} for reason in REASONS.values())


def test_a_date_is_written_out() -> None:
    assert format_date(date(2026, 11, 22), "en") == "November 22, 2026"
    assert format_date(date(2026, 11, 22), "es") == "22 de noviembre de 2026"

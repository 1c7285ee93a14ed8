"""Papers of the library: written as Word, PDF and slides, each with the line on where the method comes from."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date

import pytest
from django.utils.translation import override

from sharedtable.accounts.actors import VISITOR
from sharedtable.errors import Missing
from sharedtable.exports.document import ATTRIBUTION
from sharedtable.library import documents, queries
from tests.papers import pdf_text

DAY = date(2026, 11, 28)
ALL = [
    (name, kind, language) for name, kinds in documents.PAPERS.items() for kind in kinds for language in ("en", "es")
]


def text_of(content: bytes, kind: str) -> str:
    """The words of a file, without its markup, in one line."""
    if kind == "pdf":
        return " ".join(pdf_text(content, "-layout").split())
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [file.read(name).decode() for name in file.namelist() if re.match(r"(word|ppt)/.*\.xml$", name)]
    return " ".join(" ".join(re.findall(r"<(?:w|a):t[^>]*>([^<]*)<", part)) for part in parts)


@pytest.mark.parametrize(("name", "kind", "language"), ALL)
def test_every_paper_carries_the_attribution(name: str, kind: str, language: str) -> None:
    with override(language):
        found = documents.paper(name, language, DAY)
        content, _media_type = documents.write(found, kind)
    squeezed = text_of(content, kind).replace(" ", "")
    assert found.attribution == ATTRIBUTION[language]
    # A long line is broken over two columns or lines somewhere: its two titles are there.
    assert "NextGenSectorPartnerships" in squeezed
    assert "RegionalSectorPartnershipConvenerTrainingWorkbook" in squeezed


def test_the_poster_fits_on_one_page() -> None:
    for language in ("en", "es"):
        with override(language):
            content, _media_type = documents.write(documents.paper("poster", language, DAY), "pdf")
        assert len(re.findall(rb"/Type ?/Page\b", content)) == 1


@pytest.mark.parametrize("kind", ["docx", "pdf"])
def test_the_golden_summary_names_three_openings_three_areas_and_days_34_and_70(kind: str) -> None:
    with override("en"):
        content, _media_type = documents.write(documents.paper("region-x", "en", DAY), kind)
    text = text_of(content, kind)
    for words in ("6 champions", "4 champions", "2 champions", "December 18, 2012", "34", "70"):
        assert words in text, words
    assert "4 days late" in text and "10 days late" in text
    for title in ("More skilled people", "Young founders", "a place for manufacturing"):
        assert title in text
    if kind == "pdf":
        assert len(re.findall(rb"/Type ?/Page\b", content)) == 1


def test_a_fact_card_keeps_its_limits_and_its_lines() -> None:
    with override("en"):
        text = text_of(documents.write(documents.paper("facts", "en", DAY), "docx")[0], "docx")
    assert "84%" in text and "Colorado workbook, early version, lines" in text
    assert "It does not mean that turnover fell by 41%." in text


def test_an_entry_of_the_library_is_a_paper_too() -> None:
    with override("es"):
        found = queries.entry_page(VISITOR, "stories", "lane-county", "es").entry
        text = text_of(documents.write(documents.entry(found, "es", DAY), "docx")[0], "docx")
    assert "1,105" in text and "líneas" in text


def test_a_paper_or_file_that_is_not_there_is_said() -> None:
    with pytest.raises(Missing):
        documents.paper("nothing", "en", DAY)
    with pytest.raises(Missing):
        documents.write(documents.paper("poster", "en", DAY), "exe")


def test_sources_are_named_in_words_and_a_line_inside_a_range_is_not_named_again() -> None:
    with override("en"):
        assert documents.source_lines(("S1:785-797", "S1:789", "S2:12, S1:3", "Bureau of Labor Statistics")) == [
            "Convener training workbook, lines 785-797, 3",
            "Training manual of 2020, lines 12",
            "Bureau of Labor Statistics",
        ]

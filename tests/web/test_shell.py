"""The frame of every page: headers, languages, errors, static files, health, figures."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.db import connection
from django.template import engines
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from sharedtable import __version__
from sharedtable.errors import Missing, Refused
from sharedtable.web import home, static_files, tokens
from sharedtable.web.templatetags import figures

PAGES = ("/", "/style", "/absent")
TEMPLATES = Path(home.__file__).parent / "templates"
DIRECTIVES = (
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "object-src 'none'",
    "require-trusted-types-for 'script'",
)


class Inline(HTMLParser):
    """Collects what the content policy would stop."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in names if name == "style" or name.startswith("on")]
        self.found += [f"<{tag}>"] if tag == "style" or (tag == "script" and "src" not in names) else []
        for name in ("src", "href", "action"):
            value = names.get(name) or ""
            if value.startswith(("javascript:", "data:")) or (tag != "a" and re.match(r"(https?:)?//", value)):
                self.found.append(f"<{tag} {name}={value}>")


@pytest.mark.django_db
@pytest.mark.parametrize("address", [*PAGES, "/healthz", "/language", f"{static_files.base_address()}css/base.css"])
def test_every_answer_carries_the_headers(visitor, address):
    response = visitor.get(address)
    policy = response["Content-Security-Policy"]
    for part in DIRECTIVES:
        assert part in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in response["Permissions-Policy"]
    is_static = address.startswith("/static/")
    assert response["Cache-Control"] == (static_files.KEEP if is_static else "private, no-store")
    assert not response.cookies


def test_a_foreign_host_name_is_refused_with_the_headers_and_in_plain_words(visitor):
    response = visitor.get("/", headers={"host": "evil.example"})
    assert response.status_code == 400
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "could not be read" in response.content.decode()


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("address", PAGES)
def test_no_page_has_anything_inline_or_from_elsewhere(visitor, address, language):
    parser = Inline()
    parser.feed(visitor.get(address, headers={"accept-language": language}).content.decode())
    assert parser.found == []


def test_the_inline_check_sees_what_it_should():
    parser = Inline()
    parser.feed(
        '<p style="x"><a onclick="y" href="javascript:z"><script>1</script><img src="//cdn.example/i"><style>a</style>'
    )
    assert len(parser.found) == 6


def test_the_browser_language_chooses_the_page_and_says_so(visitor):
    english, spanish = visitor.get("/"), visitor.get("/", headers={"accept-language": "es-MX,es;q=0.9"})
    assert '<html lang="en">' in english.content.decode()
    assert '<html lang="es">' in spanish.content.decode()
    assert "Encuentre su región" in spanish.content.decode()
    assert "Accept-Language" in english["Vary"]


def test_the_language_switch_is_a_post_that_outlasts_the_browser_language(visitor):
    response = visitor.post("/language", {"language": "es", "next": "/style?page=2"})
    assert (response.status_code, response["Location"]) == (302, "/style?page=2")
    assert response.cookies["language"]["httponly"]
    assert response.cookies["language"]["samesite"] == "Lax"
    assert "Guía de estilo" in visitor.get("/style", headers={"accept-language": "en"}).content.decode()


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example", ""]
)
def test_the_language_switch_leads_nowhere_else(visitor, back):
    assert visitor.post("/language", {"language": "es", "next": back})["Location"] == "/"


def test_an_unknown_language_sets_no_cookie(visitor):
    assert not visitor.post("/language", {"language": "tlh", "next": "/"}).cookies


@pytest.mark.parametrize(("language", "words"), [("en", "This page is not here"), ("es", "Esta página no está aquí")])
def test_not_found_is_said_in_the_readers_language(visitor, language, words):
    response = visitor.get("/absent", headers={"accept-language": language})
    assert response.status_code == 404
    assert words in response.content.decode()


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Something broke on our side"), ("es", "Algo falló de nuestro lado")]
)
def test_a_broken_page_says_so_and_not_why(visitor, monkeypatch, language, words):
    monkeypatch.setattr(home, "_", lambda text: 1 / 0)
    visitor.raise_request_exception = False
    response = visitor.get("/", headers={"accept-language": language})
    assert response.status_code == 500
    assert words in response.content.decode()
    assert "ZeroDivision" not in response.content.decode()


@pytest.mark.parametrize(
    ("error", "status"),
    [(Refused("County 99999 is not known. Choose one from the list."), 422), (Missing("No such year."), 404)],
)
def test_a_refusal_is_shown_as_its_sentence(visitor, monkeypatch, error, status):
    def fail(text: str) -> str:
        raise error

    monkeypatch.setattr(home, "_", fail)
    response = visitor.get("/")
    assert response.status_code == status
    assert str(error) in response.content.decode()


def test_the_text_of_a_refusal_cannot_become_markup(visitor, monkeypatch):
    def fail(text: str) -> str:
        raise Refused("No region <script>alert(1)</script>.")

    monkeypatch.setattr(home, "_", fail)
    assert "<script>alert" not in visitor.get("/").content.decode()


# --- health ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_health_is_good_only_with_a_store(visitor, settings, tmp_path):
    settings.DATA = tmp_path
    response = visitor.get("/healthz")
    assert response.status_code == 503
    assert response.json() == {"status": "unwell", "database": "ok", "store": "unwell", "version": __version__}
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "revision").write_text("abc123")
    response = visitor.get("/healthz")
    assert (response.status_code, response.json()["store"]) == (200, "ok")


@pytest.mark.django_db
def test_the_embedded_database_is_set_for_power_cuts_and_waiting_writers():
    if connection.vendor != "sqlite":
        pytest.skip("about SQLite")
    options = connection.settings_dict["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        assert tuple(map(int, cursor.execute("select sqlite_version()").fetchone()[0].split("."))) >= (3, 51, 3)
        assert cursor.execute("pragma synchronous").fetchone() == (2,)
        assert cursor.execute("pragma busy_timeout").fetchone() == (20_000,)


# --- static files ----------------------------------------------------------------------------------------------------


def test_every_file_that_a_page_names_is_there_and_may_be_kept(visitor):
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', visitor.get("/").content.decode()))
    assert len(named) >= 7
    for address in named:
        response = visitor.get(address)
        assert (response.status_code, response["Cache-Control"]) == (200, static_files.KEEP)


def test_every_file_that_a_style_sheet_names_is_there():
    for name in static_files.names():
        if name.endswith(".css"):
            folder = (static_files.FOLDER / name).parent
            for address in re.findall(r'url\("([^"]+)"\)', (folder.parent / name).read_text()):
                assert (folder / address).resolve().relative_to(static_files.FOLDER).as_posix() in static_files.names()


def test_a_changed_file_changes_every_address(monkeypatch, tmp_path):
    monkeypatch.setattr(static_files, "FOLDER", tmp_path)
    monkeypatch.setattr(static_files, "names", lambda: frozenset({"a.css"}))
    (tmp_path / "a.css").write_text("a {}")
    before = static_files.tree_hash.__wrapped__()
    assert static_files.tree_hash.__wrapped__() == before
    (tmp_path / "a.css").write_text("a { color: red }")
    assert static_files.tree_hash.__wrapped__() != before


def test_an_old_address_still_works_but_is_not_kept(visitor):
    response = visitor.get("/static/000000000000/css/base.css")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "name", ["../policy.py", "css/../../policy.py", "%2e%2e/policy.py", "css", "", "css/none.css", "/etc/passwd"]
)
def test_nothing_outside_the_folder_is_served(visitor, name):
    assert visitor.get(f"{static_files.base_address()}{name}").status_code == 404


def test_text_is_compressed_once_and_only_for_who_asks(visitor):
    address = f"{static_files.base_address()}css/components.css"
    plain, small = visitor.get(address), visitor.get(address, headers={"accept-encoding": "gzip"})
    assert small["Content-Encoding"] == "gzip"
    assert len(small.content) < len(plain.content) / 3
    assert plain["Vary"] == small["Vary"] == "Accept-Encoding" or "Accept-Encoding" in plain["Vary"]


def test_the_style_sheets_that_every_page_loads_stay_small(visitor):
    loaded = re.findall(r'rel="stylesheet" href="/static/[0-9a-f]+/([^"]+)"', visitor.get("/absent").content.decode())
    assert len(loaded) >= 4
    # 36 KB hold the menus of a phone and who sees what on every page; compressed they are less than a third of it.
    assert sum((static_files.FOLDER / name).stat().st_size for name in loaded) <= 36 * 1024


# --- design ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back", "least"), tokens.PAIRS, ids=lambda value: str(value))
def test_every_pair_of_colours_has_enough_contrast(front, back, least, scheme):
    found = tokens.colours()
    assert tokens.contrast(getattr(found[front], scheme), getattr(found[back], scheme)) >= least


def test_contrast_is_measured_as_the_guideline_says():
    assert tokens.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert tokens.contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert tokens.contrast("#336699", "#336699") == 1


# --- figures ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "english", "spanish"),
    [
        ("count", 1234567, "1,234,567", "1,234,567"),
        ("count", 0, "0", "0"),
        ("decimal", 12.25, "12.3", "12.3"),
        ("usd", 61250, "$61,250", "$61,250"),
        ("usd", -1250, "−$1,250", "−$1,250"),
        ("pct", 12.34, "12.3%", "12.3\u202f%"),
        ("ratio", 1.625, "1.63", "1.63"),
        ("change", 1250, "+1,250", "+1,250"),
        ("change", -3, "−3", "−3"),
        ("change", 0, "0", "0"),
        ("change_pct", -4.26, "−4.3%", "−4.3\u202f%"),
        ("change_pct", 0.04, "0.0%", "0.0\u202f%"),
    ],
)
def test_figures_are_written_for_people(name, value, english, spanish):
    write = getattr(figures, name)
    with translation.override("en"):
        assert write(value) == english
    with translation.override("es"):
        assert write(value) == spanish


@pytest.mark.parametrize("name", ["count", "decimal", "usd", "pct", "ratio", "change", "change_pct"])
def test_what_is_not_known_is_a_dash_with_words_and_never_zero(name):
    text = getattr(figures, name)(None)
    assert "0" not in text
    assert 'aria-hidden="true">–' in text
    assert "not known" in text


def test_a_component_shows_a_change_of_zero_and_hides_an_absent_one():
    template = engines["django"].from_string('{% include "components/key_figure.html" with label="Jobs" value="5" %}')
    assert "key-figure__change" in template.render({"change": 0})
    assert "key-figure__change" not in template.render({})


def test_the_menu_marks_where_the_reader_is_and_names_only_pages_that_exist(visitor, monkeypatch):
    from sharedtable.web import shell

    monkeypatch.setattr(shell, "MENU", (("style", "Style"), ("home", "Start"), ("not-yet", "Later")))
    text = visitor.get(reverse("style")).content.decode()
    assert '<a href="/style" aria-current="page">Style</a>' in text
    assert '<a href="/">Start</a>' in text
    assert "Later" not in text


def test_every_table_that_slides_sideways_says_so_and_is_reached_by_keyboard() -> None:
    hint, stacked = '{% include "components/scroll_hint.html" %}', "table stack"  # a stack becomes cards on a phone
    silent = []
    for template in sorted(TEMPLATES.rglob("*.html")):
        before, *parts = template.read_text(encoding="utf-8").split('<div class="table-scroll')
        for part in parts:
            tag = part.split(">")[0]
            if stacked not in part[:400] and not before.rstrip().endswith(hint) or 'tabindex="0"' not in tag:
                silent.append(template.name)
            before = part
    assert silent == []


def test_no_word_of_ours_takes_the_place_of_the_name_of_a_month_or_a_day() -> None:
    with translation.override("es"):
        months = [date_format(date(2026, month, 1), "F") for month in range(1, 13)]
        days = [date_format(date(2026, 6, day), "l") for day in range(1, 8)]
    assert [month.lower() for month in months] == [
        "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
        "diciembre",
    ]  # fmt: skip
    assert [day.lower() for day in days] == ["lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"]

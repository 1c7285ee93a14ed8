"""What page tests use: requests as they come from this machine or from elsewhere, and a real server for the browser."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from urllib.parse import urlsplit, urlunsplit
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.wsgi import get_wsgi_application
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from sharedtable.lmi import example
from sharedtable.lmi.store import Store

HOST = "127.0.0.1:8000"


@pytest.fixture
def visitor(settings) -> Client:
    """A browser somewhere else: reads pages, may change nothing."""
    settings.LOCAL = False
    return Client(headers={"host": "localhost"}, REMOTE_ADDR="203.0.113.9")


@pytest.fixture
def operator(settings) -> Client:
    """The person at this machine, whose forms come from our own pages (tests of CSRF make their own client)."""
    settings.LOCAL = True
    return Client(headers={"host": HOST, "origin": f"http://{HOST}"}, REMOTE_ADDR="127.0.0.1")


@dataclass(frozen=True)
class Live:
    """A running server: its address (without a slash at the end), its data folder, its log."""

    address: str
    folder: Path
    log: Path


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """`sharedtable serve` on a free port, with a fresh data folder and the example, on the database of this run."""
    folder = tmp_path_factory.mktemp("live")
    log = folder / "server.log"
    with _own_database() as database, log.open("w", encoding="utf-8") as output:
        environment = {**os.environ, "SHAREDTABLE_DATA": str(folder), "PYTHONUNBUFFERED": "1", **database}
        command = [sys.executable, "-c", "from sharedtable.cli import main; main()", "serve", "--port", "0"]
        server = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=output, text=True)
        try:
            assert server.stdout is not None
            said = ""
            for line in server.stdout:
                said += line
                if found := re.search(r"http://\S+", line):
                    break
            else:
                pytest.fail(f"the server did not start:\n{said}\n{log.read_text(encoding='utf-8')}")
            yield Live(found.group(0).rstrip("/"), folder, log)
        finally:
            server.terminate()
            server.wait(timeout=20)
            server.stdout.close()


class _own_database:
    """A database of its own on the PostgreSQL of this run: the test database changes under the server's feet."""

    def __enter__(self) -> dict[str, str]:
        self.address = os.environ.get("DATABASE_URL", "")
        self.name = f"live_{secrets.token_hex(6)}"
        if not self.address.startswith("postgres"):
            return {}
        self._run(f'CREATE DATABASE "{self.name}"')
        return {"DATABASE_URL": urlunsplit(urlsplit(self.address)._replace(path=f"/{self.name}"))}

    def __exit__(self, *_: object) -> None:
        if self.address.startswith("postgres"):
            self._run(f'DROP DATABASE "{self.name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement)


@pytest.fixture
def visit(live: Live, browser: Browser) -> Iterator[object]:
    """A function that opens a page: `visit("/", language="es", scheme="dark", width=320)` gives Playwright's page.

    The test fails when the page asks anybody else for anything, breaks the content policy or logs an error.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def open_page(
        path: str, *, language: str = "en", scheme: str = "light", width: int = 1280, height: int = 800
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            locale={"en": "en-US", "es": "es-US"}[language],
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "request",
            lambda request: None if request.url.startswith(f"{live.address}/") else problems.append(request.url),
        )
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda entry: problems.append(entry.text) if entry.type == "error" else None)
        page.goto(f"{live.address}{path}")
        page.wait_for_load_state("networkidle")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert problems == []


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_args: object) -> None:
        """A test says what went wrong by itself."""


@pytest.fixture
def site(transactional_db) -> Iterator[str]:
    """The address of this very application on the database of the test: Django's own test server serves no static."""
    server = _Server(("127.0.0.1", 0), _Quiet)
    server.set_app(get_wsgi_application())
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def orm_beside_playwright() -> Iterator[None]:
    """Also while the database is cleared after a test, when the usual allowance has ended."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield


def axe_violations(page: Page) -> list[str]:
    """What axe finds on the page as it is now, one line for each element."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{rule['id']}: {node['html'][:160]}" for rule in found for node in rule["nodes"]]


def overflow_px(page: Page) -> int:
    """How far the page is wider than the window; 0 when nobody has to scroll sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


_SMALL = """() => [...document.querySelectorAll("button, .button, input:not([type=hidden]), select, textarea, summary")]
  .filter((e) => e.getClientRects().length && !e.disabled && !e.closest(".skip-link"))
  .map((e) => [e, (e.closest("label") || e).getBoundingClientRect()])
  .filter(([e, box]) => box.height < 24 || box.width < 24)
  .map(([e]) => e.outerHTML.slice(0, 120))"""


def small_targets(page: Page) -> list[str]:
    """What is there to press or to fill and is smaller than a thumb needs (24 px)."""
    return [str(one) for one in page.evaluate(_SMALL)]


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped example, for all tests: copy it before you change its facts."""
    folder = tmp_path_factory.mktemp("example")
    example.install(Store(folder, create=True))
    return folder


@pytest.fixture
def facts(settings, example_data: Path) -> Path:
    """Pages answer from the shipped example; only for tests that leave the facts alone."""
    settings.DATA = example_data
    return example_data


def words(response) -> str:
    """What a page says: its text without the markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


@pytest.fixture
def folder(settings, tmp_path: Path, example_data: Path) -> Path:
    """A data folder of its own with the shipped example, to load and to write into."""
    shutil.copytree(example_data / "facts", tmp_path / "facts", copy_function=shutil.copy2)
    settings.DATA = tmp_path
    return tmp_path


@pytest.fixture
def slices(shared: Path) -> list[Path]:
    """Two real files: one county, two years."""
    found = sorted((shared / "data" / "qcew" / "area_api_ohio").glob("*-a-39041.csv.gz"))
    assert len(found) >= 2
    return found[-2:]

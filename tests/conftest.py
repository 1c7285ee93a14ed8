"""What every test may use: the shared data, the database that was asked for, a browser that is installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.cast import Cast

ROOT = Path(__file__).resolve().parent.parent
SHARED_IS_ABSENT = "the shared data is not here"

# "ci" is reproducible (a red run can be repeated), "dev" looks at new cases every time.
settings.register_profile(
    "ci",
    max_examples=100,
    deadline=None,
    derandomize=True,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("dev", max_examples=25, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


def shared_folder() -> Path:
    """Where the shared data should be: SHAREDTABLE_SHARED, else the folder `shared` beside the checkout."""
    return Path(os.environ.get("SHAREDTABLE_SHARED") or ROOT.parent / "shared").expanduser().resolve()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the real public data that tests read and never write."""
    folder = shared_folder()
    if (folder / "data").is_dir():
        return folder
    reason = f"{SHARED_IS_ABSENT}: no folder {folder / 'data'}; set SHAREDTABLE_SHARED to the folder that holds it"
    if os.environ.get("CI"):
        pytest.fail(reason)  # a build that checks nothing must not look green
    pytest.skip(reason)


@pytest.fixture
def cast(db: None) -> Cast:
    """Two teams that must never see each other, with a user for each role; see tests/cast.py."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    """A page that was asked for in Spanish must not make the next test speak Spanish."""
    yield
    from django.conf import settings as django_settings

    if django_settings.configured:
        from django.utils import translation

        translation.activate("en")


# --- the database -----------------------------------------------------------------------------------------------------


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guard_of_the_record() -> Iterator[None]:
    """Lets a test with transactions of its own be cleaned up: the record refuses DELETE and TRUNCATE to everybody.

    The program knows no way around that guard, so the tests take it off and lay it again at the one place where Django
    empties the tables between two of them.
    """
    from django.conf import settings as django_settings

    if not django_settings.configured:
        yield
        return
    from django.db import connection

    from tests.unguarded import unguarded

    empty = type(connection.ops).execute_sql_flush

    def past_the_guard(operations: Any, statements: list[str]) -> None:
        with unguarded(operations.connection):
            empty(operations, statements)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(connection.ops), "execute_sql_flush", past_the_guard)
        yield


def _wanted_vendor() -> str:
    scheme = urlsplit(os.environ.get("DATABASE_URL", "")).scheme
    return "postgresql" if scheme.startswith(("postgres", "pgsql")) else "sqlite"


def _database_line() -> str:
    """Names the database of this run, and refuses a run that is not on the one that was asked for."""
    from django.conf import settings as django_settings

    if not django_settings.configured:
        return "database: none (no Django settings in this run)"
    from django.db import connection

    if connection.vendor != _wanted_vendor():
        # pytest-django reads settings before this file, so DATABASE_URL has to come from the parent process.
        raise pytest.UsageError(
            f"DATABASE_URL asks for {_wanted_vendor()}, Django is on {connection.vendor}: set it before pytest starts."
        )
    return f"database: {connection.vendor} ({connection.settings_dict['ENGINE']})"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-tests",
        action="store_true",
        help="run only the tests that touch the database (`./go test` runs them again on PostgreSQL)",
    )


def _touches_database(item: pytest.Item) -> bool:
    if item.get_closest_marker("sabotage") is not None:
        return False  # it says something of the tests, and the same on either database
    fixtures = getattr(item, "fixturenames", ())
    return item.get_closest_marker("django_db") is not None or bool(
        {"db", "transactional_db", "live_server", "admin_client"}.intersection(fixtures)
    )


def pytest_report_header(config: pytest.Config) -> list[str]:
    folder = shared_folder()
    present = "present" if (folder / "data").is_dir() else "ABSENT: tests that need it will not run"
    return [_database_line(), f"shared data: {present}"]


def pytest_sessionstart(session: pytest.Session) -> None:
    _database_line()  # the header is silent with -q and in xdist workers; the check is not


# --- order and closing line -------------------------------------------------------------------------------------------


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-tests"):
        without = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=without)
        items[:] = [item for item in items if _touches_database(item)]
    # Playwright's sync API leaves an event loop running in its thread, on which later asyncio tests would trip.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
    if any(item.get_closest_marker("browser") for item in items):
        # The database of a process may be made after its first browser test, with that loop running already.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = terminalreporter.stats.get("skipped", [])
    count = sum(SHARED_IS_ABSENT in str(report.longrepr) for report in skipped)
    if count:
        terminalreporter.section("NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.write_line(f"NOT RUN: {count} tests need the shared data", red=True, bold=True)
    if not terminalreporter.config.getoption("verbose") < 0:
        terminalreporter.write_line(_database_line())


# --- the browser ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, object]) -> dict[str, object]:
    """Uses the system's Chromium: browsers from Playwright's own download host are not needed."""
    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    if path is None:
        return browser_type_launch_args
    flags = ["--disable-dev-shm-usage", "--disable-gpu"]
    if os.geteuid() == 0:
        flags.append("--no-sandbox")  # Chromium refuses its sandbox to root
    return {**browser_type_launch_args, "executable_path": path, "args": flags}


@pytest.fixture(autouse=True)
def _orm_beside_playwright(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lets a browser test use the ORM: Playwright's loop makes Django believe that it runs inside asyncio."""
    if request.node.get_closest_marker("browser"):
        monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

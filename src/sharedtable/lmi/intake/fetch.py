"""Fetches the files of a source, politely, and loads them.

One request at a time with a pause between; an honest name; an interrupted file goes on where it stopped when the server
says that it is still the same file. What arrives is checked before it gets its name, and nothing follows a redirect
to another host.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from urllib.parse import urlsplit

from sharedtable.errors import Missing
from sharedtable.lmi.intake import oews
from sharedtable.lmi.intake.download import Download
from sharedtable.lmi.intake.load import load
from sharedtable.lmi.intake.unpack import sha256_of
from sharedtable.lmi.progress import Progress, Step, silent
from sharedtable.lmi.sources import Source, source
from sharedtable.lmi.store import Store
from sharedtable.lmi.store.receipts import Receipt, now


@dataclass(frozen=True)
class Manners:
    """How the downloader behaves: the pause between requests, how often it tries again, how long it waits."""

    pause_seconds: float = 0.5
    attempts: int = 6
    first_wait_seconds: float = 1.0
    longest_wait_seconds: float = 120.0
    timeout_seconds: float = 60.0
    most_bytes: int = 4 << 30
    sleep: Callable[[float], None] = time.sleep


def fetch(
    store: Store,
    source_id: str,
    *,
    years: Sequence[int] = (),
    areas: Sequence[str] | None = None,
    base_address: str | None = None,
    progress: Progress | None = None,
    manners: Manners | None = None,
    isolated: bool = True,
) -> list[Receipt]:
    """Fetch the files of a source for those years (and areas) and load them into the store.

    `base_address` takes the place of the publisher's scheme and host, for a mirror. The source 'oews' is taken from
    the installed package. Gives a receipt for each file: address, time, bytes, SHA-256, the publisher's date of it.
    Fails with Missing when a file is not published, Refused when the server or the file is not right; what was already
    fetched stays in the downloads folder and is not fetched again.
    """
    chosen = source(source_id)
    report, behave = progress or silent, manners or Manners()
    if chosen.id == "oews":
        return [_from_package(store, chosen, report, isolated)]
    if not years:
        raise Missing(f"Name the years of {chosen.title} to fetch.")
    wanted = chosen.addresses(years, areas)
    folder = store.downloads_dir / chosen.id
    folder.mkdir(exist_ok=True)
    taken: list[Receipt] = []
    import httpx

    with httpx.Client(
        headers={"User-Agent": user_agent(), "Accept-Encoding": "identity"},
        timeout=behave.timeout_seconds,
        follow_redirects=False,
    ) as client:
        for number, (address, year) in enumerate(wanted):
            report(Step(f"Fetch {chosen.title}", number, len(wanted)))
            if number:
                behave.sleep(behave.pause_seconds)
            place = address if base_address is None else base_address.rstrip("/") + urlsplit(address).path
            target = folder / _file_name(chosen, address)
            taken.append(Download(client, place, target, chosen.id, year, behave, report).run())
    report(Step(f"Fetch {chosen.title}", len(wanted), len(wanted)))
    load([folder / receipt.file_name for receipt in taken], store, progress=report, isolated=isolated)
    return taken


def user_agent() -> str:
    """Who asks. BLS wants an address to write to: set SHAREDTABLE_CONTACT to one."""
    try:
        number = version("sharedtable")
    except PackageNotFoundError:
        number = "0"
    contact = "".join(c for c in os.environ.get("SHAREDTABLE_CONTACT", "") if c.isprintable() and c.isascii())[:100]
    return f"SharedTable/{number} (labor-market facts for sector partnerships{'; ' + contact if contact else ''})"


def _file_name(chosen: Source, address: str) -> str:
    """A file name that is the same for the same address and different for each: 2023-a-39041.csv."""
    parts = urlsplit(address).path.strip("/").split("/")
    if chosen.by_area:  # …/api/2023/a/area/39041.csv
        return f"{parts[-4]}-{parts[-3]}-{parts[-1]}"
    return parts[-1]


def _from_package(store: Store, chosen: Source, report: Progress, isolated: bool) -> Receipt:
    path: Path = oews.package_file()
    done = load(path, store, progress=report, isolated=isolated)
    digest, size = sha256_of(path)
    return Receipt(
        source_id=chosen.id,
        file_name=path.name,
        bytes=size,
        sha256=digest,
        vintage=chosen.vintage_of(done.files[0].years),
        loaded_at=now(),
        tables={"oews": done.files[0].years, "oews_staffing": done.files[0].years},
    )

"""Deliveries as tests send them: files in a form, the page at the end, what is left on disk."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

WAIT_SECONDS = 60


def sent(client: Client, *files: tuple[str, bytes]):
    """Posts files and gives the page on which it ends, when the work is done."""
    edge = b"--------------------------edge"
    body = b"".join(
        b'--%s\r\nContent-Disposition: form-data; name="files"; filename="%s"\r\n\r\n' % (edge, name.encode())
        + content
        + b"\r\n"
        for name, content in files
    )
    kind = f"multipart/form-data; boundary={edge.decode()}"
    answer = client.generic("POST", reverse("data-upload"), body + b"--%s--\r\n" % edge, content_type=kind)
    return finished(client, answer)


def finished(client: Client, answer):
    if answer.status_code != 302:
        return answer
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        page = client.get(answer["Location"])
        if "Refresh" not in page:
            return page
        time.sleep(0.2)
    pytest.fail("the work did not end")


def token_of(page) -> str:
    found = re.search(r"/data/incoming/([0-9a-f]{24})/", page.content.decode())
    assert found, page.content.decode()[:2000]
    return found.group(1)


def left_files(folder: Path) -> list[str]:
    """Files of deliveries that are still there, but for what says how each went."""
    return [
        str(p.relative_to(folder))
        for p in (folder / "incoming").rglob("*")
        if p.is_file() and p.name not in ("state.json", ".alive")
    ]

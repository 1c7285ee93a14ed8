"""What a server holds in memory before anybody has asked for anything: not the libraries of what is asked for rarely."""

from __future__ import annotations

import os
import subprocess
import sys

LOADS = """
import sys
import django; django.setup()
from django.core.checks import run_checks; assert run_checks() == []
import sharedtable.cli, sharedtable.config.asgi, sharedtable.config.sockets, sharedtable.config.chores
print(*sorted({name.partition(".")[0] for name in sys.modules}))
"""
# Of files that are written or read, figures that are loaded or fetched, passkeys, another sign-in, coloured text.
ON_FIRST_USE = {
    *("docx", "pptx", "xlsxwriter", "openpyxl", "lxml", "icalendar", "vobject", "PIL", "duckdb", "httpx", "requests"),
    *("fido2", "cryptography", "rich", "phonenumbers", "tldextract", "dns"),
}


def test_a_server_starts_without_the_libraries_of_what_is_rarely_asked_for(tmp_path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SHAREDTABLE_")},
        "DJANGO_SETTINGS_MODULE": "sharedtable.config.settings",
        "SHAREDTABLE_DATA": str(tmp_path),
    }
    done = subprocess.run([sys.executable, "-c", LOADS], env=environment, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert {"django", "sharedtable", "uvicorn"} <= loaded
    assert loaded & ON_FIRST_USE == set()

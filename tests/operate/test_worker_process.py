"""The worker as a process: inside of `serve`, and alone; it stops when it is told to."""

from __future__ import annotations

import signal
import subprocess
import sys
import time

import pytest

from tests.operate.conftest import Installation

pytestmark = pytest.mark.django_db

QUEUE = (
    "from sharedtable.ledger.actions import Draft, queue\nfrom datetime import timedelta\n"
    "queue(Draft('code', 'code:1', 'casey@firm.example', 'Your code', 'It is 314159', is_transactional=True,"
    " is_secret=True), by='visitor', space_id=0, hold=timedelta(0))"
)
STATE = (
    "from sharedtable.ledger.models import Letter, Lease\n"
    "print(Letter.objects.get().state, Letter.objects.get().body, repr(Lease.objects.get().holder))"
)


@pytest.mark.parametrize("words", [("worker",), ("serve", "--port", "0")], ids=lambda words: words[0])
def test_a_sign_in_code_lands_in_the_mail_folder_within_seconds_and_the_worker_stops_when_told(
    here: Installation, words: tuple[str, ...]
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "sharedtable", *words], env=here.environment, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None and process.stdout.readline()
        here.python(QUEUE)
        end = time.monotonic() + 30
        while not (found := list(here.data.glob("mail/*.eml"))):
            assert time.monotonic() < end, "no letter came"
            time.sleep(0.1)
        assert "314159" in found[0].read_text()
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(30)
        assert process.stdout is not None
        process.stdout.close()
    assert code in (0, -signal.SIGTERM)
    assert here.python(STATE) == "sent  ''"

"""Reads a file in a process of its own, with limits: a file from outside can at worst be refused.

The file comes on standard input after one line of JSON; one object of JSON goes to standard output: `table`, or
`refused` with the code of a sentence. The process may not use the network, write a file, start another, or take more
than its share of memory and time.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import subprocess
import sys
from typing import Any

from sharedtable.people.importing.limits import CPU_SECONDS, MEMORY_BYTES, MOST_BYTES, WALL_SECONDS

_CLOSED = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "urllib.", "ftplib.", "http.")


def run(data: bytes, name: str) -> dict[str, Any]:
    """What a file holds, as `answer` gives it; a worker that dies or is late gives a refusal."""
    order = json.dumps({"name": name}).encode() + b"\n" + data[: MOST_BYTES + 1]
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sharedtable.people.importing.worker"],
            input=order,
            capture_output=True,
            timeout=WALL_SECONDS,
            cwd="/",
            env={
                "PATH": os.environ.get("PATH", ""),
                "PYTHONPATH": os.pathsep.join(p for p in sys.path if p),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
                "OPENPYXL_LXML": "False",  # so that it reads XML through defusedxml
                "OPENBLAS_NUM_THREADS": "1",
                "LANG": "C.UTF-8",
            },
            check=False,
        )
        found = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return {"refused": "exhausted", "details": {}}
    return dict(found)


def answer(data: bytes, name: str) -> dict[str, Any]:
    """The table of a file, or why there is none; never raises."""
    from sharedtable.people.importing.readers import Broken, read

    try:
        table = read(data, name)
        return {"table": vars(table)}
    except Broken as broken:
        return {"refused": broken.code, "details": broken.details}
    except MemoryError:
        return {"refused": "exhausted", "details": {}}
    except RecursionError:
        return {"refused": "damaged", "details": {}}


def confine() -> None:
    """Give up what reading a file does not need; there is no way back."""
    for kind, most in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _soft, hard = resource.getrlimit(kind)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))

    def refuse(event: str, _arguments: object) -> None:
        if event.startswith(_CLOSED):
            raise PermissionError(f"{event} is closed to a reader of files")

    sys.addaudithook(refuse)


def preload() -> None:
    """Import what the readers use, before the limits close."""
    import logging

    logging.getLogger("vobject.base").setLevel(logging.CRITICAL)  # it tells of each line that it skips
    import charset_normalizer  # noqa: F401
    import openpyxl  # noqa: F401
    import vobject  # noqa: F401

    import sharedtable.people.importing.readers  # noqa: F401


def main() -> None:
    """The worker's side."""
    line = sys.stdin.buffer.readline()
    data = sys.stdin.buffer.read(MOST_BYTES + 2)
    preload()
    confine()
    found = answer(data, str(json.loads(line)["name"]))
    sys.stdout.write(json.dumps(found))
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()

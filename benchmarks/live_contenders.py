"""What bench_live.py measures beside the embedded default: a throw-away PostgreSQL, and socket.io as a peer."""

from __future__ import annotations

import base64
import os
import re
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent


@contextmanager
def postgresql(core: int) -> Iterator[str]:
    """A PostgreSQL of its own that syncs to disk as a real one does, pinned to a core; gives its address."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"))[-1]
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = tempfile.mkdtemp(prefix="bench-pg-", dir="/tmp")
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    def run(*command: str) -> None:
        subprocess.run([*as_user, *command], cwd="/", check=True, stdout=subprocess.DEVNULL)

    run(str(binaries / "initdb"), "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -k {folder} -c max_connections=100"
    control = (str(binaries / "pg_ctl"), "-D", f"{folder}/data", "-s", "-w")
    run("taskset", "-c", str(core), *control, "-l", f"{folder}/log", "-o", options, "start")
    try:
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def fresh_database(address: str) -> Iterator[str]:
    """A new database on that server."""
    import psycopg

    name = f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(f'CREATE DATABASE "{name}"')
    yield address.rsplit("/", 1)[0] + f"/{name}"
    with psycopg.connect(address, autocommit=True) as line:
        line.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


class SocketIo:
    """socket.io from the package registry in a temporary folder, pinned to a core. It stores nothing."""

    def __init__(self, core: int) -> None:
        self.folder = tempfile.mkdtemp(prefix="bench-socketio-")
        shutil.copy(HERE / "live_peer.js", self.folder)
        subprocess.run(
            ["npm", "install", "--silent", "--no-audit", "--no-fund", "socket.io@4.8"],
            cwd=self.folder, check=True, timeout=120,
        )  # fmt: skip
        self.process = subprocess.Popen(
            ["taskset", "-c", str(core), "node", "live_peer.js"], cwd=self.folder, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        found = re.search(r"http://([\d.]+):(\d+)", self.process.stdout.readline())
        assert found is not None
        self.address = (found[1], int(found[2]))

    @property
    def stream_address(self) -> tuple[str, int]:
        """Where streams are."""
        return self.address

    def subscribe_request(self) -> bytes:
        """Opens a WebSocket."""
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        return (
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
        ).encode()

    def hello(self) -> bytes:
        """Comes in, in socket.io's own way."""
        said, mask = b"40", secrets.token_bytes(4)
        return bytes([0x81, 0x80 | len(said)]) + mask + bytes(b ^ mask[n % 4] for n, b in enumerate(said))

    def cpu_seconds(self) -> float:
        """CPU time until now."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(") ", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_mb(self) -> float:
        """Memory now."""
        found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text())
        return int(found[1]) / 1024 if found else 0.0

    def close(self) -> None:
        """End it and take the folder away."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

"""Run commands as a shell would: their real entry point, exit code, standard output and standard error."""

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sharedtable.lmi import Store, example


@dataclass(frozen=True)
class Ran:
    code: int
    out: bytes
    err: str


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the shipped example."""
    root = tmp_path_factory.mktemp("store")
    example.install(Store(root, create=True))
    return root


@pytest.fixture(scope="session")
def run() -> Callable[..., Ran]:
    def call(*words: object) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "sharedtable", *map(str, words)], capture_output=True, timeout=120, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr.decode())

    return call

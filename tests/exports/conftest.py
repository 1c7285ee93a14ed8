"""The programs that people open our files with, and a sample of each kind of file."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sharedtable.exports import Document, Workbook
from tests.exports import samples


@pytest.fixture
def profile() -> Document:
    """A two-page profile with every block."""
    return samples.profile()


@pytest.fixture
def workbook() -> Workbook:
    """The same profile as data."""
    return samples.workbook()


@pytest.fixture
def convert(tmp_path: Path) -> Callable[[bytes, str, str], bytes]:
    """Opens a file in LibreOffice and gives it back in another format: `convert(data, "docx", "pdf")`."""
    soffice = _program("soffice", "libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui")

    def run(data: bytes, from_type: str, to_type: str, to_filter: str = "") -> bytes:
        source = tmp_path / f"in.{from_type}"
        source.write_bytes(data)
        out = tmp_path / "out"
        target = f"{to_type}:{to_filter}" if to_filter else to_type
        command = [soffice, f"-env:UserInstallation=file://{tmp_path}/lo", "--headless", "--convert-to", target]
        done = subprocess.run([*command, "--outdir", out, source], capture_output=True, text=True, timeout=180)
        # A single sheet of a workbook is saved under its own name: in-Industries.csv.
        made = next(out.glob(f"in*.{to_type}"), None)
        assert made, f"LibreOffice did not open the {from_type} file: {done.stdout} {done.stderr}"
        return made.read_bytes()

    return run


@pytest.fixture
def pdf_text(tmp_path: Path) -> Callable[[bytes], str]:
    """The text of a PDF in reading order, as `pdftotext` finds it."""
    program = _program("pdftotext", "poppler-utils")

    def run(data: bytes) -> str:
        path = tmp_path / "read.pdf"
        path.write_bytes(data)
        return subprocess.run(
            [program, "-raw", path, "-"], capture_output=True, text=True, check=True, timeout=60
        ).stdout

    return run


def _program(name: str, packages: str) -> str:
    found = shutil.which(name)
    if not found:
        message = f"The program {name} is missing: apt-get install {packages}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found

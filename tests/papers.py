"""Reads papers back, as somebody's program would."""

from __future__ import annotations

import shutil
import subprocess


def pdf_text(content: bytes, *options: str) -> str:
    """The text of a PDF in reading order, as `pdftotext` finds it; `-layout` keeps columns."""
    assert shutil.which("pdftotext"), "pdftotext is not here (package poppler-utils)"
    done = subprocess.run(["pdftotext", *options, "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()

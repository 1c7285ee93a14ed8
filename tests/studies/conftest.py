"""Folders of figures that the tests of studies share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.studies.builders import add_wages, example_folder


@pytest.fixture(scope="session")
def example_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return example_folder(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="session")
def data_with_wages(tmp_path_factory: pytest.TempPathFactory, shared: Path) -> Path:
    folder = example_folder(tmp_path_factory.mktemp("wages"))
    add_wages(folder, shared)
    return folder

"""The examples in docstrings run, on the shipped example, and give what they say."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src"
WITH_EXAMPLES = sorted(
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    for path in (SOURCE / "sharedtable").rglob("*.py")
    if ">>> " in path.read_text()
)


@pytest.fixture(scope="module")
def example_store(tmp_path_factory: pytest.TempPathFactory) -> object:
    from sharedtable.lmi import example
    from sharedtable.lmi.store import Store

    store = Store(tmp_path_factory.mktemp("example"), create=True)
    example.install(store)
    return store


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_the_examples_in_docstrings_run(name: str, example_store: object) -> None:
    module = importlib.import_module(name)
    shown: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    for case in doctest.DocTestFinder().find(module, extraglobs={"example_store": example_store}):
        runner.run(case, out=shown.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(shown)
    assert runner.tries > 0

"""The Spanish catalogue: nothing is missing, nothing is stale."""

from __future__ import annotations

import gettext
import importlib.util

import pytest

from tests.conftest import ROOT

spec = importlib.util.spec_from_file_location("messages", ROOT / "tools" / "messages.py")
messages = importlib.util.module_from_spec(spec)
spec.loader.exec_module(messages)


def test_every_string_has_its_spanish_with_the_same_placeholders():
    assert messages.untranslated(messages.updated()) == []


def test_the_catalogue_and_its_compiled_form_are_up_to_date():
    text = messages.po_text(messages.updated())
    assert messages.PO.read_bytes() == text
    assert messages.MO.read_bytes() == messages.mo_bytes(text)


def test_strings_of_code_templates_and_tag_arguments_are_all_collected():
    found = {message.id for message in messages.collect()}
    assert {"Find your region", "Skip to the content", "Figures first, people next", "not known"} <= found


def test_the_compiled_catalogue_speaks_spanish():
    with messages.MO.open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Find your region") == "Encuentre su región"


@pytest.mark.parametrize("word", ["tú", "vuestro", "vosotros", "haz", "tu"])
def test_the_reader_is_addressed_as_usted(word):
    words = {part.strip(".,:;¿?¡!").lower() for message in messages.updated() for part in str(message.string).split()}
    assert word not in words

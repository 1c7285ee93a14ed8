"""The forms of these pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharedtable.method import lists
from sharedtable.worksheets.text_models import Talk


class TalkForm(forms.Form):
    """One talk: with whom, how, which points, what came back. Short enough for a phone in a parked car."""

    audience = forms.ChoiceField(label=_("What kind of partner?"))
    partner = forms.CharField(label=_("With whom?"), max_length=160, help_text=_("The organization, or the person."))
    on = forms.DateField(label=_("When?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    way = forms.ChoiceField(label=_("How?"), choices=Talk.Way.choices, widget=forms.RadioSelect)
    points = forms.MultipleChoiceField(
        label=_("Which points did you use?"), required=False, widget=forms.CheckboxSelectMultiple
    )
    outcome = forms.ChoiceField(label=_("What came of it?"), choices=Talk.Outcome.choices, widget=forms.RadioSelect)
    said = forms.CharField(
        label=_("What did they say?"), max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    used_by = forms.CharField(label=_("Who talked?"), max_length=120)

    def __init__(self, *args: Any, language: str, points: Sequence[tuple[str, str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = [(key, item.title(language)) for key, item in lists.items("pitch_audiences").items()]
        self.fields["audience"].choices = kinds  # type: ignore[attr-defined]
        self.fields["points"].choices = [(key, f"{title}: {text}") for key, title, text in points]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """An entry of a list in the team's own words."""

    title = forms.CharField(label=_("Title"), max_length=120, required=False)
    text = forms.CharField(label=_("Text"), max_length=600, required=False, widget=forms.Textarea(attrs={"rows": 4}))

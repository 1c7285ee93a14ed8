"""The forms of the scope workshop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

Choices = list[tuple[str, Any]]


class SettleForm(forms.Form):
    """Good enough: by whom it was tested, what changed, and when to look again."""

    who = forms.CharField(
        label=_("Who tested it"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Names of those in the room."),
    )
    note = forms.CharField(
        label=_("What changed, and why"),
        max_length=2_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed when the region, the industry or the rules changed. A sentence is enough."),
    )
    review_on = forms.DateField(
        label=_("Look at it again on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        localize=False,
    )


class MapEntryForm(forms.Form):
    """One name on the map: where it stands, what it is called, or which organization of the record it is."""

    place = forms.ChoiceField(label=_("Place on the map"))
    name = forms.CharField(label=_("Name"), required=False, max_length=160)
    organisation = forms.ChoiceField(label=_("Or an organization of the record"), required=False)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, places: Choices, organisations: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = places  # type: ignore[attr-defined]
        if organisations:
            self.fields["organisation"].choices = organisations  # type: ignore[attr-defined]
        else:
            del self.fields["organisation"]

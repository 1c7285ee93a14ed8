"""The forms of these pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharedtable.partnerships.turning_points import LONGEST_WHY
from sharedtable.people.models import Organisation
from sharedtable.steps.digest import MOST_WORDS
from sharedtable.web.partnerships.forms import Choices


class MemberForm(forms.Form):
    """Somebody who joins the support team."""

    person = forms.ChoiceField(label=_("From the record"), required=False)
    name = forms.CharField(label=_("Or somebody new: name"), max_length=160, required=False)
    place = forms.CharField(label=_("Organization"), max_length=160, required=False)
    system = forms.ChoiceField(label=_("Which system?"), required=False)
    email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)

    def __init__(self, *args: Any, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = people  # type: ignore[attr-defined]
        self.fields["system"].choices = [("", "—"), *Organisation.System.choices]  # type: ignore[attr-defined]


class GapForm(forms.Form):
    """Something that is missing, and who closes it."""

    gap = forms.CharField(label=_("Who or what is missing?"), max_length=160)
    seat = forms.ChoiceField(label=_("Who sees to it?"), required=False)
    due_on = forms.DateField(
        label=_("By when?"), localize=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, seats: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Who takes on which role."""

    seat = forms.ChoiceField(label=_("Who?"))
    role = forms.ChoiceField(label=_("Does what?"))

    def __init__(self, *args: Any, seats: Choices, roles: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"].choices = seats  # type: ignore[attr-defined]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class DigestForm(forms.Form):
    """The free words of a digest; what is chosen stands in check boxes of the page."""

    words = forms.CharField(
        label=_("A word from you"), required=False, max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Left empty, the letter begins with one plain line."),
    )  # fmt: skip
    asks = forms.CharField(
        label=_("What can supporters do?"), required=False, max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One ask a line."),
    )  # fmt: skip


class TurningPointForm(forms.Form):
    """A turning point that the team marks: which, on what day, and why it was one."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    key = forms.ChoiceField(label=_("Which one?"), required=False)
    title = forms.CharField(
        label=_("What changed?"), max_length=120, required=False, help_text=_("Only for one of your own.")
    )
    happened_on = forms.DateField(
        label=_("On which day?"), localize=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    why = forms.CharField(
        label=_("Why was it one?"), max_length=LONGEST_WHY, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What did people do from then on that they had not done before?"),
    )  # fmt: skip

    def __init__(self, *args: Any, points: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].choices = [("", _("One of our own")), *points]  # type: ignore[attr-defined]
        for name in ("key", "title"):  # one or the other is needed, so neither is called optional
            self.fields[name].is_asked = True  # type: ignore[attr-defined]

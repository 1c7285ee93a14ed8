"""The forms of these pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from sharedtable.method.questions import DECIDES, Worksheet
from sharedtable.partnerships.models import Decision
from sharedtable.worksheets.models import Round

DAY = forms.DateInput(attrs={"type": "date"})


class StartForm(forms.Form):
    """How a round is put to people. Who is asked stands in check boxes of the page, `people`."""

    way = forms.ChoiceField(label=_("How do they answer?"), choices=Round.Way.choices, widget=forms.RadioSelect)
    is_anonymous = forms.BooleanField(
        label=_("Without names"),
        required=False,
        help_text=_(
            "Only where each person answers alone, and five or more are asked. You cannot find out later who wrote "
            "what."
        ),
    )
    closes_on = forms.DateField(
        label=_("Last day to answer"), required=False, widget=DAY,
        help_text=_("It stands in the letter. Answers count until you show the result."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("A word from you in the letter"), required=False, max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, worksheet: Worksheet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].initial = worksheet.way
        self.lists = worksheet.lists
        for asked in worksheet.lists:
            self.fields[f"list-{asked.id}"] = forms.CharField(
                label=asked.text,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=_("One a line, %(least)d to %(most)d of them.") % {"least": asked.least, "most": asked.most},
            )

    def given_lists(self) -> dict[str, list[str]]:
        """The lines of each list."""
        return {
            asked.id: [
                " ".join(line.split())[:200]
                for line in self.cleaned_data[f"list-{asked.id}"].splitlines()
                if line.strip()
            ]
            for asked in self.lists
        }


class DecideForm(forms.Form):
    """A decision out of a result; of the kind that the worksheet is about, unless somebody says otherwise."""

    kind = forms.ChoiceField(
        label=_("What kind of decision?"), required=False,
        choices=[(kind, Decision.Kind(kind).label) for kind in DECIDES],
    )  # fmt: skip
    question = forms.CharField(label=_("What was the question?"), max_length=300)
    chosen = forms.CharField(label=_("What was decided?"), max_length=200)
    next_choice = forms.CharField(label=_("What comes next, if anything?"), max_length=200, required=False)
    reasons = forms.CharField(
        label=_("Why?"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    dissent = forms.CharField(
        label=_("Who sees it otherwise, and why?"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
    decided_by = forms.CharField(label=_("Who decided?"), max_length=1000, required=False)
    review_on = forms.DateField(label=_("When do we look at it again?"), required=False, widget=DAY)


class PledgeForm(forms.Form):
    """A pledge out of a result."""

    who = forms.CharField(label=_("Who?"), max_length=160)
    what = forms.CharField(label=_("Will do what?"), max_length=400)
    due_on = forms.DateField(label=_("By when?"), required=False, widget=DAY)


class ToolForm(forms.Form):
    """A worksheet of the team's own, as two texts."""

    en_text = forms.CharField(label=_("In English"), widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}))
    es_text = forms.CharField(label=_("In Spanish"), widget=forms.Textarea(attrs={"rows": 12, "spellcheck": "false"}))


class NumberForm(forms.Form):
    """Another number than the shipped one; empty: the shipped one again."""

    key = forms.CharField(max_length=60)
    value = forms.FloatField(required=False, min_value=0)
    reason = forms.CharField(max_length=300, required=False)

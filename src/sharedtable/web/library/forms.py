"""The form of a team's own answer."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sharedtable.library.actions import LONGEST, LONGEST_QUESTION

_AREA = forms.Textarea(attrs={"rows": 7})
_HELP = _("An empty line begins a new paragraph. Lines that begin with “- ” become a list.")


class AnswerForm(forms.Form):
    """A question and its answer in one or both languages. `was`: the answer that was there when the form was opened."""

    en_question = forms.CharField(label=_("Question, in English"), max_length=LONGEST_QUESTION, required=False)
    en_answer = forms.CharField(
        label=_("Answer, in English"), max_length=LONGEST, required=False, widget=_AREA, help_text=_HELP
    )
    es_question = forms.CharField(label=_("Question, in Spanish"), max_length=LONGEST_QUESTION, required=False)
    es_answer = forms.CharField(label=_("Answer, in Spanish"), max_length=LONGEST, required=False, widget=_AREA)
    was = forms.IntegerField(required=False, widget=forms.HiddenInput)

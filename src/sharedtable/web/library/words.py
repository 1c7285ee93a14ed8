"""What shelves and their parts are called on the pages."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Shelf → title, what is on it, picture.
SHELVES = {
    "topics": (_("Help by topic"), _("What to do on each page, and why."), "guidepost"),
    "questions": (_("Common questions"), _("Short answers. A team can write its own."), "info"),
    "glossary": (_("Words"), _("One meaning for each word that we use."), "list"),
    "lessons": (_("Five lessons"), _("What regions that do well share. Also as a poster."), "check"),
    "facts": (_("Fact cards"), _("Figures for letters and slides, with their source and limits."), "table"),
    "reading": (_("Just enough reading"), _("A primer and a short list. Tick what you have read."), "search"),
    "stories": (_("Stories"), _("Real partnerships: what they did, with the figures."), "map"),
    "states": (_("For states"), _("Guideposts, what a state can do, laws and letters by state."), "flat"),
}
GROUPS = {
    "guidepost": _("Guideposts"),
    "action": _("Nine things that a state can do"),
    "policy": _("Policy and law by state"),
    "history": _("Where this work is, and was"),
}
PAPERS = {
    "poster": _("Poster: five lessons"),
    "facts": _("Fact cards"),
    "memo": _("Memo on measures, for a state to change and send"),
    "region-x": _("Sample: summary of a meeting"),
    "lewistown": _("Sample: a quick plan"),
}
KIND_NAMES = {"docx": "Word", "pdf": "PDF", "pptx": "PowerPoint"}

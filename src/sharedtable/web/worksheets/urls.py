"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.worksheets import answering, library, method, results, rounds, together

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/worksheets/", library.library, name="worksheets"),
    path("s/<slug:space>/worksheets/<slug:tool>/", library.tool, name="worksheet"),
    path("s/<slug:space>/worksheets/<slug:tool>/paper.<str:kind>", library.paper, name="worksheet-paper"),
    path("s/<slug:space>/worksheets/<slug:tool>/start", rounds.start, name="worksheet-start"),
    path("s/<slug:space>/method/", method.method, name="method"),
    path("s/<slug:space>/method/tool", method.bring, name="method-tool"),
    path("s/<slug:space>/method/tool/<slug:tool>/retire", method.retire, name="method-retire"),
    path("s/<slug:space>/method/number", method.number, name="method-number"),
    path("s/<slug:space>/method/version", method.version, name="method-version"),
    path("s/<slug:space>/rounds/<int:number>/", rounds.round_page, name="round"),
    path("s/<slug:space>/rounds/<int:number>/open", rounds.open_round, name="round-open"),
    path("s/<slug:space>/rounds/<int:number>/slips", rounds.slips, name="round-slips"),
    path("s/<slug:space>/rounds/<int:number>/remind", rounds.remind, name="round-remind"),
    path("s/<slug:space>/rounds/<int:number>/reveal", rounds.reveal, name="round-reveal"),
    path("s/<slug:space>/rounds/<int:number>/off", rounds.call_off, name="round-off"),
    path("s/<slug:space>/rounds/<int:number>/again", rounds.again, name="round-again"),
    path("s/<slug:space>/rounds/<int:number>/group", together.group, name="round-group"),
    path("s/<slug:space>/rounds/<int:number>/group/save", together.keep_one, name="round-group-save"),
    path("s/<slug:space>/rounds/<int:number>/typed", together.typed, name="round-typed"),
    path("s/<slug:space>/rounds/<int:number>/results", results.results, name="round-results"),
    path("s/<slug:space>/rounds/<int:number>/results.<str:kind>", results.download, name="round-download"),
    path("s/<slug:space>/rounds/<int:number>/decide", results.decide, name="round-decide"),
    path("s/<slug:space>/rounds/<int:number>/pledge", results.pledge, name="round-pledge"),
    path("me/<int:link>/worksheet/", answering.sheet, name="my-worksheet"),
    path("me/<int:link>/worksheet/begin", answering.begin, name="my-worksheet-begin"),
    path("me/<int:link>/worksheet/save", answering.keep_one, name="my-worksheet-save"),
    path("me/<int:link>/worksheet/done", answering.done, name="my-worksheet-done"),
]

"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.imports import lists, twins

urlpatterns: list[URLPattern] = [
    path("s/<slug:space>/imports/", lists.imports, name="imports"),
    path("s/<slug:space>/imports/<int:number>/", lists.show, name="import"),
    path("s/<slug:space>/imports/<int:number>/columns", lists.columns, name="import-columns"),
    path("s/<slug:space>/imports/<int:number>/decide", lists.decide, name="import-decide"),
    path("s/<slug:space>/imports/<int:number>/write", lists.write, name="import-write"),
    path("s/<slug:space>/imports/<int:number>/undo", lists.undo, name="import-undo"),
    path("s/<slug:space>/imports/<int:number>/discard", lists.discard, name="import-discard"),
    path("imports/template/<slug:kind>.<slug:form>", lists.template, name="import-template"),
    path("imports/<slug:kind>.schema.json", lists.schema, name="import-schema"),
    path("s/<slug:space>/same/", twins.twins, name="twins"),
    path("s/<slug:space>/same/<int:number>/", twins.twin, name="twin"),
    path("s/<slug:space>/same/joins/<int:number>/part", twins.part, name="twin-part"),
]

"""Every address of the site. Each name has its row in `sharedtable.web.policy.ROUTES`; a start-up check sees to it."""

from __future__ import annotations

from django.urls import path

from sharedtable.web import errors, health, home, language, static_files, style

urlpatterns = [
    path("", home.home, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("language", language.choose_language, name="language"),
    path("static/<str:version>/<path:name>", static_files.serve, name="static"),
    path("style", style.style, name="style"),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken

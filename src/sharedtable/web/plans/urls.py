"""The addresses of the pages about what came out of meetings."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.plans import live, missing, priorities, record, shelf

LIVE = "live/<int:meeting>/"
M, P = "s/<slug:space>/meetings/<int:number>/", "s/<slug:space>/p/<slug:partnership>/"

urlpatterns: list[URLPattern] = [
    path(LIVE + "check", live.check, name="live-check"),
    path(LIVE + "close", live.close, name="live-close"),
    path(LIVE + "thanks", live.thanks, name="live-thanks"),
    path(LIVE + "next.ics", live.next_date, name="live-next"),
    path(LIVE + "product.<str:kind>", live.product, name="live-product"),
    path(M + "product", record.product, name="meeting-product"),
    path(M + "product.<str:kind>", record.product_file, name="meeting-product-file"),
    path(M + "freeze", record.freeze, name="meeting-freeze"),
    path(M + "next", record.plan_next, name="meeting-next"),
    path(M + "reopen", record.reopen, name="meeting-reopen"),
    path(P + "priorities/", priorities.priorities, name="partnership-priorities"),
    path(P + "priorities/<int:priority>/", priorities.priority, name="priority"),
    path(P + "priorities/<int:priority>/correct", priorities.correct, name="priority-correct"),
    path(P + "priorities/<int:priority>/champion", priorities.add_champion, name="priority-champion"),
    path(P + "champions/<int:champion>/withdraw", priorities.withdraw, name="champion-withdraw"),
    path(P + "shelf/<int:shelved>/take-up", shelf.take_up, name="shelf-take-up"),
    path(P + "shelf/<int:shelved>/let-go", shelf.let_go, name="shelf-let-go"),
    path(P + "shelf/<int:shelved>/put-back", shelf.put_back, name="shelf-put-back"),
    path(P + "missing/", missing.missing, name="partnership-missing"),
    path(P + "missing/invite", missing.invite, name="missing-invite"),
    path(P + "missing/<int:task>/", missing.task, name="missing-task"),
    path(P + "tasks/add", priorities.add_task, name="task-add"),
    path(P + "tasks/<int:task>/end", missing.end, name="task-end"),
]

"""The addresses of these pages."""

from __future__ import annotations

from django.urls import URLPattern, path

from sharedtable.web.scoping import cluster, overview, parts

P = "s/<slug:space>/p/<slug:partnership>/"

urlpatterns: list[URLPattern] = [
    path(P + "scope/workshop/", overview.overview, name="scoping"),
    path(P + "scope/workshop/region", parts.region, name="scoping-region"),
    path(P + "scope/workshop/industry", parts.sector, name="scoping-sector"),
    path(P + "scope/workshop/launch", parts.launch, name="scoping-launch"),
    path(P + "scope/workshop/firms", parts.firms, name="scoping-firms"),
    path(P + "scope/workshop/begin", overview.begin, name="scoping-begin"),
    path(P + "scope/workshop/end", overview.end, name="scoping-end"),
    path(P + "scope/workshop/good-enough", overview.settle, name="scoping-settle"),
    path(P + "map/", cluster.cluster_map, name="partnership-map"),
    path(P + "map/map.<str:kind>", cluster.download, name="map-download"),
    path(P + "map/<int:entry>/", cluster.change, name="map-change"),
    path(P + "map/<int:entry>/take-off", cluster.take_off, name="map-take-off"),
]

"""Addresses of the roster, included at the root: each part has a module and a namespace of its own."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("louzhang.roster.urls.appraisal")),
    path("", include("louzhang.roster.urls.choosing")),
    path("", include("louzhang.roster.urls.honours")),
    path("", include("louzhang.roster.urls.membership")),
    path("", include("louzhang.roster.urls.duties")),
    path("", include("louzhang.roster.urls.training")),
    path("", include("louzhang.roster.urls.me")),
    path("posted/", include("louzhang.roster.urls.posted")),
]

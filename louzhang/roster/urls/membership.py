"""Addresses of the own entries, included at the root."""

from django.urls import path

from louzhang.roster.views import membership

app_name = "membership"
urlpatterns = [
    path("membership/", membership.own, name="own"),
    path("membership/entry/", membership.entry, name="entry"),
    path("membership/join/", membership.join, name="join"),
    path("membership/delete/<slug:what>/", membership.take_back, name="take_back"),
    path("desk/membership/paper/<slug:what>/", membership.paper, name="paper"),
]

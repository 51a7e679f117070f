"""Addresses that stand on paper, included at the root: contact cards and the pages of buildings."""

from django.urls import path

from louzhang.register.views import cards

app_name = "cards"
urlpatterns = [
    path("card/<uuid:uid>/", cards.card, name="card"),
    path("house/<uuid:uid>/", cards.house, name="house"),
]

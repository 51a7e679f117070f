"""Addresses of paper, included at /survey-paper/: forms to print, and typing in what came back."""

from django.urls import path

from louzhang.surveys.views import paper, picture, printing

app_name = "survey_paper"
urlpatterns = [
    path("<uuid:uid>/", paper.places, name="places"),
    path("<uuid:uid>/back/", paper.take_back, name="back"),
    path("<uuid:uid>/<int:area_id>/", paper.typing, name="typing"),
    path("<uuid:uid>/<int:area_id>/print/", printing.forms, name="print"),
    path("<uuid:uid>/<int:area_id>/picture/", picture.picture, name="picture"),
    path("row/<uuid:uid>/", paper.row, name="row"),
]

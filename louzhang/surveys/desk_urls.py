"""Addresses of the desk, included at /desk/surveys/."""

from django.urls import path

from louzhang.surveys.views import building, desk, late

app_name = "surveys_desk"
urlpatterns = [
    path("", desk.surveys, name="list"),
    path("new/", building.new, name="new"),
    path("late/", late.waiting, name="late"),
    path("late/<uuid:uid>/", late.settle, name="settle"),
    path("<uuid:uid>/", desk.survey, name="survey"),
    path("<uuid:uid>/edit/", building.edit, name="edit"),
    path("<uuid:uid>/questions/", building.builder, name="questions"),
    path("<uuid:uid>/questions/<slug:key>/", building.question, name="question"),
    path("<uuid:uid>/questions/<slug:key>/<slug:verb>/", building.rearrange, name="rearrange"),
    path("<uuid:uid>/preview/", building.preview, name="preview"),
    path("<uuid:uid>/copy/", desk.copy, name="copy"),
    path("<uuid:uid>/do/<slug:verb>/", desk.move, name="move"),
]

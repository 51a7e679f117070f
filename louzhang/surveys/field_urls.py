"""Addresses of the phone, included at /field/surveys/."""

from django.urls import path

from louzhang.surveys.views import field, passing

app_name = "surveys_field"
urlpatterns = [
    path("", field.surveys, name="list"),
    path("homes/<uuid:uid>/", field.target, name="target"),
    path("homes/<uuid:uid>/next/", field.following, name="next"),
    path("<uuid:uid>/", field.one, name="one"),
    path("<uuid:uid>/write/", field.write, name="write"),
    path("<uuid:uid>/parts/", passing.parts, name="parts"),
    path("<uuid:uid>/parts/<int:area_id>/", passing.pass_on, name="pass_on"),
]

"""Addresses of results, included at /survey-results/."""

from django.urls import path

from louzhang.surveys.views import results

app_name = "survey_results"
urlpatterns = [
    path("<uuid:uid>/", results.results, name="results"),
    path("<uuid:uid>/export/", results.export, name="export"),
    path("<uuid:uid>/<slug:key>/doors/", results.doors, name="doors"),
    path("<uuid:uid>/<slug:key>/words/", results.words, name="words"),
]

"""Addresses of follow-ups, included at /follow-ups/: of whoever handles them, in the field and at the desk."""

from django.urls import path

from louzhang.surveys.views import follow_up_rules, follow_ups

app_name = "follow_ups"
urlpatterns = [
    path("", follow_ups.follow_ups, name="list"),
    path("rules/<uuid:uid>/", follow_up_rules.rules, name="rules"),
    path("rules/<uuid:uid>/end/", follow_up_rules.end, name="end_rule"),
    path("<uuid:uid>/", follow_ups.one, name="one"),
    path("<uuid:uid>/words/", follow_ups.words, name="words"),
]

"""Registers the app with Django."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Screenings and questionnaires."""

    name = "louzhang.surveys"
    label = "surveys"
    verbose_name = "排查问卷"

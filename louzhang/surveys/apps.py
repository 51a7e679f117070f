"""Registers the app with Django."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Screenings and questionnaires."""

    name = "louzhang.surveys"
    label = "surveys"
    verbose_name = "排查问卷"

    def ready(self) -> None:
        """Make the chains known to the journal."""
        from louzhang.journal import subjects
        from louzhang.surveys.forms.doorstep import add_survey_kinds
        from louzhang.surveys.models import Survey, Target

        subjects.register(Survey, Target)
        add_survey_kinds()

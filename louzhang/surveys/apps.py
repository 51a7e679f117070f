"""Registers the app with Django."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Screenings and questionnaires."""

    name = "louzhang.surveys"
    label = "surveys"
    verbose_name = "排查问卷"

    def ready(self) -> None:
        """Make the chains known to the journal, follow answers up."""
        from louzhang.journal import readers, subjects
        from louzhang.surveys import follow_up_notices, menu, notices, results_menu, sheet_values
        from louzhang.surveys.actions.following_up import follow_answers
        from louzhang.surveys.admissions import add_survey_kind
        from louzhang.surveys.forms.doorstep import add_survey_kinds
        from louzhang.surveys.models import FollowUp, Survey, Target

        subjects.register(FollowUp, Survey, Target)
        readers.register("survey_follow_ups", "survey_target", read=follow_answers)
        readers.register("survey_notices", "survey", read=notices.BOOK.read)
        readers.register("follow_up_notices", "follow_up", read=follow_up_notices.FOLLOW_UPS.read)
        menu.set_up()
        results_menu.set_up()
        add_survey_kinds()
        add_survey_kind()
        sheet_values.add_values()

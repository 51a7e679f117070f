"""Registers the app with Django."""

from django.apps import AppConfig


class RosterConfig(AppConfig):
    """Choosing, training, appraising and rewarding those who serve."""

    name = "louzhang.roster"
    label = "roster"
    verbose_name = "选训评奖"

    def ready(self) -> None:
        """Make the chains known to the journal, stand in the menus; one call a part."""
        from louzhang.journal import readers, subjects
        from louzhang.roster import appraisal_menu, choosing_menu, duties_menu, honours_menu, menu, training_menu
        from louzhang.roster.models import posted
        from louzhang.roster.posted_notices import BOOKS

        subjects.register(
            posted.PostedTeam,
            posted.StrengthNeed,
            posted.Posting,
            posted.LeaveRequest,
            posted.TeamMeeting,
            posted.SampleCheck,
            posted.HomePaper,
        )
        for kind, book in BOOKS.items():
            readers.register(f"{kind}_notices", kind, read=book.read)
        duties_menu.set_up()
        training_menu.set_up()
        honours_menu.set_up()
        appraisal_menu.set_up()
        choosing_menu.set_up()
        menu.set_up()

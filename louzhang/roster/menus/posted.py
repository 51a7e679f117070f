"""What posted cadres add to the journal: their chains, and who hears of which step."""

from __future__ import annotations

from louzhang.journal import readers, subjects
from louzhang.roster.models import posted
from louzhang.roster.notices.posted import BOOKS


def set_up() -> None:
    """Register everything; called once when the app is ready."""
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

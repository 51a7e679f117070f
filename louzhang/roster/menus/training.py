"""What training adds to the first page of the phone, and to the readers of the journal."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal import readers, subjects
from louzhang.roster.models.training import (
    CaseStory,
    Course,
    Enrolment,
    Lesson,
    Material,
    PeerAsk,
    Reminder,
    Studio,
    StudioMeeting,
    StudyPosting,
    TrainingRule,
)
from louzhang.roster.notices.training import BOOKS
from louzhang.shell import navigation
from louzhang.shell.parts import Item


def set_up() -> None:
    """Register everything; called once when the app is ready."""
    subjects.register(
        CaseStory, Course, Enrolment, Lesson, Material, PeerAsk, Reminder, Studio, StudioMeeting, StudyPosting,
        TrainingRule,
    )  # fmt: skip
    for kind, book in BOOKS.items():
        readers.register(f"{kind}_notices", kind, read=book.read)
    navigation.add_items("today", today_entries, order=45)


def today_entries(request: HttpRequest) -> list[Item]:
    """楼长交流 on the worker's first page; the own trainings stand in 我的任职, and what is due is told by notices."""
    if not hasattr(request, "visit") or not actor_of(request).has_role(*FIELD_ROLES):
        return []
    return [
        Item(label="楼长交流", url=reverse("training:asks"), icon="messages", note="遇到难处，问问别的楼长；案例库"),
    ]

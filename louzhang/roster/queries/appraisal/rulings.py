"""Objections and reviews in scope, with what waits for whom."""

from __future__ import annotations

import uuid

from louzhang.fieldwork.models import overseeing_seats
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.register.scope import seat_places
from louzhang.roster.lifecycle.appraisal import OBJECTION_OPEN, REVIEW_OPEN, Tie
from louzhang.roster.models.appraisal import AppraisalMonth, Standing
from louzhang.roster.models.appraisal_rulings import FigureObjection, Review
from louzhang.roster.models.replacing import ReplacementRequest

LISTED = 100
_RAISED = [state.value for state in OBJECTION_OPEN]
_OPEN = [state.value for state in REVIEW_OPEN]


def objections_for(actor: Actor, *, is_open: bool | None = None) -> list[FigureObjection]:
    """Those the office answers, the ones due first on top."""
    rows = FigureObjection.objects.tied(actor, Tie.DESK).select_related("user", "standing__month", "area")
    if is_open is not None:
        rows = rows.filter(status__in=_RAISED) if is_open else rows.exclude(status__in=_RAISED)
    return sorted(rows.order_by("-pk")[:LISTED], key=lambda row: (row.status not in _RAISED, row.due_at))


def objections_about(standing: Standing) -> list[FigureObjection]:
    """Those about one row of figures, the oldest first."""
    return list(standing.objections.order_by("pk"))


def own_objections(actor: Actor) -> list[FigureObjection]:
    """Those the actor raised, the newest first."""
    rows = FigureObjection.objects.tied(actor, Tie.SELF).select_related("standing__month")
    return list(rows.order_by("-pk")[:LISTED])


def find_objection(actor: Actor, uid: uuid.UUID) -> FigureObjection:
    """One with its ties; raises `NotThere`."""
    rows = FigureObjection.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    found = rows.select_related("user", "standing__month__scheme", "standing__month__area", "area").first()
    if found is None:
        raise NotThere("没有找到这条异议，或它不在您的范围内。")
    return found


def reviews_for(actor: Actor) -> list[Review]:
    """Those of the own community, the open ones on top."""
    rows = Review.objects.tied(actor, Tie.DESK).select_related("user", "post__area", "area", "month")
    return sorted(rows.order_by("-pk")[:LISTED], key=lambda row: row.status not in _OPEN)


def own_reviews(actor: Actor) -> list[Review]:
    """Those about the actor."""
    return list(Review.objects.tied(actor, Tie.SELF).select_related("area", "month").order_by("-pk")[:LISTED])


def find_review(actor: Actor, uid: uuid.UUID) -> Review:
    """One with its ties; raises `NotThere`."""
    rows = Review.objects.visible_to(actor).with_ties(actor).filter(uid=uid)
    found = rows.select_related("user", "post__title", "post__area", "area", "month").first()
    if found is None:
        raise NotThere("没有找到这次复核，或它不在您的范围内。")
    return found


def counts_waiting(actor: Actor) -> tuple[int, int]:
    """How many objections and reviews wait for the office."""
    return (
        FigureObjection.objects.tied(actor, Tie.DESK).filter(status__in=_RAISED).count(),
        Review.objects.tied(actor, Tie.DESK).filter(status__in=_OPEN).count(),
    )


def standing_of(month: AppraisalMonth, user_id: int) -> Standing | None:
    """The row of a person in a month."""
    return month.standings.filter(user_id=user_id).first()


def requests_of_residents(actor: Actor) -> list[ReplacementRequest]:
    """Requests of residents to replace somebody that stand, for the office of the own community."""
    busy = Review.objects.filter(status__in=_OPEN).order_by().values("user_id")
    rows = ReplacementRequest.objects.visible_to(actor).open().exclude(post__user_id__in=busy)
    rows = rows.filter(seat_places(overseeing_seats(actor), "post__area"))
    return list(rows.select_related("post__user", "post__area", "post__title").order_by("-pk")[:LISTED])


def find_request(actor: Actor, uid: uuid.UUID) -> ReplacementRequest:
    """One of them; raises `NotThere`."""
    found = next((wish for wish in requests_of_residents(actor) if wish.uid == uid), None)
    if found is None:
        raise NotThere("没有找到这条居民提请，或它已经办完。")
    return found

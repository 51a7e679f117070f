"""Reading questions: the own ones, those waiting for an answer, one with what was said."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of, setting
from louzhang.inquiries.lifecycle import LOOP, InquiryState, Tie
from louzhang.inquiries.models import KEEPER_ROLES, Inquiry, InquiryQuerySet
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.workorders.queries.speakers import Speaker, speakers_of

UNKNOWN = "没有找到这个提问，或它不在您的范围内。"
SPOKEN = frozenset({"ask", "ask_more", "answer"})
STAFF = (Tie.KEEPER, Tie.DESK)


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that was said: by whom (`is_asker` or a place in words), when, in which words."""

    verb: str
    at: datetime
    is_asker: bool
    who: str
    words: str
    is_erased: bool


def own_inquiries(actor: Actor) -> InquiryQuerySet:
    """What this person or phone has asked, the newest first."""
    return Inquiry.objects.tied(actor, Tie.ASKER).select_related("area").order_by("-id")


def count_answers(actor: Actor) -> int:
    """How many own questions have an answer and are not over."""
    if actor.user_id is None and not actor.device:
        return 0
    return own_inquiries(actor).filter(status=InquiryState.ANSWERED).count()


def kept_inquiries(actor: Actor) -> InquiryQuerySet:
    """The questions of the places the actor looks after or whose office the actor works in."""
    return Inquiry.objects.tied(actor, *STAFF).select_related("area").order_by("-id")


def count_waiting(actor: Actor) -> int:
    """How many questions of the own places wait for an answer."""
    return Inquiry.objects.tied(actor, Tie.KEEPER).waiting().count()


def late_inquiries(actor: Actor, at: datetime) -> InquiryQuerySet:
    """Those of the community that nobody has answered for longer than the setting says, the longest first."""
    rows = Inquiry.objects.tied(actor, Tie.DESK).select_related("area")
    return rows.late(at, int(setting("inquiry_hours", at)))


def find_inquiry(actor: Actor, uid: uuid.UUID, *ties: Tie) -> Inquiry:
    """One with its ties, where the actor has one of `ties`; raises `NotThere` for any other."""
    rows = Inquiry.objects.tied(actor, *ties).with_ties(actor).select_related("area__level", "order")
    inquiry = rows.filter(uid=uid).first()
    if inquiry is None:
        raise NotThere(UNKNOWN)
    return inquiry


def verbs_now(inquiry: Inquiry) -> list[Transition]:
    """What the actor may do now."""
    return LOOP.allowed(inquiry.status, inquiry.relations_now)


def said_in(inquiry: Inquiry) -> list[Said]:
    """Questions and answers, oldest first (at most five queries)."""
    beside = Q(subject_kind=inquiry.subject_kind, subject_id=inquiry.pk)
    events = list(Event.objects.filter(beside, verb__in=SPOKEN).order_by("seq"))
    words = {row.seq: row for row in Words.objects.filter(beside)}
    speakers = speakers_of(event for event in events if event.verb == "answer")
    return [_said(event, words.get(event.seq), speakers) for event in events]


def _said(event: Event, words: Words | None, speakers: Mapping[int, Speaker]) -> Said:
    is_asker = event.verb != "answer"
    return Said(
        verb=event.verb,
        at=event.happened_at,
        is_asker=is_asker,
        who="" if is_asker else speakers[event.seq].place,
        words=str(words.spoken.get("words", "")) if words else "",
        is_erased=words is not None and words.erased_at is not None,
    )


def first_words(inquiries: Iterable[Inquiry]) -> dict[int, str]:
    """What each question began with, by id (one query)."""
    ids = [inquiry.pk for inquiry in inquiries]
    rows = Words.objects.filter(subject_kind=Inquiry.subject_kind, subject_id__in=ids, seq=1)
    return {row.subject_id: str(row.spoken.get("words", "")) for row in rows}


def keepers_at(area: Area, at: datetime) -> list[str]:
    """Who will read a question about a place, as a resident may know them: 3号网格网格员 王*(two queries）."""
    line = {place.pk: place for place in line_of(area)}
    posts = Post.objects.as_of(clock.local_date(at)).filter(area_id__in=line, role__in=KEEPER_ROLES)
    held = sorted(posts.select_related("title", "user"), key=lambda post: (post.role != "grid_worker", post.pk))
    return [
        f"{line[post.area_id].name}{post.title.name if post.title else post.get_role_display()}"
        for post in held
        if post.area_id in line
    ]

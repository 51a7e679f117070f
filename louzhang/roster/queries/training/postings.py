"""Reading postings to other communities."""

from __future__ import annotations

import uuid
from datetime import datetime

from louzhang.areas.models import Post
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Words
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.lifecycle import Transition
from louzhang.register.scope import seat_places
from louzhang.roster.lifecycle.training.postings import POSTINGS, PostingTie
from louzhang.roster.models.training import StudyPosting

UNKNOWN = "没有找到这次挂职，或它不在您的范围内。"
SPOKEN = ("report", "add", "call_off")


def postings_seen(actor: Actor) -> list[StudyPosting]:
    """Those below one's offices and one's own, the latest first (one query)."""
    rows = StudyPosting.objects.visible_to(actor).with_ties(actor)
    return list(rows.select_related("user", "area", "post__title", "leave__stand_in").order_by("-starts_on", "-pk"))


def own_postings(actor: Actor) -> list[StudyPosting]:
    """One's own (one query)."""
    rows = StudyPosting.objects.tied(actor, PostingTie.OWN).with_ties(actor)
    return list(rows.select_related("user", "area", "post__title", "leave__stand_in").order_by("-starts_on", "-pk"))


def find_posting(actor: Actor, uid: uuid.UUID, *ties: PostingTie) -> StudyPosting:
    """One with the reader's ties; raises `NotThere`."""
    rows = StudyPosting.objects.tied(actor, *(ties or PostingTie)).with_ties(actor).filter(uid=uid)
    found = rows.select_related("user", "area__level", "post__title", "leave__stand_in").first()
    if found is None:
        raise NotThere(UNKNOWN)
    return found


def posting_verbs(posting: StudyPosting, at: datetime) -> list[Transition]:
    """What may be done now; a report only once it has begun."""
    begun = posting.starts_on <= clock.local_date(at)
    allowed = POSTINGS.allowed(posting.status, posting.relations_now)
    return [step for step in allowed if step.verb != "report" or begun]


def said_of(posting: StudyPosting) -> list[tuple[str, datetime, str]]:
    """What was learnt, and why it was called off: label, moment, words (two queries)."""
    of_it = {"subject_kind": StudyPosting.subject_kind, "subject_id": posting.pk}
    words = {row.seq: str(row.spoken.get("words", "")) for row in Words.objects.filter(**of_it)}
    events = Event.objects.filter(**of_it, verb__in=SPOKEN).order_by("seq")
    return [(POSTINGS[event.verb].said, event.happened_at, words.get(event.seq, "")) for event in events]


def posts_to_send(actor: Actor, at: datetime) -> list[Post]:
    """Posts in the field below one's offices whose holders could go (one query)."""
    rows = Post.objects.as_of(clock.local_date(at)).filter(
        seat_places(actor.seats_with(*OFFICE_ROLES)), role__in=FIELD_ROLES, user__ended_at=None
    )
    return list(rows.select_related("user", "area", "title").order_by("area__path", "pk"))

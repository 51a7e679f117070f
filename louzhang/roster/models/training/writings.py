"""案例库 and 楼长交流: what people write for each other. Words lie in events; what finds them stands on the row."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area
from louzhang.areas.queries import line_of
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.training.writings import (
    ASK_LABELS,
    CASE_LABELS,
    AskState,
    AskTie,
    CaseState,
    CaseTie,
)
from louzhang.roster.models.training.courses import CourseSubject
from louzhang.roster.models.training.reach import READER_ROLES, run_by

TITLE_LENGTH = 40
CASE_LENGTH = 2000
ANSWER_LENGTH = 600
TERM_LENGTH = 40


class Byline(models.TextChoices):
    """Under what a writer wants to be read."""

    NAME = "name", "写我的名字"
    PLACE = "place", "只写社区和职务"
    NOBODY = "nobody", "不写是谁"


def _holds_post(actor: Actor) -> bool:
    return actor.user_id is not None and actor.has_role(*READER_ROLES)


class CaseStoryQuerySet(TiedQuerySet["CaseStory"]):
    """Cases: published ones for everybody with a post in the district, others for writer and reviewers."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who wrote it, who may look it through (never the writer), who may read it."""
        office = run_by(actor)
        offered = ~Q(status=CaseState.DRAFT.value)
        return {
            CaseTie.AUTHOR: Q(author_id=actor.user_id) if actor.user_id is not None else None,
            CaseTie.REVIEWER: office & offered & ~Q(author_id=actor.user_id) if office is not None else None,
            CaseTie.READER: Q(status=CaseState.PUBLISHED.value) if _holds_post(actor) else None,
        }

    def saying_all(self, terms: list[str]) -> Self:
        """Those whose published words hold every one of these pairs of characters."""
        return self.filter(terms__contains=terms)


class CaseStory(Tied):
    """案例: what happened, what was done, what one would do again, so told that nobody can be recognised.

    `words_seq` is the event that holds what it says now. `terms` stand there only while it is published.
    """

    subject_kind = "case_story"
    TIES = CaseTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, CASE_LABELS[state]) for state in CaseState],
        default=CaseState.DRAFT.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="case_stories")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="case_stories")
    byline = models.CharField("署名", max_length=10, choices=Byline.choices, default=Byline.NAME)
    subject = models.CharField("关于什么", max_length=12, choices=CourseSubject.choices, default=CourseSubject.CASES)
    words_seq = models.PositiveIntegerField(default=1)
    is_confirmed = models.BooleanField(default=False)
    reviewer = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    comments = models.PositiveSmallIntegerField(default=0)
    hidden = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    terms = ArrayField(models.CharField(max_length=TERM_LENGTH), default=list, blank=True)
    written_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)

    objects = CaseStoryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "案例"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in CaseState]), name="case_story_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[CaseState.OFFERED.value, CaseState.PUBLISHED.value]) | Q(is_confirmed=True),
                name="case_story_confirmed",
            ),
            models.CheckConstraint(
                condition=~Q(status=CaseState.PUBLISHED.value)
                | (Q(reviewer__isnull=False, published_at__isnull=False) & ~Q(reviewer=models.F("author"))),
                name="case_story_seen_by_another",
            ),
            models.CheckConstraint(
                condition=Q(status=CaseState.PUBLISHED.value) | Q(terms=[]), name="case_story_found_when_out"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["terms"], name="case_story_search"),
            models.Index(fields=["-published_at"], condition=Q(status="published"), name="case_story_newest"),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the writer's place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post nearest above the writer's place, else the first."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None


class PeerAskQuerySet(TiedQuerySet["PeerAsk"]):
    """Questions of chiefs to each other: for everybody with a post in the district."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who asked, who may answer, which offices keep order; what is hidden only these still see."""
        return {
            AskTie.ASKER: Q(asker_id=actor.user_id) if actor.user_id is not None and actor.seats else None,
            AskTie.PEER: ~Q(status=AskState.HIDDEN.value) if _holds_post(actor) else None,
            AskTie.KEEPER: run_by(actor),
        }

    def saying_all(self, terms: list[str]) -> Self:
        """Those whose words, with their answers, hold every one of these pairs of characters."""
        return self.filter(terms__contains=terms)


class PeerAsk(Tied):
    """楼长交流里的一个问题: the question is event 1, each answer an event; those in `hidden` nobody reads."""

    subject_kind = "peer_ask"
    TIES = AskTie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, ASK_LABELS[state]) for state in AskState],
        default=AskState.OPEN.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="peer_asks")
    asker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="peer_asks")
    byline = models.CharField("署名", max_length=10, choices=Byline.choices, default=Byline.PLACE)
    answers = models.PositiveSmallIntegerField(default=0)
    hidden = ArrayField(models.PositiveIntegerField(), default=list, blank=True)
    terms = ArrayField(models.CharField(max_length=TERM_LENGTH), default=list, blank=True)
    asked_at = models.DateTimeField()
    last_at = models.DateTimeField()

    objects = PeerAskQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "楼长交流"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in AskState]), name="peer_ask_status_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["terms"], name="peer_ask_search"),
            models.Index(fields=["-last_at"], name="peer_ask_newest"),
        ]

    def __str__(self) -> str:
        return f"peer ask {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line down to the asker's place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The post nearest above the asker's place, else the first."""
        return actor.post_above(self.area.path) or actor.post_at(None, None), None

"""A survey: who asks whom what for, from when to when, and when the answers go."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.apps import apps
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import RANKS, Area, LevelKind, Unit, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.register.models.bindings import own_households
from louzhang.surveys.lifecycle import AFTER, LABELS, SurveyState, Tie
from louzhang.surveys.models.passed import passed_on_to

STREET_RANK, COMMUNITY_RANK = RANKS[LevelKind.STREET], RANKS[LevelKind.COMMUNITY]
_AFTER = sorted(state.value for state in AFTER)
NEEDS_ADMISSION = "上级发起的排查要先送街道准入，同意以后才能开始。"
NO_ADMISSION = "社区自己发起的、或者有应急决定的，不用送街道准入，可以直接开始。"


class SurveyKind(models.TextChoices):
    """What sort of asking it is."""

    SCREENING = "screening", "排查"
    QUESTIONNAIRE = "questionnaire", "问卷"


class Basis(models.TextChoices):
    """On what ground people are asked (PIPL 13)."""

    CONSENT = "consent", "居民自愿回答"
    DUTY = "duty", "履行法定职责"
    EMERGENCY = "emergency", "应对突发事件"


class SurveyQuerySet(TiedQuerySet["Survey"]):
    """Surveys one may know of."""

    READ_WITH = ("asker_area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Who asks, which offices and holders lie in it, which households are asked, and the clock.

        Before it is open only who asks knows of it, and the street that admits it.
        """
        shares = apps.get_model("surveys", "Share").objects.order_by()
        targets = apps.get_model("surveys", "Target").objects.order_by()
        offices = [seat for seat in actor.seats_with(*OFFICE_ROLES) if seat.path]
        field = [seat.area_id for seat in actor.seats_with(*FIELD_ROLES) if seat.area_id is not None]
        held = Q(area_id__in=field) | passed_on_to(actor)
        below = area_below([seat.path for seat in offices])
        gates = [seat.area_id for seat in offices if seat.rank == STREET_RANK]
        admissions = apps.get_model("fieldwork", "Admission").objects.filter(street_id__in=gates).order_by()
        begun = ~Q(status__in=[SurveyState.DRAFT.value, SurveyState.WITHDRAWN.value])
        lives = actor.user_id is not None or bool(actor.device)
        at_home = targets.filter(household__in=own_households(actor).order_by().values("pk")) if lives else None
        return {
            Tie.ASKER: Q(asker_area_id__in=[seat.area_id for seat in offices]) if offices else None,
            Tie.GATE: begun & Q(uid__in=admissions.values("source_uid")) if gates else None,
            Tie.OFFICE: Q(pk__in=shares.filter(below, rank=COMMUNITY_RANK).values("survey_id"))
            if below is not None
            else None,
            Tie.HOLDER: Q(pk__in=shares.filter(held).values("survey_id")) if actor.seats else None,
            Tie.HOUSEHOLD: Q(pk__in=at_home.values("survey_id")) if at_home is not None else None,
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    def open(self) -> Self:
        """Answers are taken now."""
        return self.filter(status=SurveyState.OPEN.value)

    def after(self) -> Self:
        """No longer asked."""
        return self.filter(status__in=_AFTER)


class Survey(Tied):
    """排查、问卷: asked by the office of an area, of the households of its grounds that `household_filter` names.

    `asker_unit` is a department that asks through that office. `purge_on` is the day from which only counts are
    left. `admission_uid` names the street's step that let it through, `pace_seconds` how long a household took at
    the door in this one, known once it has ended.
    """

    subject_kind = "survey"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类型", max_length=14, choices=SurveyKind.choices)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, LABELS[state]) for state in SurveyState],
        default=SurveyState.DRAFT.value,
    )
    title = models.CharField("名称", max_length=60)
    purpose = models.CharField("为什么问", max_length=300)
    basis = models.CharField("依据", max_length=10, choices=Basis.choices, default=Basis.CONSENT)
    basis_words = models.CharField("文件或决定", max_length=200, default="", blank=True)
    asker_area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    asker_unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    household_filter: models.JSONField[Any, Any] = models.JSONField(default=dict, blank=True)
    starts_at = models.DateTimeField("开始")
    ends_at = models.DateTimeField("结束")
    purge_on = models.DateField("回答删除日")
    admission_uid = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    purged_at = models.DateTimeField(null=True, blank=True)
    pace_seconds = models.PositiveIntegerField(null=True, blank=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "排查问卷"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in SurveyState]), name="survey_status_known"
            ),
            models.CheckConstraint(condition=~Q(title="") & ~Q(purpose=""), name="survey_says_what_for"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="survey_ends_after_start"),
            models.CheckConstraint(
                condition=Q(basis=Basis.CONSENT) | ~Q(basis_words=""), name="survey_names_its_decision"
            ),
            models.CheckConstraint(
                condition=Q(status=SurveyState.OPEN.value, opened_at__isnull=False, closed_at=None)
                | Q(status__in=_AFTER, opened_at__isnull=False, closed_at__isnull=False)
                | Q(
                    status__in=[
                        SurveyState.DRAFT.value, SurveyState.WAITING.value,
                        SurveyState.READY.value, SurveyState.WITHDRAWN.value,
                    ],
                    opened_at=None,
                ),
                name="survey_opened_and_closed",
            ),
        ]  # fmt: skip
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["asker_area", "-id"], name="survey_asker"),
            models.Index(fields=["ends_at"], condition=Q(status=SurveyState.OPEN.value), name="survey_open_until"),
            models.Index(fields=["purge_on"], condition=Q(status=SurveyState.CLOSED.value), name="survey_purge"),
        ]

    def __str__(self) -> str:
        return f"survey {self.pk}"

    @property
    def needs_admission(self) -> bool:
        """Whether it comes from above a community and no emergency is named: then the street admits it first."""
        return self.asker_area.level.rank < COMMUNITY_RANK and self.basis != Basis.EMERGENCY

    def bar_on(self, verb: str) -> str:
        """From above nothing begins without the street's yes, and nothing else goes to the street."""
        if verb == "open" and self.status == SurveyState.DRAFT and self.needs_admission:
            return NEEDS_ADMISSION
        return NO_ADMISSION if verb == "submit" and not self.needs_admission else ""

    @property
    def is_open(self) -> bool:
        """Whether answers are taken now."""
        return self.status == SurveyState.OPEN

    def event_area_ids(self) -> list[int]:
        """The line down to who asks."""
        return [area.pk for area in line_of(self.asker_area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat in the office that asks, or the one nearest above."""
        return actor.post_at(self.asker_area_id, None), None


class Ground(models.Model):
    """范围: a place whose households are asked, with everything below it."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="grounds")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "范围"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["survey", "area"], name="ground_once"),
        ]

    def __str__(self) -> str:
        return f"ground of survey {self.survey_id}"

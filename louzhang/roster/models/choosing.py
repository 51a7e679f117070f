"""选任: rounds, the places they fill, who was named and what reviewers wrote, objections to a notice.

Words of people lie in the events of their rows; names of people without an account and all numbers are sealed.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, PostKind, Title, area_below
from louzhang.areas.queries import line_of
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.sealed import Sealed
from louzhang.journal.ties import Tied, TiedQuerySet, own_term
from louzhang.kit import crypto, masking
from louzhang.register.models import Resident
from louzhang.roster.lifecycle.choosing import (
    NOMINEE_LABELS,
    OPEN,
    PUBLIC,
    REVIEW_READERS,
    ROUND_LABELS,
    STEP_LABELS,
    WHILE,
    NomineeState,
    RoundState,
    StepKind,
    Tie,
)
from louzhang.roster.models.choosing_scope import concerns, lives_below, office_paths, reviewing_paths

WORDS_AT_MOST = 500
NAMESAKE_MARKS = "甲乙丙丁戊己庚辛"
_OPEN = sorted(state.value for state in OPEN)
_PUBLIC = sorted(state.value for state in PUBLIC)
_ONE = [NomineeState.CHOSEN.value, NomineeState.APPOINTED.value]


class Outcome(models.TextChoices):
    """What became of one place of a round."""

    OPEN = "open", "选任中"
    FILLED = "filled", "已聘任"
    DROPPED = "dropped", "没有选出"


class NamingWay(models.TextChoices):
    """How somebody came to be named."""

    RESIDENT = "resident", "居民推荐"
    SELF = "self", "自荐"
    COMMUNITY = "community", "社区推荐"
    PAPER = "paper", "纸质推荐"


class ConsentWay(models.TextChoices):
    """How somebody said that they stand."""

    TAP = "tap", "在手机上同意"
    WRITING = "writing", "书面同意"


def _stands_in(actor: Actor) -> Q:
    """Rounds in which the actor was named."""
    own = own_term(actor, "user_id")
    return Q(pk__in=Nominee.objects.filter(own).values("round_id")) if own is not None else Q(pk__in=[])


class RoundQuerySet(TiedQuerySet["Round"]):
    """Rounds one may know of; what stands on a public notice is `on_notice`."""

    READ_WITH = ("area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Office, reviewers, who was named, who lives there; nobody runs or reviews a round they stand in."""
        desk, above, grids = office_paths(actor), office_paths(actor, above=True), reviewing_paths(actor)
        own, free = own_term(actor, "user_id"), ~concerns(actor, "pk")
        seated = Vacancy.objects.filter(area_below(grids) or Q(pk__in=[])).values("round_id")
        return {
            Tie.DESK: Q(area__path__in=desk) & free if desk else None,
            Tie.ABOVE: (area_below(above) or Q()) & free if above else None,
            Tie.REVIEWER: Q(pk__in=seated) & free if grids else None,
            Tie.NOMINEE: _stands_in(actor) if own is not None else None,
            Tie.RESIDENT: lives_below(actor, "area__path"),
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    def open(self) -> Self:
        """Neither at their end nor broken off."""
        return self.filter(status__in=_OPEN)

    def on_notice(self) -> Self:
        """With a public notice up now: anybody may read what stands on it."""
        return self.filter(status=RoundState.NOTICING.value)


class Round(Tied):
    """选任: one or several places of a community to be filled together.

    `steps` are the rows of the rule as it was at the start: {step, runs, why}; one that is left out has its reason.
    `notice_until` is the close of the last working day of the notice.
    """

    subject_kind = "choosing_round"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, ROUND_LABELS[state]) for state in RoundState],
        default=RoundState.NOMINATING.value,
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="choosing_rounds")
    role = models.CharField("选什么", max_length=20, choices=Role.choices)
    title = models.ForeignKey(Title, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("性质", max_length=10, choices=PostKind.choices, default=PostKind.VOLUNTEER)
    steps: models.JSONField[Any, Any] = models.JSONField(default=list)
    opener = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    announced_at = models.DateTimeField()
    nominate_until = models.DateField("推荐到", null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField("公示几个工作日", default=5)
    noticed_at = models.DateTimeField(null=True, blank=True)
    notice_until = models.DateTimeField(null=True, blank=True)
    reviewers_needed = models.PositiveSmallIntegerField(default=2)
    ended_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)

    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "选任"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in RoundState]), name="roster_round_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=_OPEN, ended_at=None) | (~Q(status__in=_OPEN) & Q(ended_at__isnull=False)),
                name="roster_round_ended_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoundState.NOTICING.value)
                | Q(noticed_at__isnull=False, notice_until__isnull=False),
                name="roster_round_notice_whole",
            ),
            models.CheckConstraint(
                condition=~Q(status=RoundState.NOMINATING.value) | Q(nominate_until__isnull=False),
                name="roster_round_nominates_until",
            ),
            models.CheckConstraint(
                condition=Q(reviewers_needed__gte=2, notice_days__gte=1), name="roster_round_two_reviewers"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["area", "-id"], name="roster_round_place"),
            models.Index(fields=["status"], condition=Q(status__in=_OPEN), name="roster_round_open"),
            models.Index(fields=["ended_at"], condition=Q(erased_at=None), name="roster_round_to_erase"),
        ]

    def __str__(self) -> str:
        return f"choosing round {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it still goes on."""
        return self.status in OPEN

    @property
    def seat_name(self) -> str:
        """What the district calls the post."""
        return str(self.title or Role(self.role).label)

    def runs(self, step: str) -> bool:
        """Whether a step is part of this round."""
        return any(row["runs"] for row in self.steps if row["step"] == step)

    def course(self, *, until: str = "") -> str:
        """The steps that were taken up to one of them, in words, for paper: 公开推荐、本人同意、考察."""
        ran = [StepKind(row["step"]) for row in self.steps if row["runs"] and row["step"] != until]
        before = [step for step in ran if step == StepKind.NOMINATION]
        words = [STEP_LABELS[step] for step in before]
        return "、".join([*words, "本人同意", *(STEP_LABELS[step] for step in ran if step not in before)])

    def next_state(self) -> RoundState:
        """Where the step after the present one leads."""
        order = [
            (RoundState.REVIEWING, StepKind.REVIEW),
            (RoundState.ELECTING, StepKind.ELECTION),
            (RoundState.NOTICING, StepKind.NOTICE),
        ]
        done = [state for state, _ in order]
        rest = order[done.index(RoundState(self.status)) + 1 :] if self.status in done else order
        return next((state for state, step in rest if self.runs(step)), RoundState.APPOINTING)

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above the community; none for a resident."""
        return actor.post_above(self.area.path), None


class Vacancy(models.Model):
    """位置: one place of a round; `outgoing` holds it when the round begins. The post it led to is `post`."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="vacancies")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="choosing_vacancies")
    role = models.CharField(max_length=20, choices=Role.choices)
    outgoing = models.ForeignKey(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    why_dropped_seq = models.PositiveIntegerField(null=True, blank=True)
    poll_uid = models.UUIDField(null=True, blank=True)
    post = models.OneToOneField(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="chosen_by")
    certificate = models.CharField("聘书编号", max_length=30, default="", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "选任的位置"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["area", "role"], condition=Q(outcome=Outcome.OPEN), name="roster_vacancy_once_open"
            ),
            models.UniqueConstraint(
                fields=["certificate"], condition=~Q(certificate=""), name="roster_certificate_once"
            ),
            models.CheckConstraint(
                condition=(Q(outcome=Outcome.FILLED, post__isnull=False) & ~Q(certificate=""))
                | (~Q(outcome=Outcome.FILLED) & Q(post=None, certificate="")),
                name="roster_vacancy_filled_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"vacancy {self.pk}"


class NomineeQuerySet(TiedQuerySet["Nominee"]):
    """Nominees one may know of: residents only those who have said that they stand."""

    READ_WITH = ("round__area__level", "vacancy__area__level")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """Oneself; office and reviewers, unless they stand in the same round; those who live there; the clock."""
        desk, above, grids = office_paths(actor), office_paths(actor, above=True), reviewing_paths(actor)
        lives, own = lives_below(actor, "round__area__path"), own_term(actor, "user_id")
        free = ~concerns(actor, "round")
        seated = Vacancy.objects.filter(area_below(grids) or Q(pk__in=[])).values("pk")
        under = Area.objects.get_queryset().under_paths(above).order_by().values("pk")
        return {
            Tie.DESK: Q(round__area__path__in=desk) & free if desk else None,
            Tie.ABOVE: Q(round__area_id__in=under, status__in=_PUBLIC) & free if above else None,
            Tie.REVIEWER: Q(vacancy__in=seated) & ~Q(status=NomineeState.NAMED.value) & free if grids else None,
            Tie.NOMINEE: own,
            Tie.RESIDENT: lives & Q(status__in=_PUBLIC) if lives is not None else None,
            Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
        }

    def standing(self) -> Self:
        """Who stands or has been appointed."""
        return self.filter(status__in=_PUBLIC)


class Nominee(Tied, Sealed):
    """人选: somebody named for a place. Nobody stands without their own consent; `code` opens the page that asks it.

    What they say of themselves, what reviewers wrote and the sentence on a consent in writing are words of its events.
    Of several of one name for a place each has a `number`, 0 where the name is alone; `which` is what was said to tell
    them apart, for the office alone. `resident` is their row in the register, where it knows them.
    """

    subject_kind = "choosing_nominee"
    TIES = Tie
    SEALED: ClassVar[Mapping[str, str]] = {
        "name": "name_sealed", "phone": "phone_sealed", "code": "code_sealed", "which": "which_sealed",
    }  # fmt: skip

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, NOMINEE_LABELS[state]) for state in NomineeState],
        default=NomineeState.NAMED.value,
    )
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="nominees")
    vacancy = models.ForeignKey(Vacancy, on_delete=models.PROTECT, related_name="nominees")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    name_sealed = models.TextField()
    name_index = models.CharField(max_length=64)
    number = models.PositiveSmallIntegerField("同名的第几位", default=0)
    which_sealed = models.TextField(default="", blank=True)
    resident = models.ForeignKey(Resident, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    phone_sealed = models.TextField(default="", blank=True)
    code_sealed = models.TextField(default="", blank=True)
    code_hash = models.CharField(max_length=64, default="", blank=True)
    way = models.CharField("怎么推荐的", max_length=10, choices=NamingWay.choices)
    named_at = models.DateTimeField()
    consented_at = models.DateTimeField(null=True, blank=True)
    consent_way = models.CharField(max_length=8, choices=ConsentWay.choices, default="", blank=True)
    consent_seq = models.PositiveIntegerField(null=True, blank=True)

    objects = NomineeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "人选"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in NomineeState]), name="roster_nominee_status_known"
            ),
            models.CheckConstraint(
                condition=~Q(status__in=[*_PUBLIC, NomineeState.FAILED.value, NomineeState.NOT_CHOSEN.value])
                | (Q(consented_at__isnull=False) & ~Q(consent_way="")),
                name="roster_nominee_stands_by_consent",
            ),
            models.UniqueConstraint(fields=["vacancy", "name_index", "number"], name="roster_nominee_name_once"),
            models.UniqueConstraint(
                fields=["vacancy", "user"], condition=Q(user__isnull=False), name="roster_nominee_person_once"
            ),
            models.UniqueConstraint(fields=["vacancy"], condition=Q(status__in=_ONE), name="roster_nominee_one_chosen"),
            models.UniqueConstraint(fields=["code_hash"], condition=~Q(code_hash=""), name="roster_nominee_code_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["user"], condition=Q(user__isnull=False), name="roster_nominee_user"),
            models.Index(fields=["device_hash"], condition=~Q(device_hash=""), name="roster_nominee_device"),
        ]

    def __str__(self) -> str:
        return f"nominee {self.pk}"

    def seal(self, **plain: str) -> None:
        """Seal what was given; a name is found again within its place, a code by its hash."""
        super().seal(**plain)
        if "name" in plain:
            self.name_index = name_index(self.vacancy_id, plain["name"])
        if "code" in plain:
            self.code_hash = crypto.token_hash(plain["code"]) if plain["code"] else ""

    @property
    def name(self) -> str:
        """The name in full, for who may read it."""
        return self.open_field("name")

    @property
    def label(self) -> str:
        """The name with its mark where several of that name were named for the place."""
        return f"{self.name}{self._mark}"

    @property
    def masked(self) -> str:
        """The name as it stands before its holder has consented."""
        return f"{masking.mask_name(self.name)}{self._mark}"

    @property
    def _mark(self) -> str:
        return f"（{NAMESAKE_MARKS[self.number - 1]}）" if self.number else ""

    @property
    def may_read_review(self) -> bool:
        """Whether the actor reads what reviewers wrote."""
        return bool(self.relations_now & REVIEW_READERS)

    def bar_on(self, verb: str) -> str:
        """A verb is open only while the round stands where it belongs."""
        states, sentence = WHILE.get(verb, (OPEN, ""))
        return "" if self.round.status in states else sentence

    def event_area_ids(self) -> list[int]:
        """The line down to the community."""
        return self.round.event_area_ids()

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above the place; none for the nominee."""
        return actor.post_above(self.vacancy.area.path), None


def name_index(vacancy_id: int, name: str) -> str:
    """The blind index of a name among those named for one place."""
    return crypto.blind_index(f"{vacancy_id}:{''.join(name.split())}", purpose="nominee")


class Nomination(models.Model):
    """推荐: one resident, or the office, has named this person; each once."""

    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="nominations")
    user = models.ForeignKey(User, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    device_hash = models.CharField(max_length=64, default="", blank=True)
    way = models.CharField(max_length=10, choices=NamingWay.choices)
    named_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "推荐"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["nominee", "user"],
                condition=Q(user__isnull=False, way=NamingWay.RESIDENT),
                name="roster_nomination_once_user",
            ),
            models.UniqueConstraint(
                fields=["nominee", "device_hash"], condition=~Q(device_hash=""), name="roster_nomination_once_phone"
            ),
        ]

    def __str__(self) -> str:
        return f"nomination {self.pk}"


class NomineeReview(models.Model):
    """考察意见: six sentences of one reviewer about one nominee; they are the words of event `seq`."""

    nominee = models.ForeignKey(Nominee, on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seq = models.PositiveIntegerField()
    reviewed_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "考察意见"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["nominee", "reviewer"], name="roster_review_once"),
        ]

    def __str__(self) -> str:
        return f"review {self.pk}"

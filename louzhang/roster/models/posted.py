"""派驻干部: teams, postings under two managers, leaves, meetings, sample checks, papers to the home unit (R5, R10)."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from louzhang.accounts.models import User
from louzhang.areas.models import Area, Post, Title, Unit, area_below
from louzhang.areas.models.periods import no_overlap
from louzhang.areas.queries import line_of
from louzhang.areas.rights import offices_of
from louzhang.areas.roles import FIELD_ROLES, Role
from louzhang.fieldwork.models import Leave
from louzhang.journal.actor import Actor
from louzhang.journal.models import Chained
from louzhang.journal.ties import Tied, TiedQuerySet
from louzhang.roster.lifecycle.posted import (
    CHECK,
    LEAVE,
    MEETING,
    PAPER,
    POSTING,
    CheckState,
    LeaveState,
    MeetingState,
    PaperState,
    PostingState,
    Tie,
)
from louzhang.workorders.models import WorkOrder

WORDS_AT_MOST = 4000
POSTED_ROLES = (*FIELD_ROLES, Role.OFFICE_STAFF)
_OVER = (PostingState.DECLINED.value, PostingState.ENDED.value)


class Strength(models.TextChoices):
    """长处 and 需要: what a cadre is good at and a place asks for; the words are the same, so that they can meet."""

    DISPUTES = "disputes", "化解矛盾"
    OLD_ESTATES = "old_estates", "老旧小区"
    NEW_RESIDENTS = "new_residents", "新居民服务"
    LAW = "law", "法律"
    BUILDING_WORKS = "building_works", "工程维修"
    ELDERLY = "elderly", "养老助残"
    PUBLICITY = "publicity", "宣传组织"
    ECONOMY = "economy", "产业和就业"


def managed_under(actor: Actor, prefix: str = "") -> dict[str, Q | None]:
    """The ties of an actor to rows that hang on a posting, found at `prefix` ("posting__" or nothing)."""
    at = f"{prefix}area" if prefix else "area"
    offices = offices_of(actor)
    heads = [seat for seat in actor.seats_with(Role.SECRETARY) if seat.area_id is not None]
    leads = [seat.unit_id for seat in actor.seats_with(Role.UNIT_LEAD) if seat.unit_id is not None]
    above = _strictly_below([seat.path for seat in offices], at)
    return {
        Tie.PERSON: Q(**{f"{prefix}user_id": actor.user_id}) if actor.user_id is not None else None,
        Tie.HOME: Q(**{f"{prefix}home_unit_id__in": leads}) if leads else None,
        Tie.SITE: Q(**{f"{prefix}site_id__in": [seat.area_id for seat in heads]}) if heads else None,
        Tie.ABOVE: above,
        Tie.CLOCK: Q(pk__isnull=False) if actor.is_system else None,
    }


def at_work_only(ties: dict[str, Q | None]) -> dict[str, Q | None]:
    """The same without the home unit: it reads of somebody only what that person has seen (`HomePaper`)."""
    return ties | {Tie.HOME: None}


def _strictly_below(paths: Sequence[str], column: str) -> Q | None:
    """Rows whose managing office lies below one of these, not at it: nobody is above the own site."""
    site = column.removesuffix("area") + "site"
    terms = [Q(**{f"{site}__path__startswith": path}) & ~Q(**{f"{site}__path": path}) for path in paths if path]
    whole = Q(pk__in=[])
    for term in terms:
        whole |= term
    return whole if terms else None


class PostedTeamQuerySet(models.QuerySet["PostedTeam"]):
    """Teams, read as adjectives."""

    def visible_to(self, actor: Actor) -> Self:
        """Those run below or above the own office, those one is posted with, and those the own unit sends to."""
        if not isinstance(actor, Actor):
            raise TypeError("scope needs an Actor; None is never everyone")
        terms = Q(pk__in=Posting.objects.visible_to(actor).order_by().values("team_id"))
        below = area_below([seat.path for seat in offices_of(actor)])
        return self.filter(terms | below if below is not None else terms)

    def run_by(self, actor: Actor) -> Self:
        """Those of the own offices and the ones below."""
        below = area_below([seat.path for seat in offices_of(actor)])
        return self.filter(below) if below is not None else self.none()


class PostedTeam(Chained):
    """派驻队伍 (第一书记, 主任助理, 党建指导员, 四员 …): who is sent for a term, and which office runs it."""

    subject_kind = "posted_team"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField("队伍", max_length=40)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posted_teams")
    document = models.CharField("文件号", max_length=60, default="", blank=True)
    days_a_week = models.PositiveSmallIntegerField("每周到岗天数", default=2)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PostedTeamQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "派驻队伍"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="posted_team_ends_after_start"),
            models.CheckConstraint(condition=Q(days_a_week__gte=1, days_a_week__lte=7), name="posted_team_days_known"),
        ]

    def __str__(self) -> str:
        return f"team {self.pk}"


class StrengthNeed(Chained):
    """用人需求: a place asks for a strength, in a sentence; a posting meets it or not, people decide."""

    subject_kind = "posted_need"

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="posted_needs")
    strength = models.CharField("需要", max_length=20, choices=Strength.choices)
    note = models.CharField("说明", max_length=120, default="", blank=True)
    raised_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "用人需求"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(strength__in=Strength.values), name="posted_need_strength_known"),
            models.UniqueConstraint(
                fields=["area", "strength"], condition=Q(ended_at=None), name="posted_need_once_open"
            ),
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"


class PostingQuerySet(TiedQuerySet["Posting"]):
    """Postings and who manages them."""

    READ_WITH = ("area__level", "site", "home_unit", "user", "team", "title")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """The person, both managers, the office above."""
        return managed_under(actor)

    def standing(self) -> Self:
        """Neither declined nor over."""
        return self.exclude(status__in=_OVER)


class Posting(Tied):
    """派驻: somebody of a unit serves at a place for a term, under two managers (双重管理).

    `site` is the area whose office manages: the place itself or the community above it. `post` is there once both
    sides have confirmed and the person has taken up the work.
    """

    subject_kind = "posting"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    status = models.CharField(
        max_length=10,
        choices=[(state.value, POSTING.labels[state]) for state in PostingState],
        default=PostingState.PROPOSED.value,
    )
    team = models.ForeignKey(PostedTeam, on_delete=models.PROTECT, related_name="postings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="postings")
    home_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="postings_sent")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="postings")
    site = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="postings_managed")
    role = models.CharField("角色", max_length=20, choices=Role.choices)
    title = models.ForeignKey(Title, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    strengths = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止")
    home_confirmed_at = models.DateTimeField(null=True, blank=True)
    site_confirmed_at = models.DateTimeField(null=True, blank=True)
    post = models.OneToOneField(Post, null=True, blank=True, on_delete=models.PROTECT, related_name="posting")
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "派驻"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="posting_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in PostingState]), name="posting_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status__in=[PostingState.PROPOSED.value, PostingState.DECLINED.value])
                | Q(home_confirmed_at__isnull=False, site_confirmed_at__isnull=False),
                name="posting_confirmed_twice",
            ),
            models.CheckConstraint(
                condition=Q(
                    status__in=[
                        PostingState.PROPOSED.value,
                        PostingState.CONFIRMED.value,
                        PostingState.DECLINED.value,
                    ]
                )
                | Q(post__isnull=False),
                name="posting_serves_in_a_post",
            ),
            no_overlap("posting_once_per_person", ["user"], ~Q(status__in=_OVER)),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["site", "status"], name="posting_site")]

    def __str__(self) -> str:
        return f"posting {self.pk}"

    @property
    def spoken_role(self) -> str:
        """As what somebody serves: the title where there is one."""
        return self.title.name if self.title is not None else Role(self.role).label

    def event_area_ids(self) -> list[int]:
        """The line down to the place."""
        return [area.pk for area in line_of(self.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above, or in the home unit."""
        return actor.post_above(self.area.path) or actor.post_at(None, self.home_unit_id), None


class OfPosting(Tied):
    """A row that hangs on one posting and is managed like it."""

    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    posting = models.ForeignKey(Posting, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    def event_area_ids(self) -> list[int]:
        """The line down to the place of the posting."""
        return self.posting.event_area_ids()

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """As for the posting."""
        return self.posting.event_tie(actor)


class LeaveRequestQuerySet(TiedQuerySet["LeaveRequest"]):
    """Requests and who decides them."""

    READ_WITH = ("posting__area__level", "posting__user", "stand_in")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """As of the posting, without the home unit."""
        return at_work_only(managed_under(actor, "posting__"))


class LeaveRequest(OfPosting):
    """请假单: from a day up to, not including, another, with a stand-in; approved, it becomes a `Leave` of the post."""

    subject_kind = "posted_leave"

    status = models.CharField(
        max_length=10,
        choices=[(state.value, LEAVE.labels[state]) for state in LeaveState],
        default=LeaveState.ASKED.value,
    )
    stand_in = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField("从哪天")
    ends_on = models.DateField("到哪天")
    asked_at = models.DateTimeField()
    leave = models.OneToOneField(Leave, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = LeaveRequestQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "请假单"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="posted_leave_ends_after_start"),
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in LeaveState]), name="posted_leave_status_known"
            ),
            models.UniqueConstraint(
                fields=["posting"], condition=Q(status=LeaveState.ASKED.value), name="posted_leave_once_asked"
            ),
        ]

    def __str__(self) -> str:
        return f"leave request {self.pk}"


class TeamMeetingQuerySet(TiedQuerySet["TeamMeeting"]):
    """Meetings of a team: who runs it calls them, who is posted with it or manages somebody of it reads them."""

    READ_WITH = ("team__area__level",)

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """ABOVE runs the team, SITE heads a place with somebody of it, PERSON was called.

        Of what was said of people there a home unit reads only what goes to it as a `HomePaper`.
        """
        below = area_below([seat.path for seat in offices_of(actor)])
        runs = PostedTeam.objects.filter(below).order_by().values("pk") if below is not None else None
        managed = managed_under(actor)
        ties: dict[str, Q | None] = {Tie.ABOVE: Q(team_id__in=runs) if runs is not None else None}
        ties |= {Tie.HOME: None, Tie.CLOCK: None}
        for tie in (Tie.PERSON, Tie.SITE):
            term = managed[tie]
            teams = Posting.objects.standing().filter(term).order_by().values("team_id") if term is not None else None
            ties[tie] = Q(team_id__in=teams) if teams is not None else None
        return ties


class TeamMeeting(Tied):
    """例会: when, where, about what; the minutes are words of its events, its tasks are work orders."""

    subject_kind = "team_meeting"
    TIES = Tie

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(PostedTeam, on_delete=models.PROTECT, related_name="meetings")
    status = models.CharField(
        max_length=10,
        choices=[(state.value, MEETING.labels[state]) for state in MeetingState],
        default=MeetingState.CALLED.value,
    )
    subject = models.CharField("议题", max_length=80)
    place = models.CharField("地点", max_length=60)
    starts_at = models.DateTimeField("时间")
    present_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)
    orders = models.ManyToManyField(WorkOrder, related_name="+", blank=True)

    objects = TeamMeetingQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "例会"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in MeetingState]), name="team_meeting_status_known"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["team", "-starts_at"], name="team_meeting_team")]

    def __str__(self) -> str:
        return f"meeting {self.pk}"

    def event_area_ids(self) -> list[int]:
        """The line of the office that runs the team."""
        return [area.pk for area in line_of(self.team.area)]

    def event_tie(self, actor: Actor) -> tuple[int | None, int | None]:
        """The seat nearest above, else any."""
        return actor.post_above(self.team.area.path) or actor.post_at(None, None), None


class SampleCheckQuerySet(TiedQuerySet["SampleCheck"]):
    """Drawn records and who looks at them."""

    READ_WITH = ("posting__area__level", "posting__user", "posting__team")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """As of the posting, without the home unit."""
        return at_work_only(managed_under(actor, "posting__"))


class SampleCheck(OfPosting):
    """抽查: one record of the work, drawn by a stated seed, held against what people on the spot say."""

    subject_kind = "posted_check"

    status = models.CharField(
        max_length=10,
        choices=[(state.value, CHECK.labels[state]) for state in CheckState],
        default=CheckState.DRAWN.value,
    )
    batch = models.UUIDField()
    seed = models.BigIntegerField()
    event_id = models.BigIntegerField()
    drawn_at = models.DateTimeField()

    objects = SampleCheckQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "抽查"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in CheckState]), name="posted_check_status_known"
            ),
            models.UniqueConstraint(fields=["batch", "event_id"], name="posted_check_once_in_batch"),
        ]

    def __str__(self) -> str:
        return f"check {self.pk}"


class HomePaperQuerySet(TiedQuerySet["HomePaper"]):
    """Papers; the home unit reads one once it is sent."""

    READ_WITH = ("posting__area__level", "posting__user", "posting__team", "posting__home_unit")

    def ties_of(self, actor: Actor) -> Mapping[str, Q | None]:
        """As of the posting, but nothing for the home unit before the person has seen it."""
        ties = managed_under(actor, "posting__")
        if (home := ties[Tie.HOME]) is not None:
            ties[Tie.HOME] = home & Q(status=PaperState.SENT.value)
        return ties


class PaperKind(models.TextChoices):
    """What a text to the home unit is."""

    YEAR = "year", "年度工作纪实"
    LETTER = "letter", "情况反馈"


class HomePaper(OfPosting):
    """致派出单位: a text about somebody that goes to the home unit only after the person has seen it."""

    subject_kind = "posted_paper"

    status = models.CharField(
        max_length=10,
        choices=[(state.value, PAPER.labels[state]) for state in PaperState],
        default=PaperState.DRAFTED.value,
    )
    kind = models.CharField(max_length=10, choices=PaperKind.choices)
    year = models.PositiveSmallIntegerField("年度")
    written_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = HomePaperQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "致派出单位"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(status__in=[state.value for state in PaperState]), name="posted_paper_status_known"
            ),
            models.UniqueConstraint(
                fields=["posting", "year"], condition=Q(kind=PaperKind.YEAR.value), name="posted_paper_once_a_year"
            ),
        ]

    def __str__(self) -> str:
        return f"paper {self.pk}"

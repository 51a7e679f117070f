"""What training tells: a lesson, new, moved or called off, a seat at last, a course that falls due, an answer.

Titles name courses, days and kinds of things, never what somebody wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.models import Area, Post
from louzhang.areas.queries import line_of
from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.register.scope import COMMUNITY_RANK
from louzhang.roster.lifecycle.training.lessons import TAKES_PART
from louzhang.roster.models.training import (
    CaseStory,
    Enrolment,
    Lesson,
    PeerAsk,
    Reminder,
    Studio,
    StudioMeeting,
    StudioMember,
    StudyPosting,
)
from louzhang.roster.queries.training.audience import Audience, audience_of

OWN, ENROLLED, MEMBERS, PERSON, OFFICE = "own", "enrolled", "members", "person", "office"
DUE, FREE, TRAINER = "due", "free", "trainer"
RULES: Mapping[str, tuple[Rule, ...]] = {
    Lesson.subject_kind: (
        Rule("plan", DUE, "training", "您该学的“{what}”排了一场：{when}，{where}"),
        Rule("plan", FREE, "training", "新排了一场培训：{what}，{when}，{where}"),
        Rule("plan", TRAINER, "training", "请您登记这场培训谁到了：{what}，{when}，{where}"),
        Rule("change", ENROLLED, "training", "培训改了时间或地点：{what}，{when}，{where}"),
        Rule("change", TRAINER, "training", "请您登记这场培训谁到了：{what}，{when}，{where}"),
        Rule("call_off", ENROLLED, "training", "培训取消了：{what}，原定 {when}"),
    ),
    Enrolment.subject_kind: (Rule("give_seat", OWN, "training", "您候补上了：{what}，{when}"),),
    Reminder.subject_kind: (
        Rule("remind", PERSON, "training_due", "请在 {when} 以前参加：{what}"),
        Rule("late", PERSON, "training_due", "“{what}”该在 {when} 以前参加，请看最近一场"),
    ),
    StudyPosting.subject_kind: (
        Rule("arrange", OWN, "study_posting", "给您安排了挂职学习：{when}去{what}"),
        Rule("call_off", OWN, "study_posting", "挂职学习取消了：{what}"),
        Rule("report", OFFICE, "study_posting", "挂职学习交了小结：{what}"),
    ),
    Studio.subject_kind: (
        Rule("join", PERSON, "studio", "您加入了工作室：{what}"),
        Rule("hand_on", PERSON, "studio", "请您来带工作室：{what}"),
    ),
    StudioMeeting.subject_kind: (
        Rule("call", MEMBERS, "studio", "工作室活动：{what}，{when}"),
        Rule("call_off", MEMBERS, "studio", "工作室活动取消了：{what}，原定 {when}"),
    ),
    CaseStory.subject_kind: (
        Rule("offer", OFFICE, "case_story", "有一个案例等人看", many="{count} 个案例等人看"),
        Rule("publish", OWN, "case_story", "您写的案例发布了"),
        Rule("return", OWN, "case_story", "您写的案例退回修改，请看理由"),
        Rule("report_abuse", OFFICE, "case_story", "案例下面有一条被举报，请看一下"),
    ),
    PeerAsk.subject_kind: (
        Rule("answer", OWN, "peer_ask", "有人回答了您在楼长交流里问的"),
        Rule("report_abuse", OFFICE, "peer_ask", "楼长交流里有一条被举报，请看一下"),
    ),
}


class _Rows:
    """One batch of events with their rows; a subclass says whom, which words, which address."""

    model: ClassVar[Any]
    with_rows: ClassVar[tuple[str, ...]]
    listed: ClassVar[str] = "training:mine"

    def __init__(self, events: Sequence[Event]) -> None:
        ids = {event.subject_id for event in events}
        self.rows = self.model.objects.select_related(*self.with_rows).in_bulk(ids)

    def row(self, event: Event) -> Any:
        """The row of an event."""
        return self.rows[event.subject_id]

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self.rows

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def words(self, event: Event) -> Mapping[str, str]:
        """Nothing, unless a subclass says more."""
        return {}

    def list_url(self, recipient: Recipient) -> str:
        """Where several of them stand."""
        return reverse(self.listed)

    def url(self, event: Event, recipient: Recipient) -> str:
        """The same, unless a subclass has a page for one."""
        return self.list_url(recipient)


def _people(ids: Iterable[int], event: Event) -> Iterator[Recipient]:
    """These people on the face of their posts; who has none now is not told."""
    posts = Post.objects.as_of(clock.local_date(event.happened_at)).filter(user_id__in=set(ids))
    roles: dict[int, set[str]] = {}
    for user_id, role in posts.values_list("user_id", "role"):
        roles.setdefault(user_id, set()).add(role)
    for user_id, held in roles.items():
        yield Recipient(face="field" if held & set(FIELD_ROLES) else "desk", user_id=user_id)


def _office(area: Area, event: Event) -> Iterator[Recipient]:
    """The office of the community around a place, else that of the place itself."""
    ids = [node.pk for node in line_of(area) if node.rank == COMMUNITY_RANK] or [area.pk]
    for each in seated_in(Q(area_id__in=ids, role__in=OFFICE_ROLES), clock.local_date(event.happened_at)):
        yield Recipient(face=each.face, user_id=each.user_id)


def _moment(at: datetime) -> str:
    local = clock.local(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


class Lessons(_Rows):
    """Lessons: whom a new one is for, whoever is enrolled, who enters the sheet."""

    model = Lesson
    with_rows = ("course", "area")

    def __init__(self, events: Sequence[Event]) -> None:
        super().__init__(events)
        self._audiences: dict[int, Audience] = {}

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """A new one those it is for; a moved or cancelled one everybody in it; one with more seats alone nobody."""
        row: Lesson = self.row(event)
        if to in (DUE, FREE):
            audience = self._audience(row, event)
            yield from _people(audience.due if to == DUE else audience.free, event)
        elif to == TRAINER:
            is_new = event.verb == "plan" or event.payload.get("has_new_trainer")
            yield from _people([row.trainer_account_id] if row.trainer_account_id and is_new else [], event)
        elif event.verb == "call_off" or event.payload.get("moved"):
            yield from _people({*self._in_it(row), *filter(None, [row.trainer_account_id])}, event)

    def _audience(self, row: Lesson, event: Event) -> Audience:
        """Asked once for both kinds of people."""
        if row.pk not in self._audiences:
            self._audiences[row.pk] = audience_of(row, event.happened_at)
        return self._audiences[row.pk]

    def _in_it(self, row: Lesson) -> Iterable[int]:
        rows = Enrolment.objects.filter(lesson=row, status__in=[state.value for state in TAKES_PART])
        return rows.values_list("user_id", flat=True)

    def words(self, event: Event) -> Mapping[str, str]:
        """The course, the moment, the place."""
        row = self.row(event)
        return {"what": row.course.name, "when": _moment(row.starts_at), "where": row.place}

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:lesson", args=[self.row(event).uid])


class Enrolments(_Rows):
    """Enrolments: whose it is."""

    model = Enrolment
    with_rows = ("lesson__course",)

    def told(self, _to: str, event: Event) -> Iterator[Recipient]:
        """Who waited."""
        yield from _people([self.row(event).user_id], event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The course and the moment."""
        lesson = self.row(event).lesson
        return {"what": lesson.course.name, "when": _moment(lesson.starts_at)}

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the lesson."""
        return reverse("training:lesson", args=[self.row(event).lesson.uid])


class Reminders(_Rows):
    """Reminders: who lacks the course, and nobody else."""

    model = Reminder
    with_rows = ("rule__course", "post")

    def told(self, _to: str, event: Event) -> Iterator[Recipient]:
        """The holder of the post."""
        yield from _people([self.row(event).post.user_id], event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The course and the day."""
        row = self.row(event)
        return {"what": row.rule.course.name, "when": _day(row.due_on)}


class Postings(_Rows):
    """Postings to learn: whose it is, or the office."""

    model = StudyPosting
    with_rows = ("area__level",)
    listed = "training:postings"

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who goes, or the community."""
        row = self.row(event)
        yield from _people([row.user_id], event) if to == OWN else _office(row.area, event)

    def words(self, event: Event) -> Mapping[str, str]:
        """Where to and when."""
        row = self.row(event)
        return {"what": row.host, "when": f"{_day(row.starts_on)}起"}

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:posting", args=[self.row(event).uid])


class Studios(_Rows):
    """Studios: who has just joined, or is to lead one."""

    model = Studio
    with_rows = ("area",)
    listed = "training:studios"

    def told(self, _to: str, event: Event) -> Iterator[Recipient]:
        """The new member, the new lead."""
        yield from _people([int(event.payload["lead" if event.verb == "hand_on" else "user"])], event)

    def words(self, event: Event) -> Mapping[str, str]:
        """Its name."""
        return {"what": self.row(event).name}

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:studio", args=[self.row(event).uid])


class Meetings(_Rows):
    """Meetings of studios: their members."""

    model = StudioMeeting
    with_rows = ("studio",)
    listed = "training:studios"

    def told(self, _to: str, event: Event) -> Iterator[Recipient]:
        """Everybody who learns there."""
        rows = StudioMember.objects.as_of(clock.local_date(event.happened_at)).filter(studio=self.row(event).studio)
        yield from _people(rows.values_list("user_id", flat=True), event)

    def words(self, event: Event) -> Mapping[str, str]:
        """The studio and the moment."""
        row = self.row(event)
        return {"what": row.studio.name, "when": _moment(row.starts_at)}

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:meeting", args=[self.row(event).uid])


class Cases(_Rows):
    """Cases: who wrote one, or the office over their place; of a report nobody learns who made it."""

    model = CaseStory
    with_rows = ("area__level",)
    listed = "training:cases"

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The writer, or those who look it through (never the writer)."""
        row = self.row(event)
        if to == OWN:
            yield from _people([row.author_id], event)
        else:
            yield from (each for each in _office(row.area, event) if each.user_id != row.author_id)

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:case", args=[self.row(event).uid])


class Asks(_Rows):
    """Questions: who asked, or the office over their place."""

    model = PeerAsk
    with_rows = ("area__level",)
    listed = "training:asks"

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Who asked, or who keeps order."""
        row = self.row(event)
        yield from _people([row.asker_id], event) if to == OWN else _office(row.area, event)

    def url(self, event: Event, recipient: Recipient) -> str:
        """Its page."""
        return reverse("training:ask", args=[self.row(event).uid])


_SOURCES: tuple[type[Any], ...] = (Lessons, Enrolments, Reminders, Postings, Studios, Meetings, Cases, Asks)
BOOKS: Mapping[str, Rulebook] = {
    source.model.subject_kind: Rulebook(rules=RULES[source.model.subject_kind], open_batch=source)
    for source in _SOURCES
}

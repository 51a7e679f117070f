"""What postings tell: the managers what waits for them, the person every step that is about them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Q
from django.urls import reverse

from louzhang.areas.queries.seated import seated_in
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, Role
from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.notices.actions import Recipient
from louzhang.notices.rules import Rule, Rulebook
from louzhang.roster.models.posted import HomePaper, LeaveRequest, Posting, SampleCheck, TeamMeeting

PERSON, HOME, SITE, ABOVE = "person", "home", "site", "above"
POSTING_RULES = (
    Rule("propose", PERSON, "posting", "单位和接收地正在确认您的派驻：{what}"),
    Rule("propose", HOME, "posting", "有人要从本单位派出，请确认：{what}", many="{count} 个派驻等确认"),
    Rule("propose", SITE, "posting", "有人要派到这里，请确认：{what}", many="{count} 个派驻等确认"),
    Rule("confirm_home", ABOVE, "posting", "两边都确认了，可以报到上岗：{what}", led_to="confirmed"),
    Rule("confirm_site", ABOVE, "posting", "两边都确认了，可以报到上岗：{what}", led_to="confirmed"),
    Rule("decline", ABOVE, "posting", "派驻没有成，请看理由：{what}"),
    Rule("decline", PERSON, "posting", "派驻没有成：{what}"),
    *(Rule("take_back", to, "posting", "派驻的提议收回了：{what}") for to in (PERSON, HOME, SITE)),
    Rule("lapse", ABOVE, "posting", "任期过了，派驻没有成：{what}"),
    Rule("take_up", PERSON, "posting", "您的派驻开始了：{what}"),
    Rule("take_up", HOME, "posting", "本单位派出的人已报到：{what}"),
    Rule("question", PERSON, "posting", "有人提出结束您的派驻，请先说明情况：{what}"),
    Rule("question", HOME, "posting", "有人提出召回或撤回：{what}"),
    Rule("be_heard", ABOVE, "posting", "本人已经说明，等决定：{what}"),
    Rule("keep", PERSON, "posting", "决定继续任职：{what}"),
    Rule("call_back", PERSON, "posting", "决定结束派驻，请看理由：{what}"),
    Rule("call_back", HOME, "posting", "派驻结束了：{what}"),
    Rule("expire", PERSON, "posting", "派驻期满：{what}"),
    Rule("expire", HOME, "posting", "派驻期满：{what}"),
)
LEAVE_RULES = (
    Rule("ask", SITE, "posted_leave", "派驻的人请假，等批准：{what}"),
    Rule("approve", PERSON, "posted_leave", "请假批准了：{what}"),
    Rule("refuse", PERSON, "posted_leave", "请假没有批准，请看理由：{what}"),
)
MEETING_RULES = (
    Rule("call", PERSON, "team_meeting", "通知开会：{what}"),
    Rule("cancel", PERSON, "team_meeting", "会议取消了：{what}"),
    Rule("hold", PERSON, "team_meeting", "会议记录出来了：{what}"),
)
CHECK_RULES = (
    Rule("fault", PERSON, "posted_check", "抽查有出入，请回应：{what}"),
    Rule("answer", ABOVE, "posted_check", "抽查有了回应：{what}"),
    Rule("close", PERSON, "posted_check", "抽查了结了：{what}"),
)
PAPER_RULES = (
    Rule("show", PERSON, "posted_paper", "给派出单位的材料写好了，请您先看：{what}"),
    Rule("see", ABOVE, "posted_paper", "本人看过了，可以送派出单位：{what}"),
    Rule("send", HOME, "posted_paper", "收到派驻材料：{what}"),
    Rule("assess", PERSON, "posted_paper", "派出单位写了意见：{what}"),
)


class _OfPostings:
    """One batch of rows that hang on a posting; a class says which table, and how the posting is reached."""

    TABLE: ClassVar[type[Any]]
    READ_WITH: ClassVar[tuple[str, ...]] = ("posting__area__level", "posting__team__area", "posting__site")

    def __init__(self, events: Sequence[Event]) -> None:
        rows = self.TABLE.objects.select_related(*self.READ_WITH)
        self._rows = rows.in_bulk({event.subject_id for event in events})

    def posting_of(self, event: Event) -> Posting:
        """The posting behind an event."""
        posting: Posting = self._rows[event.subject_id].posting
        return posting

    def knows(self, event: Event) -> bool:
        """Whether it is there."""
        return event.subject_id in self._rows

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """The person, or one of those who manage; never who did it."""
        posting = self.posting_of(event)
        if to == PERSON:
            face = "field" if posting.role in FIELD_ROLES else "desk"
            found = [Recipient(face=face, user_id=posting.user_id)]
        else:
            found = list(_managers(to, posting, event))
        yield from (each for each in found if each.user_id != event.user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """The team and the place, no name."""
        posting = self.posting_of(event)
        return {"what": f"{posting.team.name}，{posting.area.name}"}

    def is_urgent(self, event: Event) -> bool:
        """Never."""
        return False

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the posting."""
        return reverse("posted:one", args=[self.posting_of(event).uid])

    def list_url(self, recipient: Recipient) -> str:
        """All of them."""
        return reverse("posted:teams")


def _managers(to: str, posting: Posting, event: Event) -> Iterator[Recipient]:
    seats = {
        HOME: Q(unit_id=posting.home_unit_id, role=Role.UNIT_LEAD),
        SITE: Q(area_id=posting.site_id, role=Role.SECRETARY),
        ABOVE: Q(area_id=posting.team.area_id, role__in=OFFICE_ROLES),
    }
    for each in seated_in(seats[to], clock.local_date(event.happened_at)):
        yield Recipient(face=each.face, user_id=each.user_id)


class Postings(_OfPostings):
    """Postings themselves."""

    TABLE = Posting
    READ_WITH = ("area__level", "team__area", "site")

    def posting_of(self, event: Event) -> Posting:
        """The row itself."""
        posting: Posting = self._rows[event.subject_id]
        return posting


class Leaves(_OfPostings):
    """Requests for leave."""

    TABLE = LeaveRequest


class Checks(_OfPostings):
    """Drawn records."""

    TABLE = SampleCheck


class Papers(_OfPostings):
    """Texts to the home unit."""

    TABLE = HomePaper

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the text."""
        return reverse("posted:paper", args=[self._rows[event.subject_id].uid])


class Meetings(_OfPostings):
    """Meetings: everybody who serves in the team."""

    TABLE = TeamMeeting
    READ_WITH = ("team__area",)

    def told(self, to: str, event: Event) -> Iterator[Recipient]:
        """Everybody posted with the team now."""
        rows = Posting.objects.standing().exclude(post=None).filter(team_id=self._rows[event.subject_id].team_id)
        for posting in rows.order_by("pk"):
            if posting.user_id != event.user_id:
                face = "field" if posting.role in FIELD_ROLES else "desk"
                yield Recipient(face=face, user_id=posting.user_id)

    def words(self, event: Event) -> Mapping[str, str]:
        """What about, and where."""
        row = self._rows[event.subject_id]
        return {"what": f"{row.subject}，{row.place}"}

    def url(self, event: Event, recipient: Recipient) -> str:
        """The page of the meeting."""
        return reverse("posted:meeting", args=[self._rows[event.subject_id].uid])


BOOKS = {
    Posting.subject_kind: Rulebook(rules=POSTING_RULES, open_batch=Postings),
    LeaveRequest.subject_kind: Rulebook(rules=LEAVE_RULES, open_batch=Leaves),
    TeamMeeting.subject_kind: Rulebook(rules=MEETING_RULES, open_batch=Meetings),
    SampleCheck.subject_kind: Rulebook(rules=CHECK_RULES, open_batch=Checks),
    HomePaper.subject_kind: Rulebook(rules=PAPER_RULES, open_batch=Papers),
}

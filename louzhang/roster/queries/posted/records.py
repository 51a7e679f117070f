"""工作记录: what somebody did in a posting, by the journal; nobody writes it twice (R10 工作纪实)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from louzhang.journal.models import Event
from louzhang.kit import clock
from louzhang.roster.models.posted import PostedTeam, Posting

RECORDS_AT_MOST = 5000
# Kind of subject and verb: what counts as a record of work, in words. Looking and signing in never do.
COUNTED: dict[tuple[str, str], str] = {
    ("visit", "visit"): "走访一户",
    ("workorder", "report"): "上报一件事",
    ("workorder", "take"): "签收工单",
    ("workorder", "accept"): "受理一件事",
    ("workorder", "dispatch"): "派出工单",
    ("workorder", "settle"): "办结工单",
    ("workorder", "settle_on_spot"): "现场办结",
    ("workorder", "report_back"): "反馈办理结果",
    ("inquiry", "answer"): "回答居民提问",
    ("mediation", "start"): "发起调解",
    ("mediation", "talk"): "调解谈话",
    ("mediation", "agree"): "调解达成协议",
    ("patrol", "confirm"): "巡查到点位",
    ("patrol", "fault"): "巡查发现问题",
    ("errand", "take"): "接下代办",
    ("errand", "hand_over"): "代办办好交回",
    ("need", "raise"): "记下需求",
    ("site", "check"): "检查点位",
    ("good_deed", "tell"): "记下好人好事",
    ("work_log", "send"): "交工作日志",
}
_KINDS = sorted({kind for kind, _ in COUNTED})
_VERBS = sorted({verb for _, verb in COUNTED})


@dataclass(frozen=True, slots=True)
class Record:
    """One thing somebody did in a posting."""

    event_id: int
    posting: Posting
    at: datetime
    label: str

    @property
    def user_id(self) -> int:
        """Whose record it is."""
        return self.posting.user_id

    @property
    def day(self) -> date:
        """The day it happened on, in the district."""
        return clock.local_date(self.at)


@dataclass(frozen=True, slots=True)
class Presence:
    """One week: on how many days there is a record, of how many that the district's rule asks for.

    Days are counted from the work itself; nobody signs in, and a day without a record is asked about, not scored.
    """

    monday: date
    days: int
    asked: int


def records_of(posting: Posting, since: date, until: date) -> list[Record]:
    """A posting's records from a day up to, not including, another, the newest first (one query)."""
    return list(_records([posting], since, until))


def records_between(team: PostedTeam, since: date, until: date) -> list[Record]:
    """The same of a whole team."""
    postings = list(Posting.objects.filter(team=team).exclude(post=None).select_related("user", "area"))
    return list(_records(postings, since, until))


def _records(postings: Sequence[Posting], since: date, until: date) -> Iterator[Record]:
    by_user = {each.user_id: each for each in postings if each.post_id is not None}
    if not by_user:
        return
    start, end = clock.day_start(since), clock.day_start(until)
    events = Event.objects.filter(
        user_id__in=sorted(by_user), recorded_at__gte=start, happened_at__gte=start, happened_at__lt=end,
        subject_kind__in=_KINDS, verb__in=_VERBS,
    ).order_by("-happened_at", "-pk")  # fmt: skip
    for event in events[:RECORDS_AT_MOST]:
        posting = by_user[event.user_id or 0]
        label = COUNTED.get((event.subject_kind, event.verb))
        # By the post where the event names one, otherwise by the place: somebody may hold another post elsewhere.
        is_in_it = event.post_id == posting.post_id or (event.post_id is None and posting.area_id in event.area_ids)
        if label is not None and is_in_it:
            yield Record(event.pk, posting, event.happened_at, label)


def counted(records: Sequence[Record]) -> list[tuple[str, int]]:
    """How often each thing was done, the most frequent first."""
    counts: dict[str, int] = {}
    for each in records:
        counts[each.label] = counts.get(each.label, 0) + 1
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def presence_of(posting: Posting, records: Sequence[Record], today: date, weeks: int = 8) -> list[Presence]:
    """On how many days of each of the last weeks there is a record, this week first; none before the start."""
    days = {each.day for each in records}
    monday = today - timedelta(days=today.weekday())
    found = []
    for back in range(weeks):
        first = monday - timedelta(weeks=back)
        if first + timedelta(days=7) <= posting.starts_on:
            break
        found.append(
            Presence(first, sum(first + timedelta(days=n) in days for n in range(7)), posting.team.days_a_week)
        )
    return found

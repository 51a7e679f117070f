"""One posting: presence, record, leave, and a text to the home unit begun from it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound
from louzhang.register.views.frame import page
from louzhang.roster.actions import posted as actions
from louzhang.roster.forms.posted import (
    PaperForm,
    PostedLeaveForm,
)
from louzhang.roster.lifecycle.posted import STANDING, Tie
from louzhang.roster.models.posted import Posting
from louzhang.roster.queries.posted import reading, records
from louzhang.roster.queries.training.dues import due_for
from louzhang.roster.views.posted.frame import LABELS, drawn, for_posted, verbs_for

RECORD_DAYS = 60


@require_safe
@for_posted
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One posting, as much of it as the reader's tie allows: the home unit reads no record of the work."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    today = clock.local_date(at)
    at_work = bool(row.relations_now & {Tie.PERSON, Tie.SITE, Tie.ABOVE})
    done = records.records_of(row, today - timedelta(days=RECORD_DAYS), today + timedelta(days=1)) if at_work else []
    is_own = Tie.PERSON in row.relations_now
    context = {
        "posting": row,
        "strengths": [LABELS[each] for each in row.strengths] if at_work else [],
        "role": row.spoken_role,
        "is_own": is_own,
        "at_work": at_work,
        "counted": records.counted(done),
        "days": _by_day(done)[:14],
        "presence": records.presence_of(row, done, today) if at_work else [],
        "leaves": [(each, verbs_for("leave", each)) for each in reading.leaves_of(actor, row)],
        "checks": drawn(reading.checks_of(actor, row)),
        "papers": reading.papers_of(actor, row),
        "meetings": reading.meetings_of(actor, row.team)[:5] if at_work else [],
        "dues": due_for(row.user, at) if at_work and row.status in STANDING else [],
        "said": reading.said_about(row),
        "verbs": verbs_for("posting", row),
        "may_leave": is_own and row.status == "serving",
        "may_write": not is_own and bool(row.relations_now & {Tie.SITE, Tie.ABOVE}) and row.post_id is not None,
        "now": at,
        "back_url": reverse("posted:teams"),
    }
    return page(request, "roster/posted/one.html", context)


def _by_day(done: list[records.Record]) -> list[tuple[date, list[tuple[str, int]]]]:
    days: dict[date, list[records.Record]] = {}
    for each in done:
        days.setdefault(each.day, []).append(each)
    return [(day, records.counted(each)) for day, each in days.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def leave(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask for leave."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    if Tie.PERSON not in row.relations_now:
        raise NotYours("请假由本人来提。")
    initial = {"entry_id": uuid4(), "starts_on": clock.local_date(at)}
    form = PostedLeaveForm(bound(request), posting=row, at=at, initial=initial)
    back = reverse("posted:one", args=[uid])

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        actions.ask_posted_leave(posting_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return back

    about = "不用写为什么。接收地的负责人批准以后，到那天起由替岗人来办。"
    return act(request, form, do, label="请假", back=back, said="交上去了，等批准。", about=about)


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def write(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin a text to the home unit, with what the records say laid down first."""
    actor, at = actor_of(request), clock.now()
    row = reading.find_posting(actor, uid)
    today = clock.local_date(at)
    year = reading.year_of(today)
    initial = {"entry_id": uuid4(), "year": year, "kind": "year", "words": _first_words(row, year)}
    form = PaperForm(bound(request), initial=initial)

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        paper = actions.draft_paper(posting_id=row.pk, actor=actor, at=moment, entry_id=entry, **said)
        return reverse("posted:paper", args=[paper.uid])

    about = f"{row.user.name}，派出单位 {row.home_unit.name}"
    back = reverse("posted:one", args=[uid])
    return act(request, form, do, label="写给派出单位", back=back, said="写好了，下一步请本人看。", about=about)


def _first_words(row: Posting, year: int) -> str:
    """What the journal says of a year, one line a kind of work: a beginning to write on."""
    done = records.records_of(row, date(year, 1, 1), date(year + 1, 1, 1))
    days = len({each.day for each in done})
    lines = [f"{label} {count} 次" for label, count in records.counted(done)]
    return "\n".join([f"{year} 年有工作记录的日子 {days} 天。", *lines]) if done else ""

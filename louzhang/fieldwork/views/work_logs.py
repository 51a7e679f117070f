"""工作纪实: one's own days on the phone; what was sent, read and answered at the desk, as a file and on paper."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.spoken import spoken_places
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.fieldwork.actions.work_logs import (
    DAYS_BACK,
    NO_DAY,
    OFFICE_VERBS,
    comment_log,
    may_write_on,
    read_log,
    send_log,
    take_back,
    turn_into_order,
    write_log,
)
from louzhang.fieldwork.forms.work_logs import CommentForm, LogFaultForm, SentenceForm
from louzhang.fieldwork.lifecycle.work_logs import LogState, Tie
from louzhang.fieldwork.models import WorkLog
from louzhang.fieldwork.queries.patrols import counted_day
from louzhang.fieldwork.queries.work_logs import (
    count_holders,
    find_log,
    live_lines,
    own_log,
    own_logs,
    sent_logs,
    spoken_in,
    verbs_now,
)
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.doorstep import for_field
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell.parts import Item

for_offices = for_roles(*OFFICE_ROLES)
HEAD = ("日期", "地方", "职务", "姓名", "做了什么", "自己写的", "批注", "到哪一步")
LONG = 500


@require_safe
@for_field
def mine(request: HttpRequest) -> HttpResponse:
    """The own days of a month; today on top."""
    actor, today = actor_of(request), clock.local_date(clock.now())
    logs = own_logs(actor)
    known = {log.day for log in logs}
    context = {
        "logs": logs,
        "today": today,
        "has_today": today in known,
        "missing": [day for back in range(1, DAYS_BACK) if (day := today - timedelta(days=back)) not in known][:3],
        "back_url": reverse("field:today"),
    }
    return page(request, "fieldwork/logs/mine.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def day(request: HttpRequest, day: str) -> HttpResponse:
    """One own day: what the program wrote, a sentence, sending it."""
    actor, which = actor_of(request), _day_of(day)
    log = own_log(actor, which)
    if log is None and not may_write_on(which, clock.now()):
        raise NotThere(NO_DAY)
    spoken = spoken_in([log])[log.pk] if log is not None else None
    first = {"entry_id": uuid4(), "sentence": spoken.sentence if spoken is not None else ""}
    form = SentenceForm(bound(request), initial=first)
    here = reverse("logs:day", args=[which.isoformat()])
    is_draft = log is None or log.status == LogState.DRAFT
    is_kept = "keep" in request.POST

    def do(said: dict[str, Any], at: Any) -> str:
        action = write_log if is_kept else send_log
        action(day=which, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    lines = live_lines(actor.user_id, which) if is_draft and actor.user_id else list(log.lines if log else [])
    more: dict[str, Any] = {
        "log": log,
        "day": which,
        "is_draft": is_draft,
        "lines": lines,
        "spoken": spoken,
        "counted": counted_day(actor, which),
        "may_take_back": log is not None and log.status == LogState.SENT,
    }
    said = "存好了，还没有发。" if is_kept else "已发给社区。"
    return act(request, form, do, label="发出", back=reverse("logs:mine"), said=said,
               template="fieldwork/logs/day.html", **more)  # fmt: skip


def _day_of(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise NotThere("没有这一天，请从列表里选。") from None


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def own_fault(request: HttpRequest, day: str) -> HttpResponse:
    """A fault in the own log: an order at once."""
    which = _day_of(day)
    back = reverse("logs:day", args=[which.isoformat()])
    words = request.GET.get("words", "")[:LONG]
    return _fault(request, which, None, back, words)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keepers
def fault(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A fault in a log that was sent."""
    log = find_log(actor_of(request), uid)
    return _fault(request, log.day, log, reverse("logs:one", args=[uid]), spoken_in([log])[log.pk].sentence)


def _fault(request: HttpRequest, which: date, log: WorkLog | None, back: str, words: str) -> HttpResponse:
    actor = actor_of(request)
    form = LogFaultForm(bound(request), actor=actor, initial={"entry_id": uuid4(), "words": words})

    def do(said: dict[str, Any], at: Any) -> str:
        entry_id = form.cleaned_data["entry_id"]
        uid = log.uid if log is not None else None
        turn_into_order(day=which, log_uid=uid, actor=actor, at=at, entry_id=entry_id, **said)
        return back

    return act(
        request, form, do, label="变成工单", about="纪实里的问题，马上交社区受理。", back=back, said="已变成工单。"
    )


@require_safe
@for_keepers
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One that was sent; the own one stands under its day."""
    actor = actor_of(request)
    log = find_log(actor, uid)
    is_office = Tie.DESK in log.relations_now
    context = {
        "log": log,
        "place": spoken_places([log.area])[log.area_id],
        "spoken": spoken_in([log])[log.pk],
        "verbs": verbs_now(log),
        "is_office": is_office,
        "form": CommentForm(initial={"entry_id": uuid4()}),
        "entry_id": uuid4(),
        "back_url": f"{reverse('logs:sent')}?day={log.day.isoformat()}" if is_office else reverse("logs:mine"),
    }
    return page(request, "fieldwork/logs/one.html", context)


@require_POST
@for_keepers
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Read, comment, close; the holder takes back."""
    actor, at = actor_of(request), clock.now()
    log = find_log(actor, uid)
    if verb == "take_back":
        back = reverse("logs:day", args=[log.day.isoformat()])
        return tapped(request, back, lambda: take_back(log_id=log.pk, actor=actor, at=at), "收回来了，改好再发。")
    if verb not in OFFICE_VERBS:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    here = reverse("logs:one", args=[uid])
    if verb == "comment":
        words = request.POST.get("comment", "")
        return tapped(
            request, here, lambda: comment_log(log_id=log.pk, comment=words, actor=actor, at=at), "批好了，本人能看到。"
        )
    action: Any = OFFICE_VERBS[verb]
    return tapped(request, here, lambda: action(log_id=log.pk, actor=actor, at=at), "记下了。")


@require_safe
@for_offices
def sent(request: HttpRequest) -> HttpResponse:
    """What was sent of a day: by place, with how many of how many; who has not is nobody's list."""
    actor, which, today = actor_of(request), _asked_day(request), clock.local_date(clock.now())
    logs = sent_logs(actor, which)
    spoken, places = spoken_in(logs), spoken_places(log.area for log in logs)
    context = {
        "rows": [(log, spoken[log.pk], places[log.area_id]) for log in logs],
        "holders": count_holders(actor, which),
        "unread": sum(log.status == LogState.SENT for log in logs),
        "day": which,
        "days": [
            Item(
                label="今天" if each == today else f"{each:%m-%d}",
                url=f"?day={each.isoformat()}",
                current=each == which,
            )
            for each in (today - timedelta(days=back) for back in range(7))
        ],
        "exports": export_items("logs:file", day=which.isoformat()),
    }
    return page(request, "fieldwork/logs/sent.html", context)


def _asked_day(request: HttpRequest) -> date:
    typed = request.GET.get("day", "")
    return _day_of(typed) if typed else clock.local_date(clock.now())


@require_POST
@for_offices
def read_all(request: HttpRequest) -> HttpResponse:
    """All of a day were read."""
    actor, at = actor_of(request), clock.now()
    which = _day_of(request.POST.get("day", ""))
    for log in sent_logs(actor, which):
        if log.status == LogState.SENT:
            read_log(log_id=log.pk, actor=actor, at=at)
    back = f"{reverse('logs:sent')}?day={which.isoformat()}"
    return tapped(request, back, lambda: None, "都记为已阅了。")


@require_safe
@for_offices
def file(request: HttpRequest) -> HttpResponseBase:
    """The logs of a day as xlsx or CSV."""
    actor, which = actor_of(request), _asked_day(request)
    return list_file(request, f"工作纪实 {which.isoformat()}", HEAD, _lines(actor, which))


def _lines(actor: Actor, which: date) -> list[tuple[object, ...]]:
    logs = sent_logs(actor, which)
    spoken, places = spoken_in(logs), spoken_places(log.area for log in logs)
    return [
        (
            log.day.isoformat(),
            places[log.area_id],
            str(log.post.title or log.post.get_role_display()),
            log.holder.name,
            "\n".join(line["text"] for line in log.lines),
            spoken[log.pk].sentence,
            "\n".join(word.words for word in spoken[log.pk].words if word.words),
            log.status_label,
        )
        for log in logs
    ]


@require_safe
@for_keepers
def printed(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One day on an A4."""
    log = find_log(actor_of(request), uid)
    context = {
        "log": log,
        "place": spoken_places([log.area])[log.area_id],
        "spoken": spoken_in([log])[log.pk],
        "back_url": reverse("logs:one", args=[uid]),
    }
    return render(request, "fieldwork/logs/print.html", context)

"""热线回传: the answers that wait to be told to the hotline, taken as one file, put back when it went wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.views.list_files import book_file
from louzhang.journal.refusals import Conflict
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.shell import toasts
from louzhang.workorders.actions.exchange import send_replies, take_replies_back
from louzhang.workorders.queries.exchange import ReplyLine, replies_seen, reply_lines, taken_batches
from louzhang.workorders.views.desk import desk_page, for_offices

SHOWN = 50
HEAD = ("热线工单号", "本系统单号", "办理结果", "答复内容", "承办单位", "办结时间", "答复时间")


class BatchForm(forms.Form):
    """Which taking: the moment of it."""

    sent_at = forms.CharField(max_length=40)

    def clean_sent_at(self) -> datetime:
        """The moment as it was written into the page."""
        try:
            return datetime.fromisoformat(self.cleaned_data["sent_at"]).astimezone(UTC)
        except (ValueError, OverflowError):
            raise forms.ValidationError("这一批认不出来，请刷新页面。") from None


@require_safe
@for_offices
def replies(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first, and what oneself has taken lately."""
    actor = actor_of(request)
    waiting = list(replies_seen(actor).filter(sent_at=None).order_by("pk")[: SHOWN + 1])
    context = {
        "lines": reply_lines(waiting[:SHOWN]),
        "is_more": len(waiting) > SHOWN,
        "batches": [{"at": at, "count": count} for at, count in taken_batches(actor)],
    }
    return desk_page(request, "workorders/desk/hotline.html", context)


@require_POST
@for_offices
def take(request: HttpRequest) -> HttpResponse:
    """All that waits as one workbook; from then on it counts as told."""
    actor, at = actor_of(request), visit_of(request).at
    if not replies_seen(actor).filter(sent_at=None).exists():
        raise Conflict("没有待回传的答复，可能刚被同事导出。请刷新页面。")
    lines = reply_lines(send_replies(actor=actor, at=at))
    return book_file(f"热线回传-{clock.local(at):%Y%m%d-%H%M}", book_of({"回传": [HEAD, *map(_cells, lines)]}))


@require_POST
@for_offices
def put_back(request: HttpRequest) -> HttpResponse:
    """The replies of one of one's own takings wait again."""
    form = BatchForm(request.POST)
    if not form.is_valid():
        raise Conflict("这一批认不出来，请刷新页面后再试。")
    count = take_replies_back(sent_at=form.cleaned_data["sent_at"], actor=actor_of(request))
    response = HttpResponseRedirect(reverse("desk:hotline"))
    toasts.say(request, response, f"{count} 条答复放回了待回传。")
    return response


def _cells(line: ReplyLine) -> tuple[str, ...]:
    settled = f"{clock.local(line.settled_at):%Y-%m-%d %H:%M}" if line.settled_at else ""
    ready = f"{clock.local(line.ready_at):%Y-%m-%d %H:%M}"
    return (line.hotline_number, line.number, line.result, line.words, line.unit, settled, ready)

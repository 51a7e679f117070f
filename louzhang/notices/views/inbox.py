"""The inbox: lines that open what they are about; marked when opened, or all at once."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of, visit_of
from louzhang.areas.roles import FIELD_ROLES, OFFICE_ROLES, UNIT_ROLES
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor, Page, page_of
from louzhang.notices import queries
from louzhang.notices.actions import mark_all_read, mark_read
from louzhang.notices.menu import DESK_ROLES
from louzhang.notices.models import Notice
from louzhang.notices.untraced import is_untraced
from louzhang.shell import toasts

PAGE_SIZE = 30
# The inbox of each face: where a form leads back to.
FACES = {"phone": "notices:inbox", "field": "notices:field_inbox", "desk": "notices:desk_inbox"}


@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """A resident's, by account or by phone."""
    return _page(request, "phone")


@for_roles(*FIELD_ROLES, *UNIT_ROLES, *OFFICE_ROLES)
@require_GET
def field_inbox(request: HttpRequest) -> HttpResponse:
    """A worker's, on the phone."""
    return _page(request, "field")


@for_roles(*DESK_ROLES)
@require_GET
def desk_inbox(request: HttpRequest) -> HttpResponse:
    """The same at the desk."""
    return _page(request, "desk")


def _page(request: HttpRequest, face: str) -> HttpResponse:
    actor = actor_of(request)
    page = _asked_for(request, queries.inbox(actor))
    context: dict[str, Any] = {
        "base": f"shell/{face}.html",
        "face": face,
        "page": page,
        "has_unread": any(notice.read_at is None for notice in page.rows),
        "now": clock.now(),
    }
    return render(request, "notices/inbox.html", context)


def _asked_for(request: HttpRequest, rows: Any) -> Page[Notice]:
    try:
        return page_of(rows, cursor=request.GET.get("cursor"), size=PAGE_SIZE, order=("-id",))
    except BadCursor as refusal:
        raise InputRefused(str(refusal), field="cursor") from None


@require_POST
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark one line as read and go to what it is about; of some kinds nothing is noted at all."""
    notice = mark_read(notice_id=notice_id, actor=actor_of(request), at=clock.now())
    if is_untraced(notice.kind):
        visit_of(request).leaves_no_trace = True
    return redirect(notice.url)


@require_POST
def read_all(request: HttpRequest, face: str) -> HttpResponse:
    """Mark everything as read."""
    count = mark_all_read(actor=actor_of(request), at=clock.now())
    response = redirect(FACES.get(face, "notices:inbox"))
    toasts.say(request, response, f"{count} 条消息已读。" if count else "没有未读的消息。")
    return response

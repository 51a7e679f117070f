"""Every verb of a posting and of what hangs on it, each on a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.journal.walker import refuse_unless_open
from louzhang.register.views.acts import act, bound
from louzhang.roster.actions import posted as actions
from louzhang.roster.forms.posted import (
    MoveForm,
)
from louzhang.roster.models.posted import Posting, TeamMeeting
from louzhang.roster.queries.posted import reading
from louzhang.roster.views.posted.frame import for_posted

Finder = Callable[[Actor, UUID], Any]
# Kind in the address: how one is found, the row's name in the action, where its page is.
KINDS: Mapping[str, tuple[Finder, str, Mapping[str, Callable[..., Any]]]] = {
    "posting": (
        reading.find_posting,
        "posting_id",
        {
            "confirm_home": actions.confirm_home,
            "confirm_site": actions.confirm_site,
            "decline": actions.decline_posting,
            "take_back": actions.take_back_posting,
            "take_up": actions.take_up,
            "question": actions.question_posting,
            "be_heard": actions.be_heard,
            "note_silence": actions.note_silence,
            "keep": actions.keep_posting,
            "call_back": actions.call_back,
        },
    ),
    "leave": (
        reading.find_leave,
        "leave_id",
        {
            "approve": actions.approve_leave,
            "refuse": actions.refuse_leave,
            "take_back": actions.take_back_leave,
        },
    ),
    "meeting": (
        reading.find_meeting,
        "meeting_id",
        {"hold": actions.hold_meeting, "give_task": actions.give_task, "cancel": actions.cancel_meeting},
    ),
    "check": (
        reading.find_check,
        "check_id",
        {
            "confirm": actions.confirm_check,
            "fault": actions.fault_check,
            "answer": actions.answer_check,
            "close": actions.close_check,
        },
    ),
    "paper": (
        reading.find_paper,
        "paper_id",
        {
            "write": actions.write_paper,
            "show": actions.show_paper,
            "see": actions.see_paper,
            "send": actions.send_paper,
            "assess": actions.assess_paper,
        },
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_posted
def move(request: HttpRequest, kind: str, uid: UUID, verb: str) -> HttpResponse:
    """One verb of one row: its form, or doing it."""
    found = KINDS.get(kind)
    if found is None or verb not in found[2]:
        raise NotThere("没有这个操作，请回到上一页重新选。")
    find, name, verbs = found
    actor = actor_of(request)
    row = find(actor, uid)
    loop = reading.LOOPS[row.subject_kind]
    if request.method != "POST":
        refuse_unless_open(loop, loop[verb], row)
    initial: dict[str, Any] = {"entry_id": uuid4()}
    if verb == "write":
        initial["words"] = reading.last_words(row, "write")
    form = MoveForm(bound(request), step=loop[verb], row=row, initial=initial)
    back = _page_of(kind, row)

    def do(said: dict[str, Any], moment: datetime) -> str:
        entry = form.cleaned_data["entry_id"]
        verbs[verb](actor=actor, at=moment, entry_id=entry, **{name: row.pk}, **said)
        return back

    step = loop[verb]
    said = f"{step.said}，已记下。"
    about = _about(row)
    return act(request, form, do, label=step.label, back=back, said=said, about=about, is_grave=step.is_grave)


def _page_of(kind: str, row: Any) -> str:
    if kind == "posting":
        return reverse("posted:one", args=[row.uid])
    if kind in ("meeting", "paper"):
        return reverse(f"posted:{kind}", args=[row.uid])
    return reverse("posted:one", args=[row.posting.uid])


def _about(row: Any) -> str:
    if isinstance(row, TeamMeeting):
        return row.subject
    posting = row if isinstance(row, Posting) else row.posting
    return f"{posting.user.name}，{posting.area.name}"

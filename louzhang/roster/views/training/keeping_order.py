"""What cases and talks among chiefs share: something that should not stand there is reported, or hidden."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from louzhang.accounts.visits import actor_of
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import for_keepers
from louzhang.roster.actions.training.writings import Kinds, hide_line, report_abuse
from louzhang.roster.forms.training.writings import ReasonForm

UNNAMED = "社区会看，不会说是谁举报的。"
Page = Callable[..., HttpResponseBase]


@dataclass(frozen=True, slots=True)
class OrderKept:
    """Where lines are said: which kind of row, how one is found, the names of its page and of the list.

    `whole` is the number of the line with which the row itself goes.
    """

    what: Kinds
    find: Callable[[Actor, UUID], Any]
    page: str
    listed: str
    whole: int | None = None

    def abuse(self) -> Page:
        """The page on which somebody says that a line should not stand there."""

        @require_http_methods(["GET", "HEAD", "POST"])
        @for_keepers
        def abuse(request: HttpRequest, uid: UUID, line: int) -> HttpResponse:
            actor = actor_of(request)
            self.find(actor, uid)
            back = reverse(self.page, args=[uid])
            form = ReasonForm(bound(request), initial={"entry_id": uuid4()})

            def do(said: dict[str, Any], at: datetime) -> str:
                report_abuse(what=self.what, uid=uid, number=line, reason=said["reason"], actor=actor, at=at,
                             entry_id=form.cleaned_data["entry_id"])  # fmt: skip
                return back

            return act(request, form, do, label="举报这一条", about=UNNAMED, back=back, said="举报了，社区会看。")

        return abuse

    def hide(self) -> Page:
        """The tap with which the office hides a line."""

        @require_POST
        @for_keepers
        def hide(request: HttpRequest, uid: UUID, line: int) -> HttpResponse:
            actor = actor_of(request)
            self.find(actor, uid)
            back = reverse(self.listed) if line == self.whole else reverse(self.page, args=[uid])
            reason = request.POST.get("reason", "")

            def do() -> None:
                hide_line(what=self.what, uid=uid, number=line, reason=reason, actor=actor, at=clock.now())

            return tapped(request, back, do, "隐藏了。")

        return hide

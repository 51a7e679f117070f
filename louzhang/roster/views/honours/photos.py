"""The page that takes one photo for the wall: for the office with a paper, for the person on the own phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

from louzhang.accounts.visits import actor_of
from louzhang.journal.forms import VerbForm
from louzhang.kit import clock
from louzhang.register.views.acts import Do, act
from louzhang.roster.actions.honours.consenting import give_photo
from louzhang.roster.models.honours import Honour
from louzhang.workorders.views.uploads import picker, with_plain_files


def photo_page(
    request: HttpRequest, honour: Honour, form_class: type[VerbForm], *, about: str, back: str, **more: Any
) -> HttpResponse:  # fmt: skip
    """The picker and what it sends; files of a browser without scripts are kept first."""
    actor, at = actor_of(request), clock.now()
    posted = with_plain_files(request, request.POST.copy(), actor, at) if request.method == "POST" else None
    form = form_class(posted, initial={"entry_id": uuid4()})
    chosen = posted.getlist("photos") if posted is not None else []
    do = _giving(honour, form, request, back)
    return act(request, form, do, label="放照片", about=about, back=back, said="照片交上来了，处理好就会出现。",
               template="roster/honours/photo.html", **picker(actor, at, chosen), **more)  # fmt: skip


def _giving(honour: Honour, form: VerbForm, request: HttpRequest, back: str) -> Do:
    def do(said: dict[str, Any], at: datetime) -> str:
        give_photo(honour_id=honour.pk, actor=actor_of(request), at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    return do

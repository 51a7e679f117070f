"""奖金 at the desk: the list to pay, ticked off by two; a file and a sheet for the cashier with masked accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.views.list_files import book_file
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.kit.books import book_of
from louzhang.register.views.acts import act, bound, tapped
from louzhang.roster.actions.honours.bonuses import cancel_bonus, reveal_account, tick_bonus, untick_bonus
from louzhang.roster.forms.honours.keeping import CancelForm, RevealForm
from louzhang.roster.lifecycle.honours import BonusState, BonusTie
from louzhang.roster.models.honours import Bonus
from louzhang.roster.queries.honours.paying import PayLine, find_bonus, pay_list
from louzhang.roster.views.honours.frame import desk, for_offices
from louzhang.shell.parts import Item

FILTERS = (("", "要发的"), ("paid", "发过的"))
TICKS: dict[str, tuple[Callable[..., Bonus], str]] = {
    "tick": (tick_bonus, "已核对。两个人都核对以后才算发放。"),
    "untick": (untick_bonus, "已取消核对。"),
}
HEAD = ("社区", "荣誉", "月份", "姓名", "金额（元）", "收款账户", "核对")


def _lines(request: HttpRequest) -> tuple[list[PayLine], bool]:
    is_paid = request.GET.get("which") == "paid"
    return pay_list(actor_of(request), is_paid=is_paid), is_paid


@require_safe
@for_offices
def listed(request: HttpRequest) -> HttpResponse:
    """What is owed, or what was paid; as a page, a sheet or a file."""
    rows, is_paid = _lines(request)
    if request.GET.get("format") == "xlsx":
        return _file(rows, actor_of(request))
    url = reverse("honours:bonuses")
    context = {
        "rows": rows,
        "total": sum(row.bonus.yuan for row in rows),
        "is_paid": is_paid,
        "filters": [
            Item(label=label, url=f"{url}?which={code}" if code else url, current=(code == "paid") == is_paid)
            for code, label in FILTERS
        ],
        "user_id": actor_of(request).user_id,
        "back_url": url,
    }
    template = "roster/honours/bonuses_print.html" if "print" in request.GET else "roster/honours/bonuses.html"
    return desk(request, template, context)


def _file(rows: Sequence[PayLine], actor: Actor) -> HttpResponse:
    lines = [
        [row.area, row.kind, row.time, row.bonus.user.name, str(row.bonus.yuan), row.account or "没有填",
         row.bonus.status_label]
        for row in rows
    ]  # fmt: skip
    day = clock.local_date(clock.now())
    mark = f"奖金名单 · {day} · 账号已遮盖 · 导出人编号 {actor.user_id} · 用完删除"
    return book_file(f"奖金名单-{day}", book_of({"奖金名单": [list(HEAD), *lines]}, mark=mark))


@require_POST
@for_offices
def tick(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Tick one off, or take the own tick back."""
    actor, at = actor_of(request), clock.now()
    if verb not in TICKS:
        raise NotThere("没有这一步。")
    do, said = TICKS[verb]
    bonus = find_bonus(actor, uid)
    return tapped(request, reverse("honours:bonuses"), lambda: do(bonus_id=bonus.pk, actor=actor, at=at), said)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def cancel(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is not paid, and why."""
    actor = actor_of(request)
    bonus = find_bonus(actor, uid)
    form = CancelForm(bound(request), initial={"entry_id": uuid4()})
    back = reverse("honours:bonuses")

    def do(said: dict[str, Any], at: datetime) -> str:
        cancel_bonus(bonus_id=bonus.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return back

    return act(request, form, do, label="不发放", about=f"{bonus.user.name}，{bonus.yuan} 元。", back=back,
               said="已记下。")  # fmt: skip


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def whole(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The whole account, opened with a reason; it stands on the answer and nowhere else."""
    actor = actor_of(request)
    bonus = find_bonus(actor, uid)
    if BonusTie.DESK not in bonus.relations_now or bonus.status == BonusState.PAID:
        raise NotThere("账号只有发奖金的社区在发放前能打开。")
    form = RevealForm(bound(request), initial={"entry_id": uuid4()})
    context = {"form": form, "bonus": bonus, "back_url": reverse("honours:bonuses"), "entry_id": uuid4()}
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        number, bank = reveal_account(bonus_id=bonus.pk, reason=reason, actor=actor, at=clock.now())
        return desk(request, "roster/honours/account.html", context | {"number": number, "bank": bank})
    return desk(request, "roster/honours/account.html", context, status=400 if form.errors else 200)

"""权责清单: the clauses with a search, keeping them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.tree import ReasonForm
from louzhang.areas.queries.histories import history_of
from louzhang.areas.rights import may_keep_district, refuse_keeping
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import (
    ask,
    back_to,
    done,
    for_keeper,
    for_readers,
    posted,
    settings_page,
    turning,
)
from louzhang.areas.views.sheets import ListPages
from louzhang.journal.refusals import InputRefused
from louzhang.kit import clock
from louzhang.kit.paging import BadCursor
from louzhang.workorders.actions import add_clause, change_clause, end_clause
from louzhang.workorders.forms.duties import AddClauseForm, ClauseForm, initial_of
from louzhang.workorders.imports.duties import CLAUSES, HEAD, line_of
from louzhang.workorders.queries import duties

PAGE = "workorders/settings/clause.html"
PAGES = ListPages(CLAUSES, home="duties:list", prefix="duties:import")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def clauses(request: HttpRequest) -> HttpResponse:
    """The clauses by their code, a page at a time."""
    words, with_ended = request.GET.get("q", "").strip()[:40], request.GET.get("ended") == "1"
    cursor = request.GET.get("cursor") or None
    try:
        page, rows = duties.list_clauses(words, clock.now(), with_ended=with_ended, cursor=cursor)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    context = {
        "rows": rows,
        "words": words,
        "with_ended": with_ended,
        "exports": export_items("duties:csv"),
        **turning(page, q=words, ended="1" if with_ended else ""),
    }
    return settings_page(request, "workorders/settings/clauses.html", context)


@require_safe
@for_readers
def clauses_csv(request: HttpRequest) -> HttpResponseBase:
    """Every clause as a file, in the columns an import reads."""
    return list_file(request, "权责清单", HEAD, (line_of(clause) for clause in duties.all_clauses()))


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new clause."""
    form = AddClauseForm(posted(request))

    def act(said: dict[str, Any]) -> HttpResponse:
        add_clause(actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已新增。", "duties:list")

    return ask(request, form, act, {"heading": "新增条目", "button": "新增", "may_change": True}, template=PAGE)


@form_page
@for_readers
def one(request: HttpRequest, clause_id: int) -> HttpResponse:
    """One clause: change it, and what it was before."""
    actor, row = actor_of(request), duties.find_clause(clause_id)
    if request.method == "POST":
        refuse_keeping(actor)
    form = ClauseForm(posted(request), initial=initial_of(row))

    def act(said: dict[str, Any]) -> HttpResponse:
        said["starts_on"] = said["starts_on"] or row.starts_on
        change_clause(clause=row, actor=actor, at=clock.now(), **said)
        return done(request, "已保存。以前的决定里仍是当时的内容。", "duties:list")

    context = {
        "clause": row,
        "heading": f"{row.code} {row.title}",
        "state": duties.state_of(row, clock.local_date(clock.now())),
        "button": "保存",
        "may_change": may_keep_district(actor) and row.ended_at is None,
        "history": history_of(row),
    }
    return ask(request, form, act, context, template=PAGE)


@form_page
@for_keeper
def end(request: HttpRequest, clause_id: int) -> HttpResponse:
    """End it: nothing new is proposed by it."""
    row = duties.find_clause(clause_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_clause(clause=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。", "duties:list")

    words = "停用后不再按它建议；写着依据它的规则和决定不变。停用不能撤销。"
    heading = f"停用“{row.code} {row.title}”"
    about = back_to("权责清单", "duties:one", row.pk, heading=heading, button="停用", is_grave=True, words=words)
    return ask(request, ReasonForm(posted(request)), act, about)

"""答复模板: the templates by step, keeping them, what a resident would read."""

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
from louzhang.areas.views.settings_frame import ask, back_to, done, for_keeper, for_readers, posted, settings_page
from louzhang.areas.views.sheets import ListPages
from louzhang.kit import clock
from louzhang.workorders.actions import add_reply, change_reply, end_reply
from louzhang.workorders.forms.replies import AddReplyForm, ReplyForm, initial_of
from louzhang.workorders.imports.replies import HEAD, REPLIES, line_of
from louzhang.workorders.models import ReplyTemplate
from louzhang.workorders.plain_words import fill, warnings
from louzhang.workorders.queries import replies as queries

PAGE = "workorders/settings/reply.html"
PAGES = ListPages(REPLIES, home="replies:list", prefix="replies:import")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def replies(request: HttpRequest) -> HttpResponse:
    """The templates under their steps."""
    with_ended = request.GET.get("ended") == "1"
    steps = queries.list_replies(with_ended=with_ended)
    context = {"steps": steps, "with_ended": with_ended, "exports": export_items("replies:csv")}
    return settings_page(request, "workorders/settings/replies.html", context)


@require_safe
@for_readers
def replies_csv(request: HttpRequest) -> HttpResponseBase:
    """Every template as a file, in the columns an import reads."""
    return list_file(request, "答复模板", HEAD, (line_of(reply) for reply in queries.all_replies()))


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new template."""
    form = AddReplyForm(posted(request))

    def act(said: dict[str, Any]) -> HttpResponse:
        row = add_reply(actor=actor_of(request), at=clock.now(), **said)
        return done(request, "已新增，下面是反映人会看到的样子。", "replies:one", row.pk)

    return ask(request, form, act, {"heading": "新增模板", "button": "新增", "may_change": True}, template=PAGE)


@form_page
@for_readers
def one(request: HttpRequest, reply_id: int) -> HttpResponse:
    """One template: change it, see it filled in for an order made up, and what it was before."""
    actor, row = actor_of(request), queries.find_reply(reply_id)
    if request.method == "POST":
        refuse_keeping(actor)
    form = ReplyForm(posted(request), initial=initial_of(row))

    def act(said: dict[str, Any]) -> HttpResponse:
        change_reply(reply=row, actor=actor, at=clock.now(), **said)
        return done(request, "已保存。以前发出的不变。", "replies:one", row.pk)

    context = {
        "reply": row,
        "heading": row.name,
        "step": queries.step_label(row.step),
        "button": "保存",
        "may_change": may_keep_district(actor) and row.ended_at is None,
        "history": history_of(row),
        **_shown(row),
    }
    return ask(request, form, act, context, template=PAGE)


def _shown(row: ReplyTemplate) -> dict[str, Any]:
    texts = [fill(words, queries.EXAMPLE) for words in (row.words, row.advice) if words]
    found = warnings(row.step, texts, known={queries.EXAMPLE["number"]})
    return {"reply_state": "", "reply_texts": texts, "reply_warnings": found}


@form_page
@for_keeper
def end(request: HttpRequest, reply_id: int) -> HttpResponse:
    """End it: it is offered no more."""
    row = queries.find_reply(reply_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_reply(reply=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。", "replies:list")

    words = "停用后不能再选它；以前发出的答复不变。停用不能撤销。"
    heading = f"停用“{row.name}”"
    about = back_to("答复模板", "replies:one", row.pk, heading=heading, button="停用", is_grave=True, words=words)
    return ask(request, ReasonForm(posted(request)), act, about)

"""类别: both levels of the district's categories, to read for offices and administrators, to keep for one."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.tree import ReasonForm
from louzhang.areas.queries.histories import history_of
from louzhang.areas.rights import may_keep_district, refuse_keeping
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import ask, done, for_keeper, for_readers, posted, settings_page
from louzhang.areas.views.sheets import ListPages
from louzhang.kit import clock
from louzhang.workorders.actions import add_category, change_category, end_category
from louzhang.workorders.forms.categories import (
    AddCategoryForm,
    AddGroupForm,
    CategoryForm,
    GroupForm,
    Questions,
    as_questions,
    as_rows,
)
from louzhang.workorders.imports.categories import CATEGORIES, HEAD, line_of
from louzhang.workorders.queries import category_lists

PAGE = "workorders/settings/category.html"
PAGES = ListPages(CATEGORIES, home="categories:list", prefix="categories:import")
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def categories(request: HttpRequest) -> HttpResponse:
    """The groups with their categories, how often each is used, who changed it last."""
    words, with_ended = request.GET.get("q", "").strip()[:30], request.GET.get("ended") == "1"
    groups = category_lists.category_groups(words=words, with_ended=with_ended)
    context = {"groups": groups, "words": words, "with_ended": with_ended, "exports": export_items("categories:csv")}
    return settings_page(request, "workorders/settings/categories.html", context)


@require_safe
@for_readers
def categories_csv(request: HttpRequest) -> HttpResponseBase:
    """Every category as a file, in the columns an import reads."""
    rows = list(category_lists.all_categories())
    groups = Counter(row.name for row in rows if row.parent_id is None)
    return list_file(request, "类别", HEAD, (line_of(row, groups) for row in rows))


@form_page
@for_readers
def category(request: HttpRequest, category_id: int) -> HttpResponse:
    """One category: change it, and what it was before."""
    actor = actor_of(request)
    row = category_lists.find_category(category_id)
    if request.method == "POST":
        refuse_keeping(actor)
    names = GroupForm if row.parent_id is None else CategoryForm
    form = names(posted(request), initial={name: getattr(row, name) for name in names.base_fields})
    rows = Questions(posted(request), prefix="q", initial=as_rows(row.questions)) if row.parent_id else None

    def act(said: dict[str, Any]) -> HttpResponse:
        change_category(category=row, actor=actor, at=clock.now(), **said, **_asked(rows))
        return done(request, "已保存。已经收到的工单仍按原来的承诺时限。", "categories:list")

    context = {
        "category": row,
        "rows": rows,
        "heading": row.name,
        "button": "保存",
        "may_change": may_keep_district(actor) and row.ended_at is None,
        "history": history_of(row),
    }
    return _answer(request, form, rows, act, context)


def _asked(rows: BaseFormSet[Any] | None) -> dict[str, Any]:
    return {} if rows is None else {"questions": as_questions(rows)}


def _answer(
    request: HttpRequest, form: forms.Form, rows: BaseFormSet[Any] | None, act: Any, context: dict[str, Any]
) -> HttpResponse:
    """A form with rows below it: both must be right before anything is done."""
    if rows is not None and rows.is_bound and not rows.is_valid():
        form.is_valid()
        form.add_error(None, "补充问题还有要改的地方，见下面各行。")
    return ask(request, form, act, context, template=PAGE)


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new category below a group."""
    groups = {group.pk: group for group in category_lists.open_groups()}
    chosen = request.GET.get("group", "")
    form = AddCategoryForm(posted(request), groups=groups.values(), initial={"parent": chosen})
    rows = Questions(posted(request), prefix="q")

    def act(said: dict[str, Any]) -> HttpResponse:
        parent = groups[said.pop("parent")]
        add_category(parent=parent, actor=actor_of(request), at=clock.now(), **said, **_asked(rows))
        return done(request, "已新增，反映和来电登记里现在就能选。", "categories:list")

    return _answer(request, form, rows, act, _new("新增类别", rows))


@form_page
@for_keeper
def add_group(request: HttpRequest) -> HttpResponse:
    """A new group."""

    def act(said: dict[str, Any]) -> HttpResponse:
        add_category(parent=None, actor=actor_of(request), at=clock.now(), **said)
        return done(request, "大类已新增。接下来请在它下面新增类别。", "categories:list")

    return _answer(request, AddGroupForm(posted(request)), None, act, _new("新增大类", None))


def _new(heading: str, rows: BaseFormSet[Any] | None) -> dict[str, Any]:
    return {"heading": heading, "button": "新增", "rows": rows, "may_change": True}


@form_page
@for_keeper
def end(request: HttpRequest, category_id: int) -> HttpResponse:
    """End it: nothing new is reported under it."""
    row = category_lists.find_category(category_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_category(category=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。以前的工单不变。", "categories:list")

    about = {
        "heading": f"停用“{row.name}”",
        "button": "停用",
        "is_grave": True,
        "words": "停用后不能再选它反映；已经收到的工单照常办理。停用不能撤销。",
        "back_url": reverse("categories:one", args=[row.pk]),
        "back_label": row.name,
    }
    return ask(request, ReasonForm(posted(request)), act, about)

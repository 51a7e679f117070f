"""The month at the desk: preview, computing, tasks, appraisers, publishing, paper and file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.list_files import list_file
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.appraisal import (
    ask_stars,
    compute_month,
    name_appraisers,
    publish_month,
    score,
    set_criteria,
)
from louzhang.roster.actions.appraisal.publishing import is_over, spoken_month
from louzhang.roster.actions.appraisal.starring import counters_of
from louzhang.roster.forms.appraisal import AppraisersForm, CriteriaForm, PublishForm, ScoresForm, StarsForm
from louzhang.roster.lifecycle.appraisal import MONTH, Tie
from louzhang.roster.models.appraisal import AppraisalMonth
from louzhang.roster.queries.appraisal.desk import (
    Line,
    appraisers_of,
    find_month,
    history_of,
    lines_of,
    may_appraise,
    missing_in,
    months_for,
    sheet_of,
    sheets_to_fill,
)
from louzhang.roster.queries.appraisal.figures import percent
from louzhang.roster.queries.appraisal.rulings import counts_waiting
from louzhang.roster.reckoning import FORMULA
from louzhang.shell.parts import Item

for_offices = for_roles(*OFFICE_ROLES)
for_appraisers = for_roles("chief", "stairwell_head", "grid_worker", "grid_lead", *OFFICE_ROLES)


@require_safe
@for_offices
def listed(request: HttpRequest) -> HttpResponse:
    """The months of the community, with what waits."""
    actor = actor_of(request)
    objections, reviews = counts_waiting(actor)
    context = {
        "months": months_for(actor),
        "sheets": sheets_to_fill(actor),
        "objections": objections,
        "reviews": reviews,
    }
    return page(request, "roster/appraisal/months.html", context)


@require_safe
@for_offices
def one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A month before or after publication: by group, what changed, what is missing, what a later count found."""
    actor, at = actor_of(request), clock.now()
    month = find_month(actor, uid)
    lines = lines_of(month)
    verbs = {step.verb for step in MONTH.allowed(month.status, month.relations_now)}
    context = {
        "month": month,
        "title": spoken_month(month),
        "groups": _groups(lines),
        "uncompared": [line for line in lines if line.group is None],
        "missing": missing_in(month),
        "appraisers": appraisers_of(month),
        "indicators": month.scheme.indicators.all(),
        "has_stars": any(each.kind == "stars" for each in month.scheme.indicators.all()),
        "verbs": verbs,
        "may_publish": "publish" in verbs and is_over(month, at),
        "differences": _differences(month, lines),
        "said": [each for each in history_of(month) if each.verb in ("publish", "amend", "compute", "recount")][-6:],
        "exports": _exports(uid),
        "formula": FORMULA,
    }
    return page(request, "roster/appraisal/month.html", context)


def _groups(lines: list[Line]) -> list[tuple[int, list[Line]]]:
    found: dict[int, list[Line]] = {}
    for line in lines:
        if line.group is not None:
            found.setdefault(line.group, []).append(line)
    return sorted(found.items())


def _differences(month: AppraisalMonth, lines: list[Line]) -> list[dict[str, Any]]:
    names = {line.who.user_id: f"{line.who.place} {line.who.name}" for line in lines}
    labels = {each.kind: each.label for each in month.scheme.indicators.all()}
    return [
        {
            "who": names.get(each["user"], "不在名单里的人"),
            "label": labels.get(each["kind"], each["kind"]),
            "before": f"{each['before'][0]} 件，做好 {each['before'][1] / 100:g}",
            "after": f"{each['after'][0]} 件，做好 {each['after'][1] / 100:g}",
        }
        for each in month.differences
    ]


def _exports(uid: UUID) -> list[Item]:
    here = reverse("appraisal:month_file", args=[uid])
    return [Item(label="Excel（xlsx）", url=f"{here}?format=xlsx"), Item(label="CSV", url=here)]


@require_POST
@for_offices
def compute(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Compute it now, or hold a published one against what is there now."""
    actor, at = actor_of(request), clock.now()
    month = find_month(actor, uid)
    here = reverse("appraisal:month", args=[uid])
    said = "对照过了，公布的数字没有改。" if month.is_published else "算好了，公布前请看一遍。"
    return tapped(request, here, lambda: compute_month(month_id=month.pk, actor=actor, at=at), said)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def criteria(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The tasks of the month that appraisers score."""
    actor = actor_of(request)
    month = find_month(actor, uid)
    form = CriteriaForm(bound(request), initial={"entry_id": uuid4(), "criteria": "\n".join(month.criteria)})
    here = reverse("appraisal:month", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        set_criteria(month_id=month.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = "改了项数，以前打的分就不算了，请评分人重新打。"
    return act(request, form, do, label="定打分项", about=about, back=here, said="定好了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def appraisers(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Who gives scores this month."""
    actor, now = actor_of(request), clock.now()
    month = find_month(actor, uid)
    chosen = [row.user_id for row in appraisers_of(month)]
    people = may_appraise(month, now)
    form = AppraisersForm(bound(request), people=people, initial={"entry_id": uuid4(), "user_ids": chosen})
    here = reverse("appraisal:month", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        name_appraisers(month_id=month.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    return act(
        request,
        form,
        do,
        label="请谁打分",
        about="各打各的，互相看不到；没有打完的，公布前会提示。",
        back=here,
        said="记下了。",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def stars(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Ask the served households for stars: who counts, until when."""
    actor, now = actor_of(request), clock.now()
    month = find_month(actor, uid)
    people = may_appraise(month, now)
    first = {"entry_id": uuid4(), "counters": counters_of(month.area, now)}
    form = StarsForm(bound(request), people=people, initial=first)
    here = reverse("appraisal:month", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        ask_stars(month_id=month.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = "一户一份，匿名；被考核的人不经手、看不到。不到 5 份不出结果。"
    return act(request, form, do, label="请住户打星", about=about, back=here, said="星级表发出去了。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def publish(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The preview: who would be commended, what is missing; then publishing, once."""
    actor = actor_of(request)
    month = find_month(actor, uid)
    best = [line for line in lines_of(month) if line.group == 1]
    most = month.scheme.commend_most
    first = {"entry_id": uuid4(), "seen_digest": month.figures_digest}
    if len(best) <= most:
        first["commended"] = [line.who.user_id for line in best]
    form = PublishForm(bound(request), best=best, most=most, initial=first)
    here = reverse("appraisal:month", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        publish_month(month_id=month.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    return act(
        request, form, do, label="公布", about=_about(month), back=here,
        said="公布了。每个人看到自己的，大家只看到表扬的名字。", template="roster/appraisal/publish.html",
        month=month, best=best, missing=missing_in(month),
    )  # fmt: skip


def _about(month: AppraisalMonth) -> str:
    return f"{month.area.name} {spoken_month(month)}，{month.scheme.name}"


# ---- Scores ---------------------------------------------------------------------------------------------------------


@require_safe
@for_appraisers
def sheets(request: HttpRequest) -> HttpResponse:
    """The months in which one is asked for scores."""
    context = {"months": sheets_to_fill(actor_of(request)), "back_url": reverse("field:today")}
    return page(request, "roster/appraisal/sheets.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_appraisers
def sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """一表一册: the own sheet of a month, filled in by keyboard or thumb."""
    actor = actor_of(request)
    month = find_month(actor, uid, Tie.APPRAISER)
    found = sheet_of(month, actor.user_id or 0)
    form = ScoresForm(bound(request), sheets=found, tasks=month.criteria, initial={"entry_id": uuid4()})
    here = reverse("appraisal:sheets")

    def do(said: dict[str, Any], at: Any) -> str:
        score(month_id=month.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    return act(
        request, form, do, label="打分", about=_about(month), back=here,
        said="打好了，公布以前还可以改。", template="roster/appraisal/sheet.html", month=month, rows=form.rows(),
    )  # fmt: skip


# ---- Paper and file -------------------------------------------------------------------------------------------------


@require_safe
@for_offices
def print_month(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The month on paper, for the office's own file."""
    month = find_month(actor_of(request), uid)
    context = {
        "month": month,
        "title": spoken_month(month),
        "lines": lines_of(month),
        "indicators": month.scheme.indicators.all(),
        "formula": FORMULA,
        "now": clock.now(),
        "back_url": reverse("appraisal:month", args=[uid]),
    }
    return _paper(request, "roster/appraisal/month_print.html", context)


@require_safe
@for_offices
def print_sheet(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A blank sheet for an appraiser who writes by hand (一表一册)."""
    month = find_month(actor_of(request), uid)
    context = {
        "month": month,
        "title": spoken_month(month),
        "sheets": sheet_of(month, 0),
        "back_url": reverse("appraisal:month", args=[uid]),
    }
    return _paper(request, "roster/appraisal/sheet_print.html", context)


def _paper(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    response = render(request, template, context)
    response["Cache-Control"] = "no-store"
    return response


@require_safe
@for_offices
def month_file(request: HttpRequest, uid: UUID) -> HttpResponseBase:
    """The month as a file, by group and place; it names nobody's rank."""
    month = find_month(actor_of(request), uid)
    indicators = list(month.scheme.indicators.all())
    head = ["地方", "职务", "姓名", "档", "总分", "区间", "表扬"]
    for each in indicators:
        head += [f"{each.label}：件数", f"{each.label}：做好", f"{each.label}：百分之"]
    return list_file(request, f"{month.area.name}{spoken_month(month)}考核", head, _cells(lines_of(month)))


def _cells(lines: list[Line]) -> Iterator[list[object]]:
    for line in lines:
        figures = line.figures
        cells: list[object] = [
            line.who.place, line.who.title, line.who.name, line.group or "不比较", percent(figures.value),
            figures.between, "是" if line.is_commended else "",
        ]  # fmt: skip
        for each in figures.figures:
            cells += [each.cases, each.good, each.share]
        yield cells

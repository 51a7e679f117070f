"""排查问卷 at the desk: the list, one of them with its progress, and the verbs that move it on."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.journal.actor import Actor
from louzhang.journal.middleware import status_of
from louzhang.journal.refusals import NotThere, Refusal
from louzhang.journal.walker import refuse_unless_open
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.register.views.frame import page
from louzhang.shell import toasts
from louzhang.shell.parts import Fact, Item, Verb
from louzhang.surveys.actions.drafting import copy_survey
from louzhang.surveys.forms.verbs import VERB_FORMS, move_once
from louzhang.surveys.lifecycle import BEFORE, LOOP, SurveyState, Tie
from louzhang.surveys.models import Survey
from louzhang.surveys.queries.finding import WORKING, find_survey, questions_with_gates, surveys_at_desk, verbs_now
from louzhang.surveys.queries.preview import preview_of
from louzhang.surveys.queries.progress import Count, added, line_to, own_roots, progress_at

LISTED = 100
SIEVES = {"": "全部", "open": "进行中", "drafts": "准备中", "over": "已结束"}
CONFIRM = {
    "open": "开始以后，题目和范围不能再改；负责的人会收到通知。",
    "submit": "送到范围内各街道，同意以后才能开始。",
    "remind": "只提醒还有住户没问完的人；不愿回答的住户算问完，不再提醒。",
    "close": "结束以后不再登记，迟到的回答留给社区核对。",
    "withdraw": "撤销以后不能恢复，可以复制一份重新写。",
}
for_offices = for_roles(*OFFICE_ROLES)


@require_safe
@for_offices
def surveys(request: HttpRequest) -> HttpResponse:
    """What one's offices ask, admit or lie in."""
    which = request.GET.get("which", "")
    which = which if which in SIEVES else ""
    url = reverse("surveys_desk:list")
    context = {
        "rows": list(surveys_at_desk(actor_of(request), which)[:LISTED]),
        "sieves": [
            Item(label=label, url=f"{url}?which={key}" if key else url, current=key == which)
            for key, label in SIEVES.items()
        ],
    }
    return desk_page(request, "surveys/desk/list.html", context)


@require_safe
@for_offices
def survey(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One: what for, what it would cost or how far it is, what may be done now."""
    return _survey_page(request, uid)


def _survey_page(request: HttpRequest, uid: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    row = find_survey(actor, uid, *WORKING)
    given, asked = request.GET.get("area", ""), questions_with_gates(row)
    context: dict[str, Any] = {
        "survey": row,
        "facts": _facts(row),
        "verbs": [_verb(row, each.verb, each.label, is_main=each.is_main, is_grave=each.is_grave)
                  for each in verbs_now(row) if each.verb in VERB_FORMS and (asked or not each.is_main)],
        "is_asker": Tie.ASKER in row.relations_now,
        "is_draft": row.status == SurveyState.DRAFT,
        "questions": asked,
        "now": at,
    }  # fmt: skip
    if row.status in BEFORE:
        context["preview"] = preview_of(row, at)
    elif row.opened_at is not None:
        context |= _progress(row, actor, number_of(given))
    return desk_page(request, "surveys/desk/survey.html", context)


def _progress(row: Survey, actor: Actor, area_id: int | None) -> dict[str, Any]:
    top, places = progress_at(row, actor, area_id)
    url = reverse("surveys_desk:survey", args=[row.uid])
    line = line_to(top, own_roots(row, actor))[:-1] if top is not None else []
    return {
        "top": top,
        "line": [(node.name, f"{url}?area={node.pk}") for node in line],
        "places": [(place, f"{url}?area={place.area.pk}") for place in places],
        "whole": added(place.count for place in places) if places else Count(),
    }


def _facts(row: Survey) -> list[Fact]:
    asker = f"{row.asker_unit.name}（{row.asker_area.name}）" if row.asker_unit else row.asker_area.name
    basis = f"{row.get_basis_display()}：{row.basis_words}" if row.basis_words else row.get_basis_display()
    begins, ends = clock.local(row.starts_at), clock.local(row.ends_at)
    until = f"{ends:%-m月%-d日}" if begins.year == ends.year else f"{ends:%Y年%-m月%-d日}"
    return [
        Fact(label="为什么问", value=row.purpose),
        Fact(label="依据", value=basis),
        Fact(label="谁发起", value=asker),
        Fact(label="时间", value=f"{begins:%Y年%-m月%-d日 %H:%M} 到 {until} {ends:%H:%M}"),
        Fact(label="删除回答", value=f"{row.purge_on:%Y年%-m月%-d日}起只留汇总"),
    ]


def _verb(row: Survey, verb: str, label: str, *, is_main: bool, is_grave: bool) -> Verb:
    kind = "main" if is_main else "danger" if is_grave else "plain"
    return Verb(label=label, url=reverse("surveys_desk:move", args=[row.uid, verb]), kind=kind)


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def move(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Do one verb: asked once more, or with what it needs."""
    actor, at = actor_of(request), clock.now()
    if verb not in VERB_FORMS:
        raise NotThere("没有这一步。")
    row = find_survey(actor, uid, *WORKING)
    refuse_unless_open(LOOP, LOOP[verb], row)
    form = VERB_FORMS[verb](request.POST or None, initial={"entry_id": uuid4()})
    if request.method != "POST":
        return _move_page(request, form, row, verb)
    try:
        count = move_once(form, verb, row, actor, at)
    except Refusal as refusal:
        if form.is_valid():
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _move_page(request, form, row, verb, status=status_of(refusal))
    response = redirect("surveys_desk:survey", row.uid)
    toasts.say(request, response, f"已提醒 {count} 个人。" if verb == "remind" else f"已{LOOP[verb].label}。")
    return response


def _move_page(request: HttpRequest, form: Any, row: Survey, verb: str, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "label": LOOP[verb].label,
        "about": row.title,
        "words": CONFIRM.get(verb, ""),
        "is_grave": LOOP[verb].is_grave,
        "preview": preview_of(row, clock.now()) if verb in ("open", "submit") else None,
        "survey": row,
        "entry_id": form["entry_id"].value() or uuid4(),
        "back_url": reverse("surveys_desk:survey", args=[row.uid]),
    }
    return desk_page(request, "surveys/desk/move.html", context, status=status)


@require_POST
@for_offices
def copy(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Begin another one like it."""
    actor = actor_of(request)
    row = copy_survey(survey_id=find_survey(actor, uid, *WORKING).pk, actor=actor, at=clock.now())
    response = redirect("surveys_desk:edit", row.uid)
    toasts.say(request, response, "已复制，请改名称和时间。")
    return response


def desk_page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page of the desk, whatever other posts its reader holds."""
    whole = {"now": clock.now(), **context, "base": "shell/desk.html", "is_desk": True}
    return page(request, template, whole, status=status)

"""派单规则: the rules in their order, proposed ones, keeping them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.forms.tree import ReasonForm
from louzhang.areas.queries.histories import history_of
from louzhang.areas.rights import may_keep_district, refuse_keeping
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.views.list_files import export_items, list_file
from louzhang.areas.views.settings_frame import (
    ask,
    back_to,
    done,
    for_keeper,
    for_readers,
    posted,
    settings_page,
)
from louzhang.areas.views.sheets import ListPages
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.shell import toasts
from louzhang.workorders.actions import (
    accept_rule,
    add_rule,
    change_rule,
    decline_rule,
    end_rule,
    move_rule,
    propose_rule,
)
from louzhang.workorders.forms.routing import AddRuleForm, NumberForm, RuleForm, initial_of, read_move
from louzhang.workorders.imports.routing import HEAD, RULES, line_of
from louzhang.workorders.queries import routing

PAGE = "workorders/settings/rule.html"
PAGES = ListPages(RULES, home="routing:list", prefix="routing:import")
form_page = require_http_methods(["GET", "HEAD", "POST"])
for_proposers = for_roles(*OFFICE_ROLES, Role.SYSTEM_ADMIN)


@require_safe
@for_readers
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in their order, what waits for the keeper, and on demand what has ended."""
    at, with_ended = clock.now(), request.GET.get("ended") == "1"
    context = {
        "rows": routing.list_rules(at),
        "proposed": routing.list_proposed(at),
        "ended": routing.list_ended() if with_ended else [],
        "with_ended": with_ended,
        "moved": number_of(request.GET.get("moved")),
        "goes_down": request.GET.get("way") == "down",
        "exports": export_items("routing:csv"),
    }
    return settings_page(request, "workorders/settings/rules.html", context)


@require_safe
@for_readers
def rules_csv(request: HttpRequest) -> HttpResponseBase:
    """The rules in force and those that have ended, in the columns an import reads."""
    rows = [*routing.rules_in_force(), *(row.rule for row in routing.list_ended() if row.rule.accepted_at)]
    return list_file(request, "派单规则", HEAD, (line_of(row) for row in rows))


@form_page
@for_proposers
def add(request: HttpRequest) -> HttpResponse:
    """A new rule by the keeper; an office proposes one."""
    actor = actor_of(request)
    keeps = may_keep_district(actor)
    form = (AddRuleForm if keeps else RuleForm)(posted(request), initial=_asked(request))

    def act(said: dict[str, Any]) -> HttpResponse:
        columns = form.columns()
        if keeps:
            add_rule(actor=actor, at=clock.now(), number=said["number"], **columns)
            return done(request, "已新增，从现在起按它建议。", "routing:list")
        propose_rule(order=None, actor=actor, at=clock.now(), **columns)
        return done(request, "已提出，等系统管理员采用。", "routing:list")

    heading = "新增规则" if keeps else "提出规则"
    context = {"heading": heading, "button": "新增" if keeps else "提出", "may_change": True}
    return ask(request, form, act, context, template=PAGE)


def _asked(request: HttpRequest) -> dict[str, Any]:
    """What the page of a trial hands over in the address."""
    asked = request.GET
    return {name: asked.getlist(name) if name == "weekdays" else asked[name] for name in asked}


@form_page
@for_readers
def one(request: HttpRequest, rule_id: int) -> HttpResponse:
    """One rule: change it, and what it was before."""
    actor, row = actor_of(request), routing.find_rule(rule_id)
    if request.method == "POST":
        refuse_keeping(actor)
    form = RuleForm(posted(request), area=row.area, initial=initial_of(row) | _asked(request))

    def act(said: dict[str, Any]) -> HttpResponse:
        change_rule(rule=row, actor=actor, at=clock.now(), **form.columns())
        return done(request, "已保存。", "routing:list")

    context = {
        "rule": row,
        "heading": f"第 {row.position} 条规则"
        if row.is_in_force
        else "提出的规则"
        if row.is_proposed
        else "停用的规则",
        "spoken": routing.spoken_rule(row),
        "faults": routing.own_faults(row, clock.local_date(clock.now())),
        "button": "保存",
        "may_change": may_keep_district(actor) and row.ended_at is None,
        "history": history_of(row),
    }
    return ask(request, form, act, context, template=PAGE)


@require_POST
@for_keeper
def move(request: HttpRequest) -> HttpResponse:
    """Put a rule at another number; the page comes back with that rule marked."""
    rule_id, seen, number = read_move(request.POST.get("move", ""))
    rule = routing.find_rule(rule_id)
    move_rule(rule=rule, number=number, seen=seen, actor=actor_of(request), at=clock.now())
    way = "down" if number > seen else "up"
    response = redirect(f"{reverse('routing:list')}?moved={rule_id}&way={way}")
    toasts.say(request, response, f"现在是第 {number} 条。")
    return response


@form_page
@for_keeper
def end(request: HttpRequest, rule_id: int) -> HttpResponse:
    """End it: the next one that matches decides."""
    row = routing.find_rule(rule_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_rule(rule=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用，后面的规则往前移一位。", "routing:list")

    words = f"{routing.spoken_rule(row)}。停用后由后面适用的规则来定；停用不能撤销。"
    heading = f"停用第 {row.position} 条规则"
    about = back_to("派单规则", "routing:one", row.pk, heading=heading, button="停用", is_grave=True, words=words)
    return ask(request, ReasonForm(posted(request)), act, about)


@form_page
@for_keeper
def accept(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Put a proposed rule in force."""
    row = routing.find_rule(rule_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        accept_rule(rule=row, number=said["number"], actor=actor_of(request), at=clock.now())
        return done(request, "已采用，从现在起按它建议。", "routing:list")

    words = f"{routing.spoken_rule(row)}。前面的先用；不填就排在最后。"
    about = back_to("派单规则", "routing:one", row.pk, heading="采用提出的规则", button="采用", words=words)
    return ask(request, NumberForm(posted(request)), act, about)


@form_page
@for_keeper
def decline(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Say no to a proposed rule."""
    row = routing.find_rule(rule_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        decline_rule(rule=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已记下不采用和原因。", "routing:list")

    words = f"{routing.spoken_rule(row)}。提出的人能在这里看到原因。"
    about = back_to("派单规则", "routing:one", row.pk, heading="不采用提出的规则", button="不采用", words=words)
    return ask(request, ReasonForm(posted(request)), act, about)

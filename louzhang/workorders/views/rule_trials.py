"""试算: what a changed or new rule would have done to the last orders; nothing is stored."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.rights import may_keep_district
from louzhang.areas.roles import OFFICE_ROLES
from louzhang.areas.views.settings_frame import for_readers, settings_page
from louzhang.kit import clock
from louzhang.kit.typed import number_of
from louzhang.workorders.forms.routing import AddRuleForm, initial_of
from louzhang.workorders.models import RoutingRule
from louzhang.workorders.queries import routing
from louzhang.workorders.queries.rule_trials import LOOKED_AT, Trial, try_rule

PAGE = "workorders/settings/rule_trial.html"


@require_safe
@for_readers
def try_out(request: HttpRequest) -> HttpResponse:
    """A rule as one thinks of it, by the address, run over the last orders one may see."""
    rule_id = number_of(request.GET.get("rule"))
    rule = routing.find_rule(rule_id) if rule_id is not None else None
    is_asked = "unit" in request.GET
    initial = initial_of(rule) | _number(rule) if rule is not None else {}
    form = AddRuleForm(request.GET if is_asked else None, area=rule.area if rule else None, initial=initial)
    trial = _tried(request, form, rule) if is_asked and form.is_valid() else None
    context = {
        "form": form,
        "rule": rule,
        "trial": trial,
        "most": LOOKED_AT,
        "sees_orders": actor_of(request).has_role(*OFFICE_ROLES),
        "keep_url": _keep_url(request, rule) if trial else "",
        "keep_label": _keep_label(request, rule),
    }
    return settings_page(request, PAGE, context, status=400 if is_asked and trial is None else 200)


def _number(rule: RoutingRule) -> dict[str, Any]:
    return {"number": rule.position} if rule.is_in_force else {}


def _tried(request: HttpRequest, form: AddRuleForm, rule: RoutingRule | None) -> Trial:
    candidate = RoutingRule(pk=rule.pk if rule is not None else None, **form.columns())
    day = clock.local_date(clock.now())
    return try_rule(actor_of(request), candidate, form.cleaned_data["number"], day)


def _keep_url(request: HttpRequest, rule: RoutingRule | None) -> str:
    """Where what was tried can be kept: the form of the rule, or of a new one, filled in the same way."""
    home = reverse("routing:one", args=[rule.pk]) if rule is not None else reverse("routing:add")
    asked = request.GET.copy()
    asked.pop("rule", None)
    return f"{home}?{asked.urlencode()}"


def _keep_label(request: HttpRequest, rule: RoutingRule | None) -> str:
    actor = actor_of(request)
    if may_keep_district(actor):
        return "照这样修改" if rule is not None and rule.ended_at is None else "照这样新增"
    return "提出这条规则" if rule is None and actor.has_role(*OFFICE_ROLES) else ""

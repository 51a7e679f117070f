"""时限: the limits of the clocks, what they mean for a made-up order, examples to load."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.queries.histories import history_of
from louzhang.areas.queries.working_time import working_time
from louzhang.areas.rights import may_keep_district, refuse_keeping
from louzhang.areas.views.settings_frame import ask, csv_file, done, for_keeper, for_readers, posted, settings_page
from louzhang.kit import clock
from louzhang.workorders.actions import add_policy, change_policy, end_policy, load_preset
from louzhang.workorders.clocks import CLOCK_LABELS, ClockKind, read
from louzhang.workorders.forms.policies import AddPolicyForm, EndPolicyForm, PolicyForm, PresetForm, TryForm
from louzhang.workorders.models import Category, ClockPolicy
from louzhang.workorders.queries import policies

HEAD = ("类别", "紧急程度", "时钟", "时限", "最多延长", "剩多少提醒（%）", "依据", "示例", "停用时间")
PAGE = "workorders/settings/clock.html"
form_page = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@for_readers
def limits(request: HttpRequest) -> HttpResponse:
    """Every limit with its last change; a made-up order shows which of them hold and when it would be due."""
    with_ended = request.GET.get("ended") == "1"
    categories = policies.choosable_categories()
    form = TryForm(request.GET if "category" in request.GET else None, categories=categories)
    context = {
        "rows": policies.list_policies(with_ended=with_ended),
        "with_ended": with_ended,
        "form": form,
        "tried": _tried(form, categories, clock.now()),
    }
    return settings_page(request, "workorders/settings/clocks.html", context)


def _tried(form: TryForm, categories: list[Category], at: datetime) -> list[dict[str, Any]]:
    """The three clocks of an order dispatched this moment, in the hours of the district."""
    if not form.is_bound or not form.is_valid():
        return []
    category = next(row for row in categories if row.pk == form.cleaned_data["category"])
    found = policies.load_policies().policies_for(category, is_urgent=form.cleaned_data["urgent"])
    calendar = working_time()
    return [_due(kind, found.get(kind), calendar, at) for kind in ClockKind]


def _due(kind: ClockKind, policy: ClockPolicy | None, calendar: Any, at: datetime) -> dict[str, Any]:
    label = CLOCK_LABELS[kind]
    if policy is None:
        return {"label": label, "policy": None}
    reading = read(policy.clock(at), calendar, at)
    return {"label": label, "policy": policy, "warn_at": reading.warn_at, "due_at": reading.due_at}


@require_safe
@for_readers
def limits_csv(request: HttpRequest) -> StreamingHttpResponse:
    """Every limit as a file, ended ones too."""
    lines = (
        (row.whose, row.urgency, row.policy.get_kind_display(), row.policy.limit.spoken, row.policy.spoken_cap,
         row.policy.warn_share, row.policy.source, "是" if row.policy.is_example else "",
         clock.local_date(row.policy.ended_at) if row.policy.ended_at else "")
        for row in policies.list_policies(with_ended=True)
    )  # fmt: skip
    return csv_file("时限", HEAD, lines)


@form_page
@for_keeper
def add(request: HttpRequest) -> HttpResponse:
    """A new limit."""
    categories = policies.choosable_categories()
    form = AddPolicyForm(posted(request), categories=categories)
    by_id = {row.pk: row for row in categories}

    def act(said: dict[str, Any]) -> HttpResponse:
        facts = {name: said[name] for name in ("kind", *PolicyForm.base_fields)}
        category = by_id.get(said["category"])
        add_policy(category=category, is_urgent=form.urgent(), actor=actor_of(request), at=clock.now(), **facts)
        return done(request, "已新增，从现在起按它算。", "clocks:list")

    return ask(request, form, act, {"heading": "新增时限", "button": "新增", "may_change": True}, template=PAGE)


@form_page
@for_readers
def one(request: HttpRequest, policy_id: int) -> HttpResponse:
    """One limit: change it, and what it was before."""
    actor, row = actor_of(request), policies.find_policy(policy_id)
    if request.method == "POST":
        refuse_keeping(actor)
    form = PolicyForm(posted(request), initial={name: getattr(row, name) for name in PolicyForm.base_fields})

    def act(said: dict[str, Any]) -> HttpResponse:
        change_policy(policy=row, actor=actor, at=clock.now(), **said)
        return done(request, "已保存。", "clocks:list")

    context = {
        "policy": row,
        "heading": f"{row.get_kind_display()}：{policies.spoken_category(row.category)}",
        "urgency": policies.URGENCIES[row.is_urgent],
        "button": "保存",
        "may_change": may_keep_district(actor) and row.ended_at is None,
        "history": history_of(row),
    }
    return ask(request, form, act, context, template=PAGE)


@form_page
@for_keeper
def end(request: HttpRequest, policy_id: int) -> HttpResponse:
    """End it: the next less specific one holds."""
    row = policies.find_policy(policy_id)

    def act(said: dict[str, Any]) -> HttpResponse:
        end_policy(policy=row, reason=said["reason"], actor=actor_of(request), at=clock.now())
        return done(request, "已停用。", "clocks:list")

    about = {
        "heading": f"停用时限：{row.get_kind_display()}，{policies.spoken_category(row.category)}",
        "button": "停用",
        "is_grave": True,
        "words": "停用后用更大范围的时限；一条都没有，就不计这个时钟。",
        "back_url": reverse("clocks:one", args=[row.pk]),
        "back_label": "时限",
    }
    return ask(request, EndPolicyForm(posted(request)), act, about)


@form_page
@for_keeper
def preset(request: HttpRequest) -> HttpResponse:
    """Load an example in place of the examples of before."""

    def act(said: dict[str, Any]) -> HttpResponse:
        did = load_preset(key=said["key"], actor=actor_of(request), at=clock.now())
        words = f"载入 {did.made} 条示例，换下 {did.ended} 条。"
        words += f"本区自己定的 {did.kept} 条没有动。" if did.kept else ""
        return done(request, words, "clocks:list")

    about = {
        "heading": "载入示例",
        "button": "载入",
        "words": "示例只供参考，时限由本区自己定。载入会换下以前载入的示例，自己改过的不动。",
        "back_url": reverse("clocks:list"),
        "back_label": "时限",
    }
    return ask(request, PresetForm(posted(request)), act, about)

"""任务准入 at the desk: what waits for a street, what it would cost, yes or no; and asking from above."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries.office_places import BEARING
from louzhang.fieldwork.actions.campaigning import NOT_ASKERS, asking_units, grounds_of
from louzhang.fieldwork.asking import kind_of
from louzhang.fieldwork.forms.admitting import (
    AdmitForm,
    CampaignForm,
    DeclineForm,
    ask_once,
    decide_once,
    leave_once,
)
from louzhang.fieldwork.models import Admission, Bulletin
from louzhang.fieldwork.queries.admissions import (
    find_admission,
    find_campaign,
    history_of,
    list_admissions,
    neighbours_of,
    questions_of,
    verbs_now,
)
from louzhang.fieldwork.queries.loads import week_of
from louzhang.fieldwork.views.asking_frame import for_askers, for_members, page, tried
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere, NotYours
from louzhang.kit import clock
from louzhang.shell import toasts
from louzhang.shell.parts import Item

CHOICES = (("", "全部"), ("asked", "等准入"), ("admitted", "进行中"), ("over", "已了结"))
VERBS = {"admit": "已同意开展，发起的单位会收到消息。", "decline": "已答复不同意，发起的单位会看到原因。"}
LEAVES = {"withdraw": "已撤回，还没有做的不再排进清单。", "end": "已结束。"}
CHIPS = {"asked": "waiting", "admitted": "ok", "declined": "closed", "withdrawn": "closed", "ended": "closed"}


@require_safe
@for_askers
def admissions(request: HttpRequest) -> HttpResponse:
    """What waits first."""
    actor = actor_of(request)
    which = request.GET.get("which", "")
    url = reverse("asking:admissions")
    filters = [
        Item(label=label, url=f"{url}?which={code}" if code else url, current=code == which) for code, label in CHOICES
    ]
    rows = [(row, CHIPS[row.status], kind_of(row.kind).label) for row in list_admissions(actor, which)]
    context = {"rows": rows, "filters": filters, "can_ask": bool(asking_units(actor))}
    return page(request, "fieldwork/asking/admissions.html", context)


@require_safe
@for_members
def admission(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One at a street: what it costs this week, which questions the register answers."""
    actor, at = actor_of(request), clock.now()
    return _page(request, find_admission(actor, uid), {}, actor, at)


@require_POST
@for_members
def decide(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Let it in, or not."""
    actor, at = actor_of(request), clock.now()
    if verb not in VERBS:
        raise NotThere("没有这一步。")
    row = find_admission(actor, uid)
    form: Any = AdmitForm(request.POST) if verb == "admit" else DeclineForm(request.POST)
    if verb == "admit":
        form.prepare(questions_of(row, neighbours_of(row, at)))
    status = tried(form, lambda: decide_once(row, verb, form, actor=actor, at=at))
    if status != 200:
        return _page(request, find_admission(actor, uid), {verb: form}, actor, at, status=status)
    return _back(request, row, VERBS[verb])


@require_POST
@for_members
def leave(request: HttpRequest, uid: UUID, verb: str) -> HttpResponse:
    """Take it back, or end it."""
    actor = actor_of(request)
    if verb not in LEAVES:
        raise NotThere("没有这一步。")
    row = find_admission(actor, uid)
    leave_once(row, verb, actor=actor, at=clock.now())
    return _back(request, row, LEAVES[verb])


def _page(
    request: HttpRequest, row: Admission, forms: dict[str, Any], actor: Actor, at: datetime, *, status: int = 200
) -> HttpResponse:
    verbs = {each.verb for each in verbs_now(row)}
    others = neighbours_of(row, at)
    questions = questions_of(row, others)
    admit = AdmitForm()
    admit.prepare(questions)
    context = {
        "row": row,
        "chip": CHIPS[row.status],
        "kind": kind_of(row.kind),
        "source_url": kind_of(row.kind).url(row.source_uid, actor),
        "week": week_of(row, others, at),
        "questions": questions,
        "history": history_of(row),
        "verbs": verbs,
        "admit": forms.get("admit", admit),
        "decline": forms.get("decline") or DeclineForm(),
        "entry_id": request.POST.get("entry_id") or uuid4(),
        "minutes": row.minutes,
    }
    return page(request, "fieldwork/asking/admission.html", context, status=status)


def _back(request: HttpRequest, row: Admission, said: str) -> HttpResponse:
    response = redirect("asking:admission", uid=row.uid)
    toasts.say(request, response, said)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@for_askers
def ask(request: HttpRequest) -> HttpResponse:
    """Ask communities for visits or a sheet."""
    actor, at = actor_of(request), clock.now()
    units = asking_units(actor)
    if not units:
        raise NotYours(NOT_ASKERS)
    paths = [path for unit in units for path in grounds_of(unit, at)]
    rows = Area.objects.get_queryset().under_paths(paths).current().of_kind(*BEARING)
    bulletins = Bulletin.objects.visible_to(actor).current().order_by("name")
    form = CampaignForm(request.POST or None, initial={"starts_on": clock.local_date(at)})
    form.prepare(units, list(rows.defer("outline").order_by("path")), list(bulletins))
    status, made = 200, []
    if request.method == "POST":
        status = tried(form, lambda: made.append(ask_once(form, units, actor=actor, at=at)))
        if status == 200:
            response = redirect("asking:campaign", uid=made[0])
            toasts.say(request, response, "已送街道。街道同意以后才会到社区和楼长手里。")
            return response
    context = {"form": form, "entry_id": request.POST.get("entry_id") or uuid4()}
    return page(request, "fieldwork/asking/ask.html", context, status=status)


@require_safe
@for_members
def campaign(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One campaign with what its streets said."""
    found, rows = find_campaign(actor_of(request), uid)
    context = {"campaign": found, "rows": [(row, CHIPS[row.status]) for row in rows]}
    return page(request, "fieldwork/asking/campaign.html", context)

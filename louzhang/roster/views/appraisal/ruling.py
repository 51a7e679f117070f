"""Objections and reviews at the desk; schemes, and the switch for staff."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.rights import READERS, offices_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.views.settings_frame import settings_page
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotThere
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.register.views.frame import page
from louzhang.roster.actions.appraisal import (
    add_scene,
    adopt_scheme,
    answer_objection,
    decide,
    end_scene,
    end_scheme,
    open_review,
)
from louzhang.roster.forms.appraisal import AnswerForm, DecideForm, SceneForm, SchemeForm, first_of_scheme
from louzhang.roster.models.appraisal_rulings import Ground
from louzhang.roster.presets.appraisal import PRESETS
from louzhang.roster.queries.appraisal.rulings import (
    find_objection,
    find_request,
    find_review,
    objections_for,
    requests_of_residents,
    reviews_for,
)
from louzhang.roster.queries.appraisal.schemes import scenes, schemes_for

for_offices = for_roles(*OFFICE_ROLES)
for_keeper = for_roles(Role.SYSTEM_ADMIN)
for_readers = for_roles(*READERS)


@require_safe
@for_offices
def objections(request: HttpRequest) -> HttpResponse:
    """Objections, those due first on top."""
    return page(request, "roster/appraisal/objections.html", {"objections": objections_for(actor_of(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def answer(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Answer one: with a reason, or with what is to be added."""
    actor = actor_of(request)
    found = find_objection(actor, uid)
    form = AnswerForm(bound(request), initial={"entry_id": uuid4()})
    here = reverse("appraisal:objection", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        answer_objection(objection_id=found.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = "更正会重新算这个月，已公布的写明更正过；只说明理由，数字不动。"
    return act(request, form, do, label="答复异议", about=about, back=here, said="答复了，本人能看到。")


@require_safe
@for_offices
def reviews(request: HttpRequest) -> HttpResponse:
    """Reviews, and requests of residents for which none was opened."""
    actor = actor_of(request)
    context = {"reviews": reviews_for(actor), "requests": requests_of_residents(actor), "entry_id": uuid4()}
    return page(request, "roster/appraisal/reviews.html", context)


@require_POST
@for_offices
def review_open(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A review because residents asked for it (R3)."""
    actor, at = actor_of(request), clock.now()
    wish = find_request(actor, uid)

    def do() -> None:
        open_review(post=wish.post, ground=Ground.RESIDENTS, actor=actor, at=at, facts={"request": wish.pk})

    return tapped(request, reverse("appraisal:reviews"), do, "开始复核了，先听本人说。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def deciding(request: HttpRequest, uid: UUID) -> HttpResponse:
    """People decide, after the person was heard."""
    actor = actor_of(request)
    found = find_review(actor, uid)
    form = DecideForm(bound(request), initial={"entry_id": uuid4()})
    here = reverse("appraisal:review", args=[uid])

    def do(said: dict[str, Any], at: Any) -> str:
        decide(review_id=found.pk, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    about = "系统不替人决定。另行推选的，请接着在“选任”里开一轮。"
    return act(request, form, do, label="决定", about=about, back=here, said="决定了，本人能看到。")


# ---- Schemes --------------------------------------------------------------------------------------------------------


@require_safe
@for_readers
def schemes(request: HttpRequest) -> HttpResponse:
    """How people are appraised here; whoever may change it does so by a new scheme."""
    actor = actor_of(request)
    places = {area.pk for area in _places(actor)}
    found = schemes_for(actor)
    context = {
        "schemes": [(scheme, scheme.area_id in places and scheme.ended_at is None) for scheme in found],
        "can_add": bool(places),
        "presets": [(key, draft.name) for key, draft in PRESETS.items()],
    }
    return settings_page(request, "roster/appraisal/schemes.html", context)


def _places(actor: Actor) -> list[Area]:
    ids = [seat.area_id for seat in offices_of(actor) if not actor.is_read_only]
    return list(Area.objects.filter(pk__in=ids, ended_at=None).order_by("path"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_offices
def scheme_add(request: HttpRequest) -> HttpResponse:
    """A scheme: from nothing, or from a preset."""
    actor, places = actor_of(request), _places(actor_of(request))
    preset = PRESETS.get(request.GET.get("preset", ""))
    first = {"entry_id": uuid4(), "commend_most": 3, "pass_mark": 60, "role": Role.CHIEF}
    form = SchemeForm(bound(request), places=places, initial=first | (first_of_scheme(preset) if preset else {}))
    back = reverse("appraisal:schemes")

    def do(said: dict[str, Any], at: Any) -> str:
        area = next((place for place in places if place.pk == said["area"]), None)
        if area is None:
            raise NotThere("没有这个地方，请重新选。")
        adopt_scheme(draft=form.draft(), area=area, actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    return act(
        request, form, do, label="定考核办法", about="本月起用；同一地方同一角色以前的办法到此为止，公布过的月份不变。",
        back=back, said="定好了。", template="roster/appraisal/scheme.html",
    )  # fmt: skip


@require_POST
@for_offices
def scheme_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """No further month by it."""
    actor, at = actor_of(request), clock.now()
    back = reverse("appraisal:schemes")
    return tapped(request, back, lambda: end_scheme(uid=uid, actor=actor, at=at), "停用了，公布过的月份都留着。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def staff_scenes(request: HttpRequest) -> HttpResponse:
    """The switch for staff: off, unless a named scene with its document and an end says otherwise."""
    actor = actor_of(request)
    may_keep = actor.has_role(Role.SYSTEM_ADMIN) and not actor.is_read_only
    form = SceneForm(bound(request), initial={"entry_id": uuid4()})
    here = reverse("appraisal:scenes")

    def do(said: dict[str, Any], at: Any) -> str:
        add_scene(actor=actor, at=at, entry_id=form.cleaned_data["entry_id"], **said)
        return here

    more: dict[str, Any] = {"scenes": scenes(), "may_keep": may_keep, "today": clock.local_date(clock.now())}
    return act(
        request, form, do, label="开启", back=here, said="开启了，页面上写着依据和截止日期。",
        template="roster/appraisal/scenes.html", **more,
    )  # fmt: skip


@require_POST
@for_keeper
def scene_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Over before its day."""
    actor, at = actor_of(request), clock.now()
    return tapped(request, reverse("appraisal:scenes"), lambda: end_scene(uid=uid, actor=actor, at=at), "停用了。")

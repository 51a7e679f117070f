"""职责目录 and 遇到…怎么办 at the desk: what stands there, its history, another wording, the preset."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.models import Area
from louzhang.areas.queries import district
from louzhang.areas.rights import READERS, may_keep_district, offices_of
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.areas.views.settings_frame import settings_page
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import NotYours
from louzhang.kit import clock
from louzhang.register.views.acts import act, bound, tapped
from louzhang.roster.actions.duties import add_duty, change_duty, end_duty, lay_down_duties, rename_class
from louzhang.roster.actions.guides import change_guide, end_guide, lay_down_guides, may_write, write_guide
from louzhang.roster.forms.duties import ClassForm, DutyForm, GuideForm, first_of_duty, first_of_guide
from louzhang.roster.models.duties import Duty, Guide
from louzhang.roster.queries.duties import catalogue, find_class, find_duty, history_of
from louzhang.roster.queries.guides import all_guides, find_guide

for_readers = for_roles(*READERS)
for_keeper = for_roles(Role.SYSTEM_ADMIN)
for_writers = for_roles(*OFFICE_ROLES, Role.SYSTEM_ADMIN)
EDIT = "roster/duties/edit.html"
ABOUT = "一看就会做：短句、大字、先做什么后做什么。"


@require_safe
@for_readers
def listed(request: HttpRequest) -> HttpResponse:
    """The catalogue, class by class, and the pages of what to do."""
    actor = actor_of(request)
    guides = all_guides(actor)
    groups = catalogue()
    context = {
        "groups": groups,
        "count": sum(len(group.shown) for group in groups),
        "guides": [(guide, may_write(actor, guide.area)) for guide in guides],
        "own_keys": {guide.key for guide in guides if may_write(actor, guide.area)},
        "may_keep": may_keep_district(actor),
        "may_write": bool(_places(actor)),
    }
    return settings_page(request, "roster/duties/catalogue.html", context)


@require_POST
@for_writers
def preset(request: HttpRequest) -> HttpResponse:
    """The preset, where nothing stands yet: duties for the keeper, pages for the district too."""
    actor, at = actor_of(request), clock.now()

    def do() -> None:
        if may_keep_district(actor):
            lay_down_duties(actor=actor, at=at)
        lay_down_guides(actor=actor, at=at)

    return tapped(request, reverse("post_duties:catalogue"), do, "范例已载入，可以照本区的情况改。")


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def class_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another name for a class."""
    row, back = find_class(uid), reverse("post_duties:catalogue")
    form = ClassForm(bound(request), initial={"entry_id": uuid4(), "name": row.name})

    def do(said: dict[str, Any], at: datetime) -> str:
        rename_class(uid=uid, name=said["name"], actor=actor_of(request), at=at)
        return back

    return act(request, form, do, label="改名称", about=row.name, back=back, said="改好了。", template=EDIT,
               history=history_of("duty_class", row.pk))  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def duty_add(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A further duty of a class."""
    row, back = find_class(uid), reverse("post_duties:catalogue")
    form = DutyForm(bound(request), initial={"entry_id": uuid4()})

    def do(_said: dict[str, Any], at: datetime) -> str:
        add_duty(class_uid=uid, draft=form.draft(), actor=actor_of(request), at=at)
        return back

    return act(request, form, do, label="加一项职责", about=row.name, back=back, said="加上了。", template=EDIT)


@require_http_methods(["GET", "HEAD", "POST"])
@for_keeper
def duty_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another wording of a duty, with what it said before."""
    duty, back = find_duty(uid), reverse("post_duties:catalogue")
    form = DutyForm(bound(request), initial={"entry_id": uuid4(), **first_of_duty(duty)})

    def do(_said: dict[str, Any], at: datetime) -> str:
        change_duty(uid=uid, draft=form.draft(), actor=actor_of(request), at=at)
        return back

    more = {"history": history_of(Duty.subject_kind, duty.pk), "end_url": reverse("post_duties:duty_end", args=[uid])}
    return act(request, form, do, label="改这项职责", about=duty.duty_class.name, back=back, said="改好了。",
               template=EDIT, **more)  # fmt: skip


@require_POST
@for_keeper
def duty_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """It is asked of nobody any more."""
    actor, at = actor_of(request), clock.now()
    return tapped(
        request, reverse("post_duties:catalogue"), lambda: end_duty(uid=uid, actor=actor, at=at), "这项职责已停用。"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def guide_add(request: HttpRequest) -> HttpResponse:
    """A further page; with `?instead=` an own wording of one that stands above."""
    actor, back = actor_of(request), reverse("post_duties:catalogue")
    model = next((row for row in all_guides(actor) if str(row.uid) == request.GET.get("instead")), None)
    first = first_of_guide(model) if model is not None else {}
    places = _places(actor)
    if not places:
        raise NotYours("这里的办法由街道或区里的办公室来写。请把想法告诉街道。")
    form = GuideForm(bound(request), initial={"entry_id": uuid4(), **first}).for_places(places)

    def do(said: dict[str, Any], at: datetime) -> str:
        write_guide(area=_chosen(places, said["area"]), draft=form.draft(), actor=actor, at=at,
                    key=model.key if model is not None else "", entry_id=form.cleaned_data["entry_id"])  # fmt: skip
        return back

    about = (
        f"代替“{model.title}”，只在本街道用。" if model is not None else "一看就会做：短句、大字、先做什么后做什么。"
    )
    return act(request, form, do, label="写一页怎么办", about=about, back=back, said="写好了。", template=EDIT)


def _places(actor: Actor) -> list[Area]:
    """The areas whose words are the actor's."""
    ids = [seat.area_id for seat in offices_of(actor)]
    rows = Area.objects.get_queryset().filter(pk__in=ids, ended_at=None).select_related("level").defer("outline")
    root = district()
    own = [area for area in rows if may_write(actor, area)]
    return own or ([root] if root is not None and may_write(actor, root) else [])


def _chosen(places: list[Area], typed: str) -> Area:
    return next((area for area in places if str(area.pk) == typed), places[0])


@require_http_methods(["GET", "HEAD", "POST"])
@for_writers
def guide_one(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Another wording of a page, with what it said before."""
    actor, back = actor_of(request), reverse("post_duties:catalogue")
    found = find_guide(actor, uid)
    form = GuideForm(bound(request), initial={"entry_id": uuid4(), **first_of_guide(found)}).for_places([])

    def do(_said: dict[str, Any], at: datetime) -> str:
        change_guide(uid=uid, draft=form.draft(), actor=actor, at=at, entry_id=form.cleaned_data["entry_id"])
        return back

    more = {
        "history": history_of(Guide.subject_kind, found.pk),
        "end_url": reverse("post_duties:guide_end", args=[uid]),
    }
    return act(request, form, do, label="改这一页", about=f"{found.area.name}的办法", back=back, said="改好了。",
               template=EDIT, **more)  # fmt: skip


@require_POST
@for_writers
def guide_end(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Away with a page; where a street had its own, the district's holds again."""
    actor, at = actor_of(request), clock.now()
    return tapped(
        request, reverse("post_duties:catalogue"), lambda: end_guide(uid=uid, actor=actor, at=at), "这一页已停用。"
    )

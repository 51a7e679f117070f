"""任命: a person found by name or exact number, or a new one, for a post at one area or unit.

Names and numbers are posted; the page is shown again with who was found, so nothing of a person
stands in an address.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from louzhang.accounts.models import User
from louzhang.accounts.visits import actor_of
from louzhang.areas import actions
from louzhang.areas.forms.units import AppointForm, NamedStandInForm, PersonFields
from louzhang.areas.models import Area, Post, Unit
from louzhang.areas.queries import post_lists
from louzhang.areas.queries.finding_people import appointable_person, find_appointable, is_known_to
from louzhang.areas.queries.tree_lists import lines_of
from louzhang.areas.rights import find_area, find_unit, refuse_filling, roles_seated, roles_to_fill
from louzhang.areas.views.settings_frame import ask, done, for_readers, posted, settings_page
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, Refusal
from louzhang.kit import clock
from louzhang.kit.typed import number_of


@sensitive_post_parameters("words", "name", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@for_readers
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint somebody at the area or unit the address names."""
    actor, at = actor_of(request), clock.now()
    area, unit = _where(request, actor)
    if area is None and unit is None:
        return redirect("settings:choose_seat")
    roles = roles_to_fill(actor, area, unit, at)
    if not roles:
        for role in roles_seated(area, unit):
            refuse_filling(actor, role, area, unit, at, ())
        raise Conflict("这里没有可以任命的职务。办公室的人在所在地点任命。")
    form = AppointForm(
        posted(request),
        roles=roles,
        titles=post_lists.titles_for(roles),
        initial={"starts_on": clock.local_date(at)},
    )
    stand = NamedStandInForm(posted(request), prefix="stand_in")
    about = _about(area, unit) | {"stand": stand}
    if "look" in request.POST or "look_stand_in" in request.POST:
        return _looked(request, form, stand, about)

    def act(said: dict[str, Any]) -> HttpResponse:
        post = _appointed(form, stand, actor, at, area, unit)
        return done(request, "已任命。需要登录的，请到“队伍”里发登录码。", "settings:post", post.pk)

    about |= _both(actor, form, stand, at)
    return ask(request, form, act, about, template="areas/settings/appoint.html")


def _where(request: HttpRequest, actor: Actor) -> tuple[Area | None, Unit | None]:
    area_id, unit_id = number_of(request.GET.get("area")), number_of(request.GET.get("unit"))
    if area_id is not None:
        return find_area(actor, area_id), None
    return None, find_unit(actor, unit_id) if unit_id is not None else None


def _about(area: Area | None, unit: Unit | None) -> dict[str, Any]:
    if area is not None:
        back, name, line = reverse("settings:area", args=[area.pk]), area.name, lines_of([area])[area.pk]
    else:
        assert unit is not None
        back, name, line = reverse("settings:unit", args=[unit.pk]), unit.name, ""
    where = urlencode({"area": area.pk} if area is not None else {"unit": unit.pk if unit else ""})
    return {"back_url": back, "back_label": name, "where": f"{line} {name}".strip(), "act_url": f"?{where}"}


def _both(actor: Actor, form: AppointForm, stand: NamedStandInForm, at: datetime) -> dict[str, Any]:
    return candidates(actor, form, at) | {"stand_in": candidates(actor, stand, at)}


def _looked(request: HttpRequest, form: AppointForm, stand: NamedStandInForm, about: dict[str, Any]) -> HttpResponse:
    """The page again with whom the words found; nothing is judged yet."""
    found = _both(actor_of(request), form, stand, clock.now())
    form.errors.clear()
    stand.errors.clear()
    asked, people = (form, found) if "look" in request.POST else (stand, found["stand_in"])
    if not people["people"]:
        asked.add_error("words", people["none"])
    return settings_page(request, "areas/settings/appoint.html", {"form": form} | about | found)


def candidates(actor: Actor, form: PersonFields, at: datetime) -> dict[str, Any]:
    """Whom the typed words find, with their posts, to choose one of."""
    words = form.typed
    people = find_appointable(actor, words, at) if words else []
    held = post_lists.posts_by_person(people, at)
    none = "没有找到。请换两个字，或用完整的手机号查找；还没有登记的，在下面登记。"
    return {
        "people": [
            {
                "uid": str(person.uid),
                "name": person.name if is_known_to(actor, person, at) else person.masked_name,
                "posts": held.get(person.pk, "现在没有任职"),
            }
            for person in people
        ],
        "chosen": str(form["person"].value() or ""),
        "none": none,
    }


def _appointed(
    form: AppointForm, stand: NamedStandInForm, actor: Actor, at: datetime, area: Area | None, unit: Unit | None
) -> Post:
    said = form.cleaned_data
    role, title = form.role_and_title()
    terms = {"kind": said["kind"], "title": title, "starts_on": said["starts_on"], "ends_on": said["ends_on"]}
    terms["stand_in"] = _stand_in(stand, actor, at)
    if said["person"] is None:
        return actions.appoint_newcomer(
            name=said["name"], phone=said["phone"], role=role, actor=actor, at=at, area=area, unit=unit, **terms
        )
    try:
        person = appointable_person(actor, said["person"], at)
    except NotThere as refusal:
        raise InputRefused(refusal.message, field="words") from None
    try:
        return actions.appoint_known(user=person, role=role, actor=actor, at=at, area=area, unit=unit, **terms)
    except Refusal as refusal:
        if refusal.field in {"user", "area", "unit"}:
            refusal.field = "seat"
        raise


def _stand_in(stand: NamedStandInForm, actor: Actor, at: datetime) -> User | None:
    """Who was chosen to act beside the holder, if anybody; raises `InputRefused`, said by the field too."""
    try:
        if not stand.is_valid():
            raise InputRefused("替岗人还没有选好，见下面。")
        return appointable_person(actor, stand.chosen, at) if stand.chosen else None
    except NotThere as refusal:
        stand.add_error("words", refusal.message)
        raise InputRefused(f"替岗人：{refusal.message}") from None

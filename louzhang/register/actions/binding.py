"""本人认证: somebody says "this is me" by number and name; whoever keeps the place has met them and confirms it."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from louzhang.accounts import limits
from louzhang.areas.roles import Role
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere, NotYours
from louzhang.kit import clock
from louzhang.register.actions.keeping import tell
from louzhang.register.actions.telling import tell_sitting
from louzhang.register.ages import CHILD_UNTIL, is_under
from louzhang.register.models import Binding, Resident, id_index, phone_index
from louzhang.register.queries.own import bindings_to_confirm, own_bindings
from louzhang.register.queries.places import community_of
from louzhang.register.scope import refuse_looking_only

CONFIRMED = "有住户的手机通过了本人认证，请抽查是不是本人"


def ask_binding(*, name: str, id_number: str = "", phone: str = "", actor: Actor, at: datetime) -> None:
    """Say who one is by name and ID number or phone; both are normal already.

    Whether such a person is registered is never told: an ask that fits nobody is answered in the same way, and so is
    one for a child under 14, for whom the guardian speaks at the community. Call
    outside a transaction. Raises `InputRefused` without a number, `NotYours` for a browser without cookies,
    `Conflict` for who is bound already, `TooOften`.
    """
    refuse_looking_only(actor)
    key = str(actor.user_id or actor.device)
    if actor.user_id is None and not actor.device:
        raise NotYours("浏览器没有保存 Cookie，记不住您是谁。请允许 Cookie 后刷新页面再试。")
    if not name.strip() or not (id_number or phone):
        raise InputRefused("请填写姓名和证件号码，或姓名和登记过的电话。", field="id_number")
    limits.refuse_too_often({"binding.asker": key}, at)
    with transaction.atomic():
        standing = own_bindings(actor).select_for_update(no_key=True).first()
        if standing is not None and standing.confirmed_at is not None:
            raise Conflict("您已经认证过了，不用再认证。")
        resident = _named(name.strip(), id_number, phone)
        if resident is not None and is_under(resident, CHILD_UNTIL, clock.local_date(at)):
            resident = None
        if standing is not None:
            _end(standing, "ask_anew", actor, at)
        if resident is not None:
            _ask(resident, actor, at)


def _named(name: str, id_number: str, phone: str) -> Resident | None:
    rows = Resident.objects.current().filter(name=name, died_on=None)
    if id_number:
        return rows.filter(id_index=id_index(id_number)).first()
    found = list(rows.filter(phone_index=phone_index(phone))[:2])
    return found[0] if len(found) == 1 else None


def _ask(resident: Resident, actor: Actor, at: datetime) -> None:
    try:
        with transaction.atomic():
            binding = Binding.objects.create(
                resident=resident,
                user_id=actor.user_id,
                device_hash="" if actor.user_id is not None else actor.device,
                asked_at=at,
            )
    except IntegrityError:
        raise Conflict("您刚刚提交过，请等楼长核对。") from None
    tell(binding, "ask", area_id=resident.area_id, actor=actor, at=at, payload={"resident": resident.pk})


def confirm_binding(*, binding_id: int, actor: Actor, at: datetime) -> Binding:
    """Whoever keeps the place has met the person and says it is them; nothing of their data opens by that.

    One phone or account for a resident: the one bound before is let go, and its person sees that it was. The
    secretary of the community is told, so that nobody confirms a phone of their own as somebody else's unseen.
    """
    with transaction.atomic():
        binding = _asked(binding_id, actor)
        for former in _bound(binding.resident_id):
            _end(former, "end", actor, at)
        binding.confirmed_at, binding.confirmed_by_id = at, actor.user_id
        facts = {"resident": binding.resident_id}
        saved = ("confirmed_at", "confirmed_by")
        tell(binding, "confirm", area_id=binding.resident.area_id, actor=actor, at=at, payload=facts, save=saved)
        url = reverse("register:resident", args=[binding.resident.uid])
        told = [community_of(binding.resident.area_id)]
        tell_sitting(told, [Role.SECRETARY], binding, title=CONFIRMED, url=url, at=at)
    return binding


def decline_binding(*, binding_id: int, actor: Actor, at: datetime) -> Binding:
    """It is not them, or nobody came."""
    with transaction.atomic():
        binding = _asked(binding_id, actor)
        _end(binding, "decline", actor, at)
    return binding


def end_binding(*, actor: Actor, at: datetime) -> None:
    """The person lets go of this phone or account; raises `NotThere` where nothing is bound."""
    refuse_looking_only(actor)
    with transaction.atomic():
        rows = own_bindings(actor).select_related("resident").select_for_update(no_key=True, of=("self",))
        binding = rows.first()
        if binding is None:
            raise NotThere("这里没有认证过。")
        _end(binding, "end", actor, at)


def _asked(binding_id: int, actor: Actor) -> Binding:
    refuse_looking_only(actor)
    rows = bindings_to_confirm(actor).filter(pk=binding_id).select_related("resident")
    binding = rows.select_for_update(no_key=True, of=("self",)).first()
    if binding is None:
        raise NotThere("没有找到这个认证，可能别人刚刚办过。")
    return binding


def _bound(resident_id: int) -> list[Binding]:
    rows = Binding.objects.filter(resident_id=resident_id, confirmed_at__isnull=False, ended_at=None)
    return list(rows.select_related("resident").order_by("pk").select_for_update(no_key=True, of=("self",)))


def _end(binding: Binding, verb: str, actor: Actor, at: datetime) -> None:
    binding.ended_at = at
    tell(binding, verb, area_id=binding.resident.area_id, actor=actor, at=at, save=("ended_at",))

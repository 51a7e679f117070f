"""地: sites entered, corrected, checked, ended; firms with whom to ask for there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from louzhang.accounts import limits
from louzhang.areas.models import Area
from louzhang.journal.actions import log_reveal
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Conflict, InputRefused, NotThere
from louzhang.kit import clock
from louzhang.register.actions.keeping import kept, refuse_strange_area, tell
from louzhang.register.forbidden import refuse_forbidden
from louzhang.register.models import Firm, Site

SITE_COLUMNS = ("kind", "name", "longitude", "latitude", "keeper_unit_id", "keeper_firm_id", "check_days")
NAME_LENGTH = 60


def enter_site(*, area: Area, actor: Actor, at: datetime, **said: Any) -> Site:
    """Enter a thing at a place: its kind and name, where on the map, who keeps it, how often it is checked.

    Raises `NotYours` for a place the actor does not keep, `InputRefused` for a blank name, two keepers or a strange
    firm.
    """
    refuse_strange_area(actor, area)
    site = Site(area=area, added_at=at)
    with transaction.atomic():
        _set(site, said, actor)
        _plan_check(site, at)
        site.save(force_insert=True)
        tell(site, "add", area_id=area.pk, actor=actor, at=at, payload={"kind": site.kind, "name": site.name})
    return site


def correct_site(*, site_id: int, actor: Actor, at: datetime, **said: Any) -> Site:
    """Correct what stands about a site; what stays the same makes no event."""
    with transaction.atomic():
        site = _standing(site_id, actor)
        before = {name: getattr(site, name) for name in said}
        _set(site, said, actor)
        changed = [name for name in said if getattr(site, name) != before[name]]
        if changed:
            _plan_check(site, at)
            save = (*changed, "check_due_on")
            tell(site, "correct", area_id=site.area_id, actor=actor, at=at, payload={"changed": changed}, save=save)
    return site


def check_site(*, site_id: int, actor: Actor, at: datetime, words: str = "") -> Site:
    """Note that a site was looked at; the next day is counted from today."""
    with transaction.atomic():
        site = _standing(site_id, actor)
        site.checked_on = clock.local_date(at)
        _plan_check(site, at)
        said = {"words": words.strip()[:200]}
        save = ("checked_on", "check_due_on")
        tell(site, "check", area_id=site.area_id, actor=actor, at=at, words=said, save=save)
    return site


def end_site(*, site_id: int, actor: Actor, at: datetime) -> Site:
    """A site is there no more."""
    with transaction.atomic():
        site = _standing(site_id, actor)
        site.ended_at = at
        tell(site, "end", area_id=site.area_id, actor=actor, at=at, save=("ended_at",))
    return site


def _standing(site_id: int, actor: Actor) -> Site:
    site: Site = kept(Site.objects.all(), site_id, actor, "area")
    if site.ended_at is not None:
        raise Conflict("这个点位已经撤掉了。")
    return site


def _set(site: Site, said: Mapping[str, Any], actor: Actor) -> None:
    for name in SITE_COLUMNS:
        if name in said:
            setattr(site, name, said[name])
    site.name = site.name.strip()
    if not site.name or len(site.name) > NAME_LENGTH:
        raise InputRefused(f"请写名称，最多 {NAME_LENGTH} 个字。", field="name")
    if site.keeper_unit_id and site.keeper_firm_id:
        raise InputRefused("负责的只选一个：单位，或者单位商户。", field="keeper_firm")
    if site.keeper_firm_id and not Firm.objects.visible_to(actor).filter(pk=site.keeper_firm_id).exists():
        raise NotThere("没有找到这个单位商户，或它不在您负责的范围内。")
    if (site.longitude is None) != (site.latitude is None):
        raise InputRefused("地图上的位置没有选好，请重新点一下。", field="name")


def _plan_check(site: Site, at: datetime) -> None:
    """Due a round after the last check; never checked, today."""
    if site.check_days is None:
        site.check_due_on = None
    elif site.checked_on is None:
        site.check_due_on = clock.local_date(at)
    else:
        site.check_due_on = site.checked_on + timedelta(days=site.check_days)


# ---- Firms -----------------------------------------------------------------------------------------------


def enter_firm(
    *, area: Area, name: str, actor: Actor, at: datetime, trade: str = "", contact: str = "", phone: str = ""
) -> Firm:
    """Enter a firm at a place with whom to ask for; `phone` is normal already.

    Raises `NotYours`, `InputRefused` for a blank name, `Conflict` for a name that stands there.
    """
    refuse_strange_area(actor, area)
    firm = Firm(area=area, added_at=at)
    _say(firm, name, trade)
    firm.seal(name=contact.strip(), phone=phone)
    try:
        with transaction.atomic():
            firm.save(force_insert=True)
            tell(firm, "add", area_id=area.pk, actor=actor, at=at, payload={"name": firm.name})
    except IntegrityError:
        raise Conflict("这里已经登记过同名的单位商户。", field="name") from None
    return firm


def correct_firm(
    *, firm_id: int, actor: Actor, at: datetime, name: str, trade: str = "", contact: str = "", phone: str = ""
) -> Firm:
    """Correct a firm; contact and phone stay where nothing is typed."""
    try:
        with transaction.atomic():
            firm = _open_firm(firm_id, actor)
            _say(firm, name, trade)
            typed = {key: value for key, value in (("name", contact.strip()), ("phone", phone)) if value}
            firm.seal(**typed)
            save = ("name", "trade", "contact_sealed", "phone_sealed")
            facts = {"changed": sorted(["name", "trade", *typed])}
            tell(firm, "correct", area_id=firm.area_id, actor=actor, at=at, payload=facts, save=save)
    except IntegrityError:
        raise Conflict("这里已经登记过同名的单位商户。", field="name") from None
    return firm


def end_firm(*, firm_id: int, actor: Actor, at: datetime) -> Firm:
    """A firm has left: nobody is to be asked for there any more, so the contact goes."""
    with transaction.atomic():
        firm = _open_firm(firm_id, actor)
        firm.ended_at = at
        firm.seal(name="", phone="")
        save = ("ended_at", "contact_sealed", "phone_sealed")
        tell(firm, "end", area_id=firm.area_id, actor=actor, at=at, save=save)
    return firm


def reveal_firm(*, firm_id: int, reason: str, actor: Actor, at: datetime) -> str:
    """The number of a firm's contact in plain, with a reason that is logged.

    Call outside a transaction: the count stays when the rest is refused. Raises `TooOften`.
    """
    if len(reason.strip()) < 2:
        raise InputRefused("请写明为什么要查看，这会留下记录。", field="reason")
    limits.refuse_too_often({"reveal.person": str(actor.user_id or actor.device)}, at)
    with transaction.atomic():
        firm = _open_firm(firm_id, actor)
        log_reveal(
            subject_kind=Firm.subject_kind, subject_id=firm.pk, what="phone", reason=reason.strip()[:200],
            actor=actor, at=at,
        )  # fmt: skip
        return firm.open_field("phone")


def _open_firm(firm_id: int, actor: Actor) -> Firm:
    firm: Firm = kept(Firm.objects.all(), firm_id, actor, "area")
    if firm.ended_at is not None:
        raise Conflict("这个单位商户已经撤掉了。")
    return firm


def _say(firm: Firm, name: str, trade: str) -> None:
    firm.name, firm.trade = name.strip(), trade.strip()
    if not firm.name or len(firm.name) > NAME_LENGTH:
        raise InputRefused(f"请写名称，最多 {NAME_LENGTH} 个字。", field="name")
    refuse_forbidden(firm.trade, field="trade")

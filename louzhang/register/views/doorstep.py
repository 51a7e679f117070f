"""上门登记: one short form that works without a signal, the batches a phone sends, and settling two versions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from louzhang.accounts.gates import for_roles, signed_in
from louzhang.accounts.visits import actor_of
from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.forms import VerbForm
from louzhang.journal.refusals import InputRefused, Refusal
from louzhang.kit import clock
from louzhang.kit.writable import writable
from louzhang.register.actions.entries import said_by
from louzhang.register.doorstep import CONFLICT, ENTRIES_AT_MOST, REFUSED, Entry, Result, kind_of
from louzhang.register.forms import homes, people
from louzhang.register.forms.door import DoorCorrectForm, DoorReachForm
from louzhang.register.forms.syncing import settle, take_entries
from louzhang.register.models import DoorEntry
from louzhang.register.queries.doors import own_doors
from louzhang.register.queries.entries import held_entries
from louzhang.register.views.frame import for_keepers, page
from louzhang.shell import toasts

# What is most often written down at a door, in the order of the page, with the form of each.
OFFERED: Mapping[str, type[VerbForm]] = {
    "door.need": homes.NeedForm,
    "door.reach": DoorReachForm,
    "door.register": people.RegisterForm,
    "door.correct": DoorCorrectForm,
    "dwelling.move_in": homes.MoveInForm,
    "dwelling.check": homes.CheckForm,
    "door.out": homes.MoveOutForm,
}
SENT_FIELDS = ("kind", "row", "base", "seen_at")
for_field = for_roles(*FIELD_ROLES)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def door(request: HttpRequest) -> HttpResponse:
    """The form; the copy a phone keeps (`?blank=1`) names no door: those come from the pocket."""
    if request.method != "POST":
        return _door_page(request, {})
    posted = {name: str(value) for name, value in request.POST.items()}
    return taken_here(request, posted) or _door_page(request, posted, status=400)


def taken_here(request: HttpRequest, posted: dict[str, str]) -> HttpResponse | None:
    """Take one entry of a browser without JavaScript; None with the sentence in `posted` where it is refused."""
    at = clock.now()
    try:
        entry = entry_of({"id": posted.get("entry_id"), "happened_at": at.isoformat(), "fields": posted})
        result = take_entries([entry], actor=actor_of(request), at=at)[0]
    except InputRefused as refusal:
        posted["refused"] = refusal.message
        return None
    if result.result == REFUSED:
        posted["refused"] = result.message
        return None
    response = redirect("register:conflicts" if result.result == CONFLICT else result.address or "register:notebook")
    toasts.say(request, response, result.message or "已登记。")
    return response


def _door_page(request: HttpRequest, posted: Mapping[str, str], *, status: int = 200) -> HttpResponse:
    kinds = [{"name": name, "label": _label(name), "form": _form(name, form, posted)} for name, form in OFFERED.items()]
    context = {
        "doors": [] if "blank" in request.GET else own_doors(actor_of(request)),
        "is_blank": "blank" in request.GET,
        "kinds": kinds,
        "chosen": posted.get("kind") or next(iter(OFFERED)),
        "row": posted.get("row") or request.GET.get("door", ""),
        "entry_id": posted.get("entry_id") or uuid4(),
        "seen_at": clock.now().isoformat(),
        "refused": posted.get("refused", ""),
        "batch_url": reverse("register:sync"),
        "back_url": reverse("register:notebook"),
    }
    return page(request, "register/door.html", context, status=status)


def _label(name: str) -> str:
    kind = kind_of(name)
    return kind.label if kind is not None else name


def _form(name: str, form: type[VerbForm], posted: Mapping[str, str]) -> forms.Form:
    """The fields of one kind, each under the name of the kind, so that several stand on one page."""
    today = clock.local_date(clock.now())
    is_typed = posted.get("kind") == name
    return form(data=dict(posted) if is_typed else None, prefix=name, initial={"on": today}, auto_id=f"id_{name}_%s")


@sensitive_post_parameters()
@never_cache
@require_POST
@signed_in
def sync(request: HttpRequest) -> HttpResponse:
    """A batch from the outbox of a phone: a result per entry, with the address where it now stands.

    Open to whoever is signed in: what waited while a post ended still arrives.
    """
    given, sent_at = _batch_of(request)
    read = [_read_entry(raw) for raw in given]
    entries = [entry for entry in read if isinstance(entry, Entry)]
    taken = iter(take_entries(entries, actor=actor_of(request), at=clock.now(), sent_at=sent_at))
    results = [next(taken) if isinstance(entry, Entry) else entry for entry in read]
    return JsonResponse({"results": [_row(raw, result) for raw, result in zip(given, results, strict=True)]})


def _read_entry(raw: Any) -> Entry | Result:
    try:
        return entry_of(raw)
    except InputRefused as refusal:
        return Result(UUID(int=0), REFUSED, refusal.message)


def _batch_of(request: HttpRequest) -> tuple[list[Any], datetime | None]:
    """The entries as they came, and the moment of sending by the phone's clock where it says so."""
    try:
        body = json.loads(request.body)
        given = body["entries"]
        sent_at = _moment(str(body["sent_at"])) if body.get("sent_at") else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        given, sent_at = None, None
    if not isinstance(given, list) or len(given) > ENTRIES_AT_MOST:
        raise InputRefused("没有看懂这一批登记，请更新页面后再发。")
    return given, sent_at


def entry_of(raw: Any) -> Entry:
    """An entry as a page sends it: its own fields under the name of its kind, or plain. Raises `InputRefused`."""
    try:
        fields = {str(name): writable(str(value)) for name, value in raw["fields"].items()}
        kind = fields["kind"]
        base = fields.get("base", "")
        return Entry(
            uid=UUID(str(raw["id"])),
            kind=kind,
            row=UUID(fields["row"]),
            fields=_own(fields, kind),
            happened_at=_moment(str(raw["happened_at"])),
            base=int(base) if base.isdecimal() and len(base) < 10 else None,
            seen_at=_moment(fields["seen_at"]) if fields.get("seen_at") else None,
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InputRefused("请选哪一户、什么事，再提交。", field="row") from None


def _own(fields: Mapping[str, str], kind: str) -> dict[str, str]:
    prefix = f"{kind}-"
    plain = {name: value for name, value in fields.items() if "-" not in name and name not in SENT_FIELDS}
    return plain | {name[len(prefix) :]: value for name, value in fields.items() if name.startswith(prefix)}


def _moment(said: str) -> datetime:
    moment = datetime.fromisoformat(said)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _row(raw: Any, result: Result) -> dict[str, Any]:
    fields = raw.get("fields") if isinstance(raw, dict) else None
    fields = fields if isinstance(fields, dict) else {}
    kind = fields.get("kind", "")
    is_prefixed = f"{kind}-{result.field}" in fields
    home = reverse("register:notebook") if not result.message else reverse("accounts:account")
    field = (f"{kind}-{result.field}" if is_prefixed else result.field) or "__all__"
    return {
        "id": raw.get("id") if isinstance(raw, dict) else None,
        "result": result.result,
        "message": result.message,
        "errors": {field: [result.message]} if result.result == REFUSED else {},
        "url": reverse("register:conflicts") if result.result == CONFLICT else result.address or home,
    }


@require_safe
@for_keepers
def conflicts(request: HttpRequest) -> HttpResponse:
    """两份都留着: what one wrote beside what stands, for each entry that met another change."""
    actor = actor_of(request)
    rows = [_both(held, actor) for held in held_entries(actor)]
    return page(request, "register/conflicts.html", {"rows": rows, "back_url": reverse("register:notebook")})


def _both(held: DoorEntry, actor: Any) -> dict[str, Any]:
    """Both versions in words; of a row that is out of scope by now only the own one."""
    kind = kind_of(held.kind)
    if kind is None:
        return {"held": held, "label": held.kind}
    target, fields = said_by(held)
    shown = {"held": held, "label": kind.label, "mine": kind.spoken(fields)}
    try:
        row = kind.find(actor, target, fields)
    except Refusal as refusal:
        own = held.user_id == actor.user_id
        return shown | {"gone": refusal.message} | ({} if own else {"mine": ()})
    if row is None:
        return shown | {"gone": "这一条已经不在您的本子里了，可以保留现在的。"}
    return shown | {"about": kind.about(row), "theirs": kind.stands(row, fields), "url": kind.address(row)}


@require_POST
@for_keepers
def settle_conflict(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One version is chosen."""
    is_mine = request.POST.get("keep") == "mine"
    try:
        address = settle(uid, is_mine=is_mine, actor=actor_of(request), at=clock.now())
    except Refusal as refusal:
        response = redirect("register:conflicts")
        toasts.say(request, response, refusal.message, tone="error")
        return response
    response = redirect("register:conflicts" if held_entries(actor_of(request)) else address or "register:conflicts")
    toasts.say(request, response, "按您写的改了。" if is_mine else "保留了现在的登记。")
    return response

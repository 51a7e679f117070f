"""Pages of the security and the audit administrator (三员分立): each sees only the own ones, and no orders."""

from __future__ import annotations

import uuid
from datetime import datetime
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from louzhang.accounts import locking
from louzhang.accounts.actions import note_unlock
from louzhang.accounts.gates import for_roles
from louzhang.accounts.models import User, phone_index
from louzhang.accounts.queries import by_typed_phone
from louzhang.accounts.visits import actor_of
from louzhang.areas import records
from louzhang.areas.forms.people import AuditFilterForm, PersonSearchForm
from louzhang.areas.records import RecordFilter
from louzhang.areas.roles import Role
from louzhang.areas.views.settings_frame import csv_file
from louzhang.journal.refusals import InputRefused, NotThere
from louzhang.kit import clock, phones
from louzhang.kit.paging import BadCursor
from louzhang.shell import toasts
from louzhang.shell.parts import Item

KINDS = {"reveals": "查看记录", "accounts": "账号和任职"}
CSV_HEAD = ("时间", "谁", "做了什么", "对象", "说明")


@require_GET
@for_roles(Role.SECURITY_ADMIN)
def security(request: HttpRequest) -> HttpResponse:
    """Locked sign-ins and the devices signed in last."""
    at = clock.now()
    try:
        page = records.recent_devices(at, request.GET.get("cursor"))
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    locks = records.locked_sign_ins(at)
    context = {
        "locks": [lock for lock in locks if lock.person is not None],
        "unknown": sum(lock.person is None for lock in locks),
        "search": PersonSearchForm(),
        "devices": page.rows,
        "next_url": f"?{urlencode({'cursor': page.next_cursor})}" if page.next_cursor else "",
        "previous_url": f"?{urlencode({'cursor': page.previous_cursor})}" if page.previous_cursor else "",
        "now": at,
    }
    return render(request, "areas/keepers/security.html", context)


@sensitive_post_parameters("words")
@require_POST
@for_roles(Role.SECURITY_ADMIN)
def unlock_number(request: HttpRequest) -> HttpResponse:
    """Unlock a person of the list, or a number somebody spells out on the phone."""
    person, index = _named(request)
    if not locking.unlock(index):
        raise NotThere("这个号码没有被暂停登录。请核对号码。")
    if person is not None:
        note_unlock(user=person, actor=actor_of(request), at=clock.now())
    response = redirect("keepers:security")
    toasts.say(request, response, "已解除，可以重新登录了。")
    return response


def _named(request: HttpRequest) -> tuple[User | None, str]:
    person = records.person_of_uid(_uid(request.POST.get("uid", "")))
    if person is not None:
        return person, person.phone_index
    typed = request.POST.get("words", "")
    if not phones.looks_like_phone(typed):
        raise InputRefused("请填写完整的手机号。", field="words")
    return by_typed_phone(typed), phone_index(phones.normal_phone(typed))


@require_GET
@for_roles(Role.AUDIT_ADMIN)
def audit(request: HttpRequest) -> HttpResponse:
    """Who looked at what, and what happened to accounts; by day and person."""
    kind, wanted = _wanted(request)
    try:
        page = records.reveals(wanted) if kind == "reveals" else records.account_events(wanted)
    except BadCursor as refusal:
        raise InputRefused(str(refusal)) from None
    context = {
        "kind": kind,
        "tabs": [
            Item(label=label, url=_address(kind=name, wanted=wanted), current=name == kind)
            for name, label in KINDS.items()
        ],
        "records": records.told(page.rows),
        "wanted": wanted,
        "search": PersonSearchForm(),
        "everyone_url": _address(kind=kind, wanted=RecordFilter(day=wanted.day)),
        "csv_url": _address("keepers:audit_csv", kind=kind, wanted=wanted),
        "next_url": _address(kind=kind, wanted=wanted, cursor=page.next_cursor) if page.next_cursor else "",
        "previous_url": _address(kind=kind, wanted=wanted, cursor=page.previous_cursor) if page.previous_cursor else "",
        "now": clock.now(),
    }
    return render(request, "areas/keepers/audit.html", context)


@sensitive_post_parameters("words")
@require_POST
@for_roles(Role.AUDIT_ADMIN)
def find_audited(request: HttpRequest) -> HttpResponse:
    """Whose records: a number leads there, a name to a choice of people."""
    kind, wanted = _wanted(request)
    search = PersonSearchForm(request.POST)
    if not search.is_valid():
        return _choose(request, search, [], 400)
    words = search.cleaned_data["words"]
    person = by_typed_phone(words)
    found = [person] if person is not None else [] if search.is_phone else records.find_people(words)
    if len(found) == 1:
        return redirect(_address(kind=kind, wanted=RecordFilter(day=wanted.day, person=found[0])))
    choice = [
        Item(label=each.name, url=_address(kind=kind, wanted=RecordFilter(day=wanted.day, person=each)), icon="user")
        for each in found
    ]
    return _choose(request, search, choice, 200 if found else 404)


def _choose(request: HttpRequest, search: PersonSearchForm, choice: list[Item], status: int) -> HttpResponse:
    context = {"search": search, "choice": choice, "back_url": reverse("keepers:audit")}
    return render(request, "areas/keepers/choose.html", context, status=status)


@require_GET
@for_roles(Role.AUDIT_ADMIN)
def audit_csv(request: HttpRequest) -> StreamingHttpResponse:
    """The same list as a file for Excel; formulas are neutralised."""
    kind, wanted = _wanted(request)
    rows = records.all_records(kind, wanted)
    lines = ((_exact(row.at), row.who, row.what, row.about, row.more) for row in rows)
    return csv_file(KINDS[kind], CSV_HEAD, lines)


def _exact(at: datetime) -> str:
    return f"{clock.local(at):%Y-%m-%d %H:%M:%S}"


def _wanted(request: HttpRequest) -> tuple[str, RecordFilter]:
    kind = request.GET.get("kind", "reveals")
    asked = AuditFilterForm(request.GET).wanted()
    person = records.person_of_uid(asked["person"])
    wanted = RecordFilter(day=asked["day"], person=person, cursor=asked["cursor"] or None)
    return kind if kind in KINDS else "reveals", wanted


def _address(page: str = "keepers:audit", *, kind: str, wanted: RecordFilter, cursor: str | None = None) -> str:
    asked = {
        "kind": kind,
        "day": wanted.day.isoformat() if wanted.day else "",
        "person": str(wanted.person.uid) if wanted.person else "",
        "cursor": cursor or "",
    }
    return f"{reverse(page)}?{urlencode({name: value for name, value in asked.items() if value})}"


def _uid(typed: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None

"""我的本子 on the phone: what is due, needs, homes to look after, own notes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from louzhang.accounts.visits import actor_of
from louzhang.kit import clock
from louzhang.register.actions.notes import throw_note
from louzhang.register.agenda import due_items
from louzhang.register.forms.notes import NoteForm
from louzhang.register.models import Note
from louzhang.register.queries.entries import held_entries
from louzhang.register.queries.notebook import homes_to_look_after, named_places, open_needs, own_notes, sites_due
from louzhang.register.views.doorstep import for_field, taken_here
from louzhang.register.views.frame import page
from louzhang.shell import toasts


@require_http_methods(["GET", "HEAD", "POST"])
@for_field
def notebook(request: HttpRequest) -> HttpResponse:
    """The page; posted to without JavaScript it takes one note or a tick."""
    if request.method != "POST":
        return _page(request)
    posted = {name: str(value) for name, value in request.POST.items()}
    return taken_here(request, posted) or _page(request, posted, status=400)


def _page(request: HttpRequest, posted: dict[str, str] | None = None, *, status: int = 200) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    today = clock.local_date(at)
    notes, needs, homes = own_notes(actor), open_needs(actor), homes_to_look_after(actor, at)
    sites = sites_due(actor, today)
    places = named_places([*(need.area for need in needs), *(home.area for home in homes), *(s.area for s in sites)])
    context: dict[str, Any] = {
        "held": len(held_entries(actor)),
        "due": due_items(actor, at),
        "sites": [(site, places[site.area_id]) for site in sites],
        "today": today,
        "needs": [{"need": need, "place": places[need.area_id], "entry_id": uuid4()} for need in needs],
        "homes": [(home, places[home.area_id]) for home in homes],
        "notes": notes,
        "notes_due": [note for note in notes if note.due_on and note.due_on <= today],
        "form": NoteForm(data=posted) if posted else NoteForm(),
        "refused": (posted or {}).get("refused", ""),
        "entry_id": uuid4(),
        "note_uid": (posted or {}).get("row") or uuid4(),
        "batch_url": reverse("register:sync"),
        "back_url": reverse("field:today"),
    }
    return page(request, "register/notebook.html", context, status=status)


@require_http_methods(["GET", "HEAD"])
@for_field
def note(request: HttpRequest, uid: UUID) -> HttpResponse:
    """One note to be changed."""
    rows = [found for found in own_notes(actor_of(request)) if found.uid == uid]
    if not rows:
        return redirect("register:notebook")
    found: Note = rows[0]
    context = {
        "note": found,
        "form": NoteForm(initial={"words": found.words, "due_on": found.due_on}),
        "entry_id": uuid4(),
        "batch_url": reverse("register:sync"),
        "back_url": reverse("register:notebook"),
    }
    return page(request, "register/note.html", context)


@require_POST
@for_field
def throw(request: HttpRequest, uid: UUID) -> HttpResponse:
    """A note is thrown away."""
    throw_note(uid=uid, actor=actor_of(request), at=clock.now())
    response = redirect("register:notebook")
    toasts.say(request, response, "笔记已扔掉。")
    return response

"""What every settings page stands on: who comes in, one way to answer a form, files to take away."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from louzhang.accounts.gates import for_roles
from louzhang.accounts.visits import actor_of
from louzhang.areas.rights import READERS, may_keep_district
from louzhang.areas.roles import OFFICE_ROLES, Role
from louzhang.journal.refusals import Conflict, InputRefused, TransitionRefused
from louzhang.kit import clock
from louzhang.kit.paging import Page
from louzhang.kit.tables import safe_cell
from louzhang.shell import toasts

FORM_PAGE = "areas/settings/form.html"

for_readers = for_roles(*READERS)
for_keeper = for_roles(Role.SYSTEM_ADMIN)


def settings_page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a settings page; it knows whether the actor keeps the district."""
    actor = actor_of(request)
    base = {
        "now": clock.now(),
        "may_keep": may_keep_district(actor),
        "is_office": actor.has_role(*OFFICE_ROLES),
    }
    return render(request, template, base | (context or {}), status=status)


def ask(
    request: HttpRequest,
    form: forms.BaseForm,
    act: Callable[[dict[str, Any]], HttpResponse],
    context: dict[str, Any],
    *,
    template: str = FORM_PAGE,
) -> HttpResponse:
    """Show a form, or do what it asks; a refusal stands by its field and what was typed is kept."""
    status = 400 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            return act(form.cleaned_data)
        except (InputRefused, Conflict, TransitionRefused) as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
            status = 400 if isinstance(refusal, InputRefused) else 409
    return settings_page(request, template, {"form": form} | context, status=status)


def back_to(label: str, name: str, /, *args: Any, **more: Any) -> dict[str, Any]:
    """Where the page of a form leads back to, and what else stands on it."""
    return {"back_url": reverse(name, args=args), "back_label": label, **more}


def posted(request: HttpRequest) -> Any:
    """What a form is bound to: the body of a POST, nothing otherwise."""
    return request.POST if request.method == "POST" else None


def done(request: HttpRequest, words: str, to: str, *args: Any) -> HttpResponse:
    """Go on to a page and say there what was done."""
    response = redirect(to, *args)
    toasts.say(request, response, words)
    return response


def turning(page: Page[Any], **kept: object) -> dict[str, str]:
    """The addresses of the pages before and after this one, filters kept."""
    wide = {name: str(value) for name, value in kept.items() if value not in ("", None, False)}
    return {
        name: f"?{urlencode(wide | {'cursor': cursor})}" if cursor else ""
        for name, cursor in (("previous", page.previous_cursor), ("following", page.next_cursor))
    }


def csv_file(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """A list as a file for Excel; cells that would run as formulas are neutralised."""
    response = StreamingHttpResponse(_csv_lines(head, rows), content_type="text/csv; charset=utf-8")
    full = f"{name}-{clock.local_date(clock.now())}.csv"
    response["Content-Disposition"] = f"attachment; filename=\"settings.csv\"; filename*=UTF-8''{quote(full)}"
    response["Cache-Control"] = "no-store"
    return response


class _Echo:
    def write(self, text: str) -> str:
        return text


def _csv_lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head)
    for row in rows:
        yield writer.writerow([safe_cell("" if cell is None else str(cell)) for cell in row])


@contextmanager
def on_disk(file: UploadedFile[Any]) -> Iterator[Path]:
    """An upload as a file of its own that nobody else can read, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="louzhang-settings-") as folder:
        path = Path(folder) / "sheet"
        with path.open("wb") as kept:
            for chunk in file.chunks():
                kept.write(chunk)
        yield path

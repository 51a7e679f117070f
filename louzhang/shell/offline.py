"""What a phone keeps to be used without a signal: which pages, and the version that tells old ones from new.

An app registers a page that may be kept in `AppConfig.ready()`. It is fetched from `blank`, an address that renders
it without anything of a person or a matter; apps answer for that, the matrices' tests check it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse

from louzhang.kit import clock
from louzhang.shell import comfort, navigation

# Pages of desks and files of people are never touched by the phone's worker, nor is what programs ask for.
LEFT_ALONE = ("/desk/", "/command/", "/api/", "/attachments/", "/healthz", "/sw.js")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page that may be read without a signal: its name, its address, and where its blank form is fetched."""

    label: str
    url: str
    blank: str


Provider = Callable[[HttpRequest], list[KeptPage]]
_providers: list[Provider] = []


def add_pages(provider: Provider) -> None:
    """Add a provider of pages to keep; it is asked with the request that fetches the worker."""
    if provider not in _providers:
        _providers.append(provider)


def kept_pages(request: HttpRequest) -> list[KeptPage]:
    """The pages this visitor's phone may keep."""
    return [page for provider in _providers for page in provider(request)]


def worker_facts(request: HttpRequest) -> str:
    """The facts of the service worker as JSON: its version, the offline page, pages to keep, what to leave alone.

    The version changes with the static files, the visitor, what they chose for their eyes, and the day.
    """
    facts = {
        "offline": reverse("shell:offline"),
        "pages": {page.url: page.blank for page in kept_pages(request)},
        "still": settings.STATIC_URL,
        "left": LEFT_ALONE,
    }
    marks = (
        getattr(staticfiles_storage, "manifest_hash", ""),
        navigation.fact_for("owner_mark", request),
        comfort.care_size(request),
        comfort.theme(request),
        clock.local_date(clock.now()),
        facts,
    )
    version = hashlib.sha256(repr(marks).encode()).hexdigest()[:16]
    return json.dumps({"version": version, **facts}, ensure_ascii=True)

from typing import Any

import pytest
from django.http import HttpRequest
from django.template import engines
from django.test import RequestFactory

from louzhang.shell import navigation, offline


@pytest.fixture(autouse=True)
def bare_navigation(monkeypatch: pytest.MonkeyPatch) -> None:
    """The shell alone: what the apps registered stays out of its own tests."""
    monkeypatch.setattr(navigation, "_items", {face: [] for face in navigation.FACES})
    monkeypatch.setattr(navigation, "_facts", {})
    monkeypatch.setattr(offline, "_providers", [])


@pytest.fixture
def request_of(rf: RequestFactory) -> Any:
    """Make a request for a path with cookies."""

    def make(path: str = "/", cookies: dict[str, str] | None = None, **headers: str) -> HttpRequest:
        request = rf.get(path, headers=headers)
        request.COOKIES.update(cookies or {})
        return request

    return make


@pytest.fixture
def draw(request_of: Any) -> Any:
    """Render a template text with the tags of the shell."""

    def render(text: str, cookies: dict[str, str] | None = None, **context: object) -> str:
        template = engines["django"].from_string("{% load shell %}" + text)
        return template.render(context, request_of(cookies=cookies))

    return render

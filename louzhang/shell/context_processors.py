"""What every template may read; docs/components.md is its contract."""

from functools import cached_property

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from louzhang.shell import comfort, navigation, toasts
from louzhang.shell.parts import Fold, Item


class Navigation:
    """The menus of one request, each computed when a template first reads it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def resident(self) -> list[Item]:
        """Bottom tabs of residents."""
        return navigation.items_for("resident", self._request)

    @cached_property
    def field(self) -> list[Item]:
        """Bottom tabs of workers and chiefs."""
        return navigation.items_for("field", self._request)

    @cached_property
    def desk(self) -> list[Item]:
        """Left navigation of the desk."""
        return navigation.items_for("desk", self._request)

    @cached_property
    def desk_folds(self) -> list[Fold]:
        """The same, folded as this visitor has left it."""
        return navigation.folds_of(self.desk, comfort.opened_folds(self._request))

    @cached_property
    def account(self) -> list[Item]:
        """The menu under one's own name."""
        return navigation.items_for("account", self._request)

    @cached_property
    def own(self) -> list[Item]:
        """Further pages about oneself, on the page of the account."""
        return navigation.items_for("own", self._request)

    @cached_property
    def home(self) -> list[Item]:
        """What apps offer on the residents' first page."""
        return navigation.items_for("home", self._request)

    @cached_property
    def today(self) -> list[Item]:
        """What apps show on the workers' first page."""
        return navigation.items_for("today", self._request)

    @cached_property
    def links(self) -> list[Item]:
        """Further links of the footer."""
        return navigation.items_for("links", self._request)

    @cached_property
    def feedback(self) -> list[Item]:
        """Ways to complain or suggest, shown on the page 投诉建议."""
        return navigation.items_for("feedback", self._request)


def shell(request: HttpRequest) -> dict[str, object]:
    """Menus, facts about the place, and what the visitor chose for their eyes."""
    size = comfort.care_size(request)
    context: dict[str, object] = {name: _later(name, request) for name in navigation.FACTS}
    context |= {
        "nav": Navigation(request),
        "care_mode": size > 0,
        "care_size": size,
        "care_sizes": comfort.CARE_SIZES,
        "theme": comfort.theme(request),
        "toast": SimpleLazyObject(lambda: toasts.read(request)),
    }
    return context


def _later(name: str, request: HttpRequest) -> object:
    return SimpleLazyObject(lambda: navigation.fact_for(name, request))

"""Where apps register what the shell shows: entries of a menu and facts about the place.

The shell imports no app. An app registers its providers in ``AppConfig.ready()``:

    navigation.add_items("desk", workorder_entries, order=10)
    navigation.set_fact("place_name", place_name)

Providers take the request. They are asked only when a template reads the value, once a request.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

from django.http import HttpRequest

from louzhang.shell.parts import Fold, Item

ItemProvider = Callable[[HttpRequest], Iterable[Item]]
FactProvider = Callable[[HttpRequest], object]

# A navigation of so many entries fits a screen as it is.
UNFOLDED = 13
FACES = ("resident", "field", "home", "today", "desk", "account", "own", "links", "feedback")
FACTS: dict[str, object] = {
    "place_name": "楼长",
    "is_demo": False,
    "worker_down": False,
    "person_name": "",
    "owner_mark": "",
    "owner_key": "",
    "upload_url": "",
    "bar_search": None,
    "bar_alarm": None,
    "filing_number": "",
    "feedback_phone": "",
    "keeper": "",
    "tile_url": "",
    "tile_datum": "wgs84",
    "tile_credit": "",
}

_items: dict[str, list[tuple[int, ItemProvider]]] = {face: [] for face in FACES}
_facts: dict[str, FactProvider] = {}


def add_items(face: str, provider: ItemProvider, *, order: int = 50) -> None:
    """Add a provider of entries to one menu; a smaller ``order`` stands further up."""
    if face not in _items:
        raise ValueError(f"unknown menu {face!r}; there are {', '.join(FACES)}")
    if (order, provider) not in _items[face]:
        _items[face].append((order, provider))


def set_fact(name: str, provider: FactProvider) -> None:
    """Say where a fact about the place comes from; the last one said holds."""
    if name not in FACTS:
        raise ValueError(f"unknown fact {name!r}; there are {', '.join(FACTS)}")
    _facts[name] = provider


def items_for(face: str, request: HttpRequest) -> list[Item]:
    """All entries of one menu for this request, in order."""
    providers = sorted(_items[face], key=lambda entry: entry[0])
    return [item for _, provider in providers for item in provider(request)]


def folds_of(items: Sequence[Item], opened: Iterable[str] = ()) -> list[Fold]:
    """A navigation as folds: the one where one is and those opened before stand open, in a short one all do."""
    known = set(opened)
    folds = []
    for label, members in groupby(items, key=lambda item: item.group):
        inside = tuple(members)
        is_here = any(item.current for item in inside)
        is_open = is_here or label in known or len(items) <= UNFOLDED
        folds.append(Fold(label=label, items=inside, is_here=is_here, is_open=is_open))
    return folds


def fact_for(name: str, request: HttpRequest) -> object:
    """One fact: from its provider, else its default."""
    provider = _facts.get(name)
    return FACTS[name] if provider is None else provider(request)

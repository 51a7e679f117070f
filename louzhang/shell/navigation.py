"""Where apps register what the shell shows: entries of a menu and facts about the place.

The shell imports no app. An app registers its providers in ``AppConfig.ready()``:

    navigation.add_items("desk", workorder_entries, order=10)
    navigation.set_fact("place_name", place_name)

Providers take the request. They are asked only when a template reads the value, once a request.
"""

from collections.abc import Callable, Iterable

from django.http import HttpRequest

from louzhang.shell.parts import Item

ItemProvider = Callable[[HttpRequest], Iterable[Item]]
FactProvider = Callable[[HttpRequest], object]

FACES = ("resident", "field", "home", "today", "desk", "account", "own", "links", "feedback")
FACTS: dict[str, object] = {
    "place_name": "楼长",
    "is_demo": False,
    "worker_down": False,
    "person_name": "",
    "owner_mark": "",
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


def fact_for(name: str, request: HttpRequest) -> object:
    """One fact: from its provider, else its default."""
    provider = _facts.get(name)
    return FACTS[name] if provider is None else provider(request)

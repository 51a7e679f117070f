"""Tables of the register; each part has a module of its own."""

from louzhang.register.models.bindings import Binding, own_households, own_residents
from louzhang.register.models.dwellings import HIGHEST_FLOOR, LOWEST_FLOOR, Dwelling, DwellingQuerySet
from louzhang.register.models.households import Household, HouseholdQuerySet, Reach, ReachHour, ReachWay, Speech
from louzhang.register.models.kinds import Colour, DwellingKind
from louzhang.register.models.needs import Asking, Course, Need, NeedQuerySet
from louzhang.register.models.residents import (
    EARLIEST_YEAR,
    Registration,
    Resident,
    ResidentQuerySet,
    Sex,
    Stay,
    StayQuerySet,
    Tie,
    id_index,
    phone_index,
)

__all__ = [
    "EARLIEST_YEAR",
    "HIGHEST_FLOOR",
    "LOWEST_FLOOR",
    "Asking",
    "Binding",
    "Colour",
    "Course",
    "Dwelling",
    "DwellingKind",
    "DwellingQuerySet",
    "Household",
    "HouseholdQuerySet",
    "Need",
    "NeedQuerySet",
    "Reach",
    "ReachHour",
    "ReachWay",
    "Registration",
    "Resident",
    "ResidentQuerySet",
    "Sex",
    "Speech",
    "Stay",
    "StayQuerySet",
    "Tie",
    "id_index",
    "own_households",
    "own_residents",
    "phone_index",
]

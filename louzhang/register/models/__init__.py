"""Tables of the register; each part has a module of its own."""

from louzhang.register.models.assessments import ImpactAssessment, Target, kept_until
from louzhang.register.models.bindings import Binding, own_households, own_residents
from louzhang.register.models.cards import Card, CardQuerySet
from louzhang.register.models.care import CareKind, CareTag, EmergencyUse
from louzhang.register.models.consents import CHILDREN_TITLE, Consent, Way
from louzhang.register.models.counts import CommunityCount, Counted, CountedCommunity
from louzhang.register.models.dwellings import HIGHEST_FLOOR, LOWEST_FLOOR, Dwelling, DwellingQuerySet
from louzhang.register.models.entries import DoorEntry, DoorEntryQuerySet, Outcome
from louzhang.register.models.households import Household, HouseholdQuerySet, Reach, ReachHour, ReachWay, Speech
from louzhang.register.models.imports import ImportBatch, ImportMade, ImportPiece, ImportProgress, PieceKind
from louzhang.register.models.kinds import Colour, DwellingKind
from louzhang.register.models.merges import Apart, Merge, MergeQuerySet
from louzhang.register.models.needs import Asking, Course, Need, NeedQuerySet
from louzhang.register.models.notes import Note, NoteQuerySet
from louzhang.register.models.residents import (
    EARLIEST_YEAR,
    Registration,
    Resident,
    ResidentQuerySet,
    Sex,
    Stay,
    StayQuerySet,
    Tie,
    found_by,
    id_index,
    phone_index,
)
from louzhang.register.models.rights import REMINDED_BEFORE, WORKING_DAYS, About, Right, RightsRequest
from louzhang.register.models.shelters import Shelter
from louzhang.register.models.sites import Firm, FirmQuerySet, Site, SiteKind, SiteQuerySet

__all__ = [
    "CHILDREN_TITLE",
    "EARLIEST_YEAR",
    "HIGHEST_FLOOR",
    "LOWEST_FLOOR",
    "REMINDED_BEFORE",
    "WORKING_DAYS",
    "About",
    "Apart",
    "Asking",
    "Binding",
    "Card",
    "CardQuerySet",
    "CareKind",
    "CareTag",
    "Colour",
    "CommunityCount",
    "Consent",
    "Counted",
    "CountedCommunity",
    "Course",
    "DoorEntry",
    "DoorEntryQuerySet",
    "Dwelling",
    "DwellingKind",
    "DwellingQuerySet",
    "EmergencyUse",
    "Firm",
    "FirmQuerySet",
    "Household",
    "HouseholdQuerySet",
    "ImpactAssessment",
    "ImportBatch",
    "ImportMade",
    "ImportPiece",
    "ImportProgress",
    "Merge",
    "MergeQuerySet",
    "Need",
    "NeedQuerySet",
    "Note",
    "NoteQuerySet",
    "Outcome",
    "PieceKind",
    "Reach",
    "ReachHour",
    "ReachWay",
    "Registration",
    "Resident",
    "ResidentQuerySet",
    "Right",
    "RightsRequest",
    "Sex",
    "Shelter",
    "Site",
    "SiteKind",
    "SiteQuerySet",
    "Speech",
    "Stay",
    "StayQuerySet",
    "Target",
    "Tie",
    "Way",
    "found_by",
    "id_index",
    "kept_until",
    "own_households",
    "own_residents",
    "phone_index",
]

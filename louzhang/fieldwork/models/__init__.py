"""Tables of a day in the field; each part has a module of its own."""

from louzhang.fieldwork.models.admissions import (
    Admission,
    AdmissionQuerySet,
    Campaign,
    CampaignKind,
)
from louzhang.fieldwork.models.bulletins import Bulletin, BulletinBlank, BulletinFill
from louzhang.fieldwork.models.days import (
    TITLE_LENGTH,
    WHY_LENGTH,
    DayItem,
    DayItemQuerySet,
    DayList,
    DayListQuerySet,
    ItemEnd,
    ItemKind,
    Why,
    overseeing_seats,
    own_post_ids,
)
from louzhang.fieldwork.models.rhythms import Rhythm, RhythmQuerySet, Span, VisitDue, VisitDueQuerySet, Whom
from louzhang.fieldwork.models.visits import ROUNDED, Company, CompanyQuerySet, Met, Visit, VisitQuerySet

__all__ = [
    "ROUNDED",
    "TITLE_LENGTH",
    "WHY_LENGTH",
    "Admission",
    "AdmissionQuerySet",
    "Bulletin",
    "BulletinBlank",
    "BulletinFill",
    "Campaign",
    "CampaignKind",
    "Company",
    "CompanyQuerySet",
    "DayItem",
    "DayItemQuerySet",
    "DayList",
    "DayListQuerySet",
    "ItemEnd",
    "ItemKind",
    "Met",
    "Rhythm",
    "RhythmQuerySet",
    "Span",
    "Visit",
    "VisitDue",
    "VisitDueQuerySet",
    "VisitQuerySet",
    "Whom",
    "Why",
    "overseeing_seats",
    "own_post_ids",
]

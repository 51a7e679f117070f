"""Tables of the district: its tree, units, posts and settings; the working calendar."""

from louzhang.areas.models.calendar import (
    DayKind,
    WorkingDay,
    WorkingHours,
    kinds_of,
)
from louzhang.areas.models.district import (
    ADMIN_ROLES,
    RANKS,
    SINGLE_HOLDER_ROLES,
    Area,
    AreaLevel,
    AreaManager,
    AreaQuerySet,
    Estate,
    LevelKind,
    Post,
    PostKind,
    ServedArea,
    Setting,
    Title,
    Unit,
    UnitKind,
)
from louzhang.areas.models.periods import (
    PeriodQuerySet,
    closed_range,
    no_overlap,
    period,
)

__all__ = [
    "ADMIN_ROLES",
    "RANKS",
    "SINGLE_HOLDER_ROLES",
    "Area",
    "AreaLevel",
    "AreaManager",
    "AreaQuerySet",
    "DayKind",
    "Estate",
    "LevelKind",
    "PeriodQuerySet",
    "Post",
    "PostKind",
    "ServedArea",
    "Setting",
    "Title",
    "Unit",
    "UnitKind",
    "WorkingDay",
    "WorkingHours",
    "closed_range",
    "kinds_of",
    "no_overlap",
    "period",
]

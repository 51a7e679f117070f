"""Reading the district: lists, one row with what may be done, the words that pages place."""

from louzhang.areas.queries.district import (
    actor_for,
    area_with_line,
    district,
    line_of,
    list_areas,
    list_outlines,
    list_units,
    office_area_of,
    posts_of,
    setting,
    settings_now,
    settings_rows,
    units_serving,
)

__all__ = [
    "actor_for",
    "area_with_line",
    "district",
    "line_of",
    "list_areas",
    "list_outlines",
    "list_units",
    "office_area_of",
    "posts_of",
    "setting",
    "settings_now",
    "settings_rows",
    "units_serving",
]

"""Verbs on the district: its tree, its units, its posts, its settings."""

from louzhang.areas.actions.bulk import NewArea, add_areas
from louzhang.areas.actions.calendar import DaySaid, change_day, fill_coming_years, fill_year, import_days
from louzhang.areas.actions.correcting import (
    add_title,
    end_title,
    join_estate,
    place_area,
    rename_level,
    rename_unit,
)
from louzhang.areas.actions.filling import appoint_known, appoint_newcomer
from louzhang.areas.actions.founding import Founded, Newcomer, found_district
from louzhang.areas.actions.hours import end_hours, set_hours
from louzhang.areas.actions.importing import import_areas, look_at_areas
from louzhang.areas.actions.posts import appoint_post, end_post, name_stand_in
from louzhang.areas.actions.tree import (
    add_area,
    add_estate,
    end_area,
    found_root,
    move_area,
    outline_area,
    rename_area,
)
from louzhang.areas.actions.units import add_unit, change_setting, end_unit, serve_area, stop_serving_area

__all__ = [
    "DaySaid",
    "Founded",
    "NewArea",
    "Newcomer",
    "add_area",
    "add_areas",
    "add_estate",
    "add_title",
    "add_unit",
    "appoint_known",
    "appoint_newcomer",
    "appoint_post",
    "change_day",
    "change_setting",
    "end_area",
    "end_hours",
    "end_post",
    "end_title",
    "end_unit",
    "fill_coming_years",
    "fill_year",
    "found_district",
    "found_root",
    "import_areas",
    "import_days",
    "join_estate",
    "look_at_areas",
    "move_area",
    "name_stand_in",
    "outline_area",
    "place_area",
    "rename_area",
    "rename_level",
    "rename_unit",
    "serve_area",
    "set_hours",
    "stop_serving_area",
]

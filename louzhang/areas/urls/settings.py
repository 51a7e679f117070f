"""Addresses of the district's settings, included at /desk/settings/."""

from django.urls import path

from louzhang.areas.views import appointing, posts, settings, sheets, tree, tree_changes, tree_files, units
from louzhang.areas.views.settings_frame import for_keeper, for_readers

app_name = "settings"
urlpatterns = [
    path("", settings.home, name="home"),
    path("areas/", tree.areas, name="areas"),
    path("areas/csv/", tree.areas_csv, name="areas_csv"),
    path("areas/import/", tree_files.upload, name="areas_import"),
    path("areas/import/store/", tree_files.store, name="areas_import_store"),
    path("areas/<int:area_id>/", tree.area, name="area"),
    path("areas/<int:area_id>/add/", tree_changes.add, name="area_add"),
    path("areas/<int:area_id>/rename/", tree_changes.rename, name="area_rename"),
    path("areas/<int:area_id>/move/", tree_changes.move, name="area_move"),
    path("areas/<int:area_id>/end/", tree_changes.end, name="area_end"),
    path("areas/<int:area_id>/place/", tree_changes.place, name="area_place"),
    path("areas/<int:area_id>/outline/", tree_changes.outline, name="area_outline"),
    path("areas/<int:area_id>/estate/", tree_changes.join_estate, name="area_estate"),
    path("areas/<int:area_id>/estates/add/", tree_changes.add_estate, name="estate_add"),
    path("levels/", tree_files.levels, name="levels"),
    path("levels/<int:level_id>/", tree_changes.rename_level, name="level"),
    path("units/", units.units, name="units"),
    path("units/csv/", units.units_csv, name="units_csv"),
    *sheets.paths_of("units/", sheets.units, for_keeper),
    path("units/add/", units.add, name="unit_add"),
    path("units/<int:unit_id>/", units.unit, name="unit"),
    path("units/<int:unit_id>/rename/", units.rename, name="unit_rename"),
    path("units/<int:unit_id>/end/", units.end, name="unit_end"),
    path("units/<int:unit_id>/serve/", units.serve, name="unit_serve"),
    path("units/<int:unit_id>/serve/<int:served_id>/stop/", units.stop_serving, name="unit_stop"),
    path("posts/", posts.posts, name="posts"),
    path("posts/find/", posts.find, name="posts_find"),
    path("posts/csv/", posts.posts_csv, name="posts_csv"),
    *sheets.paths_of("posts/", sheets.posts, for_readers),
    path("posts/vacant/", posts.vacant, name="vacant"),
    path("posts/seats/", posts.choose_seat, name="choose_seat"),
    path("posts/new/", appointing.appoint, name="appoint"),
    path("posts/<int:post_id>/", posts.post, name="post"),
    path("posts/<int:post_id>/end/", posts.end, name="post_end"),
    path("posts/<int:post_id>/stand-in/", posts.stand_in, name="post_stand_in"),
    path("titles/", settings.titles, name="titles"),
    path("titles/csv/", settings.titles_csv, name="titles_csv"),
    *sheets.paths_of("titles/", sheets.titles, for_keeper),
    path("titles/add/", settings.add_title, name="title_add"),
    path("titles/<int:title_id>/end/", settings.end_title, name="title_end"),
    path("registry/", settings.registry, name="registry"),
    path("registry/csv/", settings.registry_csv, name="registry_csv"),
    path("registry/<slug:key>/", settings.setting, name="setting"),
]

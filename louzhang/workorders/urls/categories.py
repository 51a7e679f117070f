"""Addresses of the categories' settings, included at /desk/settings/categories/."""

from django.urls import path

from louzhang.areas.views.settings_frame import for_keeper
from louzhang.areas.views.sheets import paths_of
from louzhang.workorders.views import categories

app_name = "categories"
urlpatterns = [
    path("", categories.categories, name="list"),
    path("csv/", categories.categories_csv, name="csv"),
    *paths_of("", categories.PAGES, for_keeper),
    path("add/", categories.add, name="add"),
    path("groups/add/", categories.add_group, name="add_group"),
    path("<int:category_id>/", categories.category, name="one"),
    path("<int:category_id>/end/", categories.end, name="end"),
]

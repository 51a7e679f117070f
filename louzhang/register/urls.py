"""Addresses, included at `register/`: places by their number, everything else by an opaque id."""

from django.urls import path

from louzhang.register.desk_urls import desk_pages
from louzhang.register.field_urls import patterns as field_patterns
from louzhang.register.import_urls import import_pages
from louzhang.register.views import acting, histories, homes, houses, kinds, needs

app_name = "register"
urlpatterns = [
    *field_patterns,
    path("", houses.houses, name="houses"),
    path("places/<int:area_id>/", houses.house, name="house"),
    path("places/<int:area_id>/door/", houses.found, name="found"),
    path("dwellings/<uuid:uid>/", homes.dwelling, name="dwelling"),
    path("households/<uuid:uid>/", homes.household, name="household"),
    path("residents/<uuid:uid>/", homes.resident, name="resident"),
    path("residents/<uuid:uid>/reveal/", homes.reveal, name="reveal"),
    path("places/<int:area_id>/need/", needs.ask_for_house, name="house_need"),
    path("needs/", needs.needs, name="needs"),
    path("kinds/", kinds.kinds, name="kinds"),
    path("kinds/add/", kinds.add, name="kind_add"),
    path("kinds/<int:kind_id>/", kinds.change, name="kind"),
    path("kinds/<int:kind_id>/end/", kinds.end, name="kind_end"),
    *desk_pages,
    *import_pages,
    path("<slug:kind>/<uuid:uid>/history/", histories.history, name="history"),
    path("<slug:kind>/<uuid:uid>/<slug:verb>/", acting.act, name="act"),
]

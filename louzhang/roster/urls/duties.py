"""Addresses of duties and of what to do when something happens."""

from django.urls import path

from louzhang.roster.views import duties, duties_desk

app_name = "post_duties"
urlpatterns = [
    path("duties/", duties.mine, name="mine"),
    path("duties/when/", duties.guides, name="guides"),
    path("duties/when/<slug:key>/", duties.guide, name="guide"),
    path("duties/when/<slug:key>/print/", duties.guide_print, name="guide_print"),
    path("desk/duties/", duties_desk.listed, name="catalogue"),
    path("desk/duties/preset/", duties_desk.preset, name="preset"),
    path("desk/duties/classes/<uuid:uid>/", duties_desk.class_one, name="class"),
    path("desk/duties/classes/<uuid:uid>/add/", duties_desk.duty_add, name="duty_add"),
    path("desk/duties/items/<uuid:uid>/", duties_desk.duty_one, name="duty"),
    path("desk/duties/items/<uuid:uid>/end/", duties_desk.duty_end, name="duty_end"),
    path("desk/duties/when/add/", duties_desk.guide_add, name="guide_add"),
    path("desk/duties/when/<uuid:uid>/", duties_desk.guide_one, name="guide_change"),
    path("desk/duties/when/<uuid:uid>/end/", duties_desk.guide_end, name="guide_end"),
]

"""Addresses of rounds, included at /patrols/. `at/<code>/` stands on plates: keep it short and for ever."""

from django.urls import path

from louzhang.fieldwork.views import patrols, routes

app_name = "patrols"
urlpatterns = [
    path("", patrols.routes, name="list"),
    path("out/", patrols.out, name="out"),
    path("add/", routes.lay, name="lay"),
    path("at/<str:code>/", patrols.plate, name="plate"),
    path("scenes/", routes.scenes, name="scenes"),
    path("scenes/<uuid:uid>/end/", routes.scene_end, name="scene_end"),
    path("points/<uuid:uid>/", patrols.stop, name="stop"),
    path("points/<uuid:uid>/fault/", patrols.fault, name="fault"),
    path("points/<uuid:uid>/up/", routes.up, name="point_up"),
    path("points/<uuid:uid>/drop/", routes.drop, name="point_drop"),
    path("rounds/<uuid:uid>/", patrols.patrol, name="patrol"),
    path("rounds/<uuid:uid>/leave-off/", patrols.leave_off, name="leave_off"),
    path("<uuid:uid>/", patrols.route, name="route"),
    path("<uuid:uid>/change/", routes.change, name="change"),
    path("<uuid:uid>/points/", routes.points, name="points"),
    path("<uuid:uid>/plates/", routes.plates, name="plates"),
    path("<uuid:uid>/end/", routes.end, name="end"),
]

"""The resident's pages, at the root."""

from django.urls import path

from louzhang.workorders.views import reporting, resident

app_name = "phone"
urlpatterns = [
    path("", resident.home, name="home"),
    path("report/", reporting.report, name="report"),
    path("report/suggest/", reporting.suggest, name="suggest"),
    path("report/kinds/", reporting.kinds, name="kinds"),
    path("report/nearby/", reporting.nearby, name="nearby"),
    path("report/about/", reporting.about, name="about"),
    path("report/places/", reporting.places, name="places"),
    path("reported/<uuid:entry_id>/", reporting.reported, name="reported"),
    path("reported/<uuid:entry_id>/slip/", reporting.slip, name="slip"),
    path("home/place/", resident.home_place, name="home_place"),
    path("mine/", resident.mine, name="mine"),
    path("mine/<str:number>/", resident.one, name="one"),
    path("mine/<str:number>/rate/", resident.rate, name="rate"),
    path("mine/<str:number>/<slug:verb>/", resident.act, name="act"),
    path("code/", resident.code, name="code"),
]

"""The field worker's pages, under /field/."""

from django.urls import path

from louzhang.workorders.views import field, field_reporting

app_name = "field"
urlpatterns = [
    path("", field.today, name="today"),
    path("orders/", field.orders, name="orders"),
    path("orders/<str:number>/", field.one, name="one"),
    path("orders/<str:number>/told/", field.told, name="told"),
    path("orders/<str:number>/contact/<int:report_id>/", field.reveal, name="reveal"),
    path("orders/<str:number>/<slug:verb>/", field.act, name="act"),
    path("report/", field_reporting.report, name="report"),
    path("report/paste/", field_reporting.paste, name="paste"),
    path("report/whom/", field_reporting.whom, name="whom"),
    path("reported/<uuid:entry_id>/", field_reporting.reported, name="reported"),
]

"""Addresses of the desk: community, street and district offices, departments and other units."""

from django.urls import path

from louzhang.workorders.views import (
    acting,
    calls,
    dispatching,
    duplicates,
    exports,
    inbox,
    lists,
    maps,
    orders,
    printing,
    replying,
    to_tell,
)

app_name = "desk"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("live/", inbox.live, name="live"),
    path("alarm/", inbox.alarm, name="alarm"),
    path("find/", lists.find, name="find"),
    path("to-tell/", to_tell.to_tell, name="to_tell"),
    path("calls/new/", calls.call, name="call"),
    path("calls/known/", calls.known, name="known"),
    path("calls/about/", calls.about, name="about"),
    path("calls/<uuid:entry_id>/", calls.called, name="called"),
    path("calls/<uuid:entry_id>/slip/", calls.called_slip, name="called_slip"),
    path("places/", calls.places, name="places"),
    path("orders/", lists.orders, name="orders"),
    path("orders/narrow/", lists.narrow, name="narrow"),
    path("orders/export/", exports.export, name="export"),
    path("orders/map/", maps.map_page, name="map"),
    path("orders/points/", maps.points, name="points"),
    path("orders/<str:number>/", orders.order, name="order"),
    path("orders/<str:number>/print/", printing.work_order, name="print"),
    path("orders/<str:number>/slip/", printing.slip, name="slip"),
    path("orders/<str:number>/contact/<int:report_id>/", orders.reveal, name="reveal"),
    path("orders/<str:number>/around/", duplicates.around, name="around"),
    path("orders/<str:number>/voices/", duplicates.voices, name="voices"),
    path("orders/<str:number>/same/", duplicates.same, name="same"),
    path("orders/<str:number>/photo/<uuid:uid>/", duplicates.photo, name="photo"),
    path("orders/<str:number>/units/", dispatching.units, name="units"),
    path("orders/<str:number>/units/choice/", dispatching.choice, name="choice"),
    path("orders/<str:number>/units/preview/", dispatching.preview, name="preview"),
    path("orders/<str:number>/<slug:verb>/template/", replying.fill_in, name="fill_in"),
    path("orders/<str:number>/<slug:verb>/reading/", replying.preview, name="reading"),
    path("orders/<str:number>/<slug:verb>/", acting.act, name="act"),
]

"""Addresses of leaves and handovers, included at /handing/."""

from django.urls import path

from louzhang.fieldwork.views import handing

app_name = "handing"
urlpatterns = [
    path("", handing.listed, name="list"),
    path("posts/<int:post_id>/", handing.leave, name="leave"),
    path("leaves/<uuid:uid>/end/", handing.end, name="end"),
    path("over/<uuid:uid>/", handing.handover, name="handover"),
]

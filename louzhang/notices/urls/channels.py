"""Addresses of the channels' settings, included at /desk/settings/channels/."""

from django.urls import path

from louzhang.notices.views import channels

app_name = "channels"
urlpatterns = [
    path("", channels.channels, name="list"),
    path("<int:delivery_id>/repeat/", channels.repeat, name="repeat"),
    path("<int:delivery_id>/give-up/", channels.give_up, name="give_up"),
]

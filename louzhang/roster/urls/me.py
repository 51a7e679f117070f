"""The address of 我的任职, included at the root."""

from django.urls import path

from louzhang.roster.views import me

app_name = "me"
urlpatterns = [path("me/", me.mine, name="mine")]

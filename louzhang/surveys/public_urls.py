"""Addresses for residents, included at the root; the first two stand on paper."""

from django.urls import path

from louzhang.surveys.views import own

app_name = "surveys_own"
urlpatterns = [
    path("ask/<uuid:uid>/<slug:code>/", own.by_link, name="link"),
    path("ask/house/<uuid:uid>/", own.at_house, name="house"),
    path("mine/surveys/", own.mine, name="mine"),
    path("mine/surveys/<uuid:uid>/", own.as_resident, name="one"),
]

"""Addresses of work logs, included at /logs/."""

from django.urls import path

from louzhang.fieldwork.views import work_logs

app_name = "logs"
urlpatterns = [
    path("", work_logs.mine, name="mine"),
    path("days/<str:day>/", work_logs.day, name="day"),
    path("days/<str:day>/fault/", work_logs.own_fault, name="own_fault"),
    path("sent/", work_logs.sent, name="sent"),
    path("sent/file/", work_logs.file, name="file"),
    path("sent/read/", work_logs.read_all, name="read_all"),
    path("<uuid:uid>/", work_logs.one, name="one"),
    path("<uuid:uid>/print/", work_logs.printed, name="print"),
    path("<uuid:uid>/fault/", work_logs.fault, name="fault"),
    path("<uuid:uid>/<slug:verb>/", work_logs.move, name="move"),
]

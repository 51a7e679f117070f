"""Addresses of files: upload, state, take back, look at."""

from django.urls import path

from louzhang.journal import views

app_name = "journal"

urlpatterns = [
    path("attachments/", views.receive, name="upload"),
    path("attachments/<uuid:uid>/state", views.show_state, name="state"),
    path("attachments/<uuid:uid>/drop/", views.drop, name="drop"),
    path("attachments/<uuid:uid>/<str:size>/<int:hour>/<str:mark>", views.show_file, name="file"),
]

"""Addresses of the command centre."""

from django.urls import path

from louzhang.command import views

app_name = "command"
urlpatterns = [
    path("", views.board, name="board"),
    path("numbers/", views.numbers, name="numbers"),
]

"""Addresses of the shell's own pages, included at the root."""

from django.urls import path

from louzhang.shell import views

app_name = "shell"
urlpatterns = [
    path("comfort/care/", views.choose_care, name="care"),
    path("comfort/theme/", views.choose_theme, name="theme"),
    path("offline/", views.offline, name="offline"),
    path("outbox/", views.outbox, name="outbox"),
    path("pocket/", views.pocket, name="pocket"),
    path("sw.js", views.worker, name="worker"),
    path("feedback/", views.feedback, name="feedback"),
    path("privacy/", views.privacy, name="privacy"),
]

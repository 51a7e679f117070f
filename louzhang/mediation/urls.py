"""Addresses, included at the root: `mediation/` for those in dispute, `mediations/` for who mediates and above."""

from django.urls import path

from louzhang.mediation.views import mediating, parties

app_name = "mediation"
urlpatterns = [
    path("mediation/", parties.open_by_code, name="open"),
    path("mediation/<uuid:uid>/", parties.read, name="read"),
    path("mediations/", mediating.mediations, name="list"),
    path("mediations/new/", mediating.start, name="start"),
    path("mediations/<uuid:uid>/", mediating.one, name="one"),
    path("mediations/<uuid:uid>/agreement/", mediating.agreement, name="agreement"),
    path("mediations/<uuid:uid>/parties/<int:party_id>/", mediating.reveal, name="reveal"),
    path("mediations/<uuid:uid>/<slug:verb>/", mediating.move, name="move"),
]

"""Addresses of posted cadres, included at /posted/."""

from django.urls import path

from louzhang.roster.views import posted

app_name = "posted"
urlpatterns = [
    path("", posted.teams, name="teams"),
    path("teams/new/", posted.form_team, name="form_team"),
    path("needs/new/", posted.need, name="need"),
    path("needs/<uuid:uid>/close/", posted.close_need, name="close_need"),
    path("teams/<uuid:uid>/", posted.team, name="team"),
    path("teams/<uuid:uid>/file/", posted.team_file, name="team_file"),
    path("teams/<uuid:uid>/end/", posted.end_team, name="end_team"),
    path("teams/<uuid:uid>/propose/", posted.propose, name="propose"),
    path("teams/<uuid:uid>/meet/", posted.call_meeting, name="call_meeting"),
    path("teams/<uuid:uid>/draw/", posted.draw, name="draw"),
    path("meetings/<uuid:uid>/", posted.meeting, name="meeting"),
    path("papers/<uuid:uid>/", posted.paper, name="paper"),
    path("papers/<uuid:uid>/print/", posted.paper_print, name="paper_print"),
    path("<uuid:uid>/", posted.one, name="one"),
    path("<uuid:uid>/leave/", posted.leave, name="leave"),
    path("<uuid:uid>/write/", posted.write, name="write"),
    path("<slug:kind>/<uuid:uid>/<slug:verb>/", posted.move, name="move"),
]

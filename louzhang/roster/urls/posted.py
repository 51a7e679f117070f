"""Addresses of posted cadres, included at /posted/."""

from django.urls import path

from louzhang.roster.views.posted import moving, papers, postings, teams

app_name = "posted"
urlpatterns = [
    path("", teams.teams, name="teams"),
    path("teams/new/", teams.form_team, name="form_team"),
    path("needs/new/", teams.need, name="need"),
    path("needs/<uuid:uid>/close/", teams.close_need, name="close_need"),
    path("teams/<uuid:uid>/", teams.team, name="team"),
    path("teams/<uuid:uid>/file/", teams.team_file, name="team_file"),
    path("teams/<uuid:uid>/end/", teams.end_team, name="end_team"),
    path("teams/<uuid:uid>/propose/", teams.propose, name="propose"),
    path("teams/<uuid:uid>/meet/", teams.call_meeting, name="call_meeting"),
    path("teams/<uuid:uid>/draw/", teams.draw, name="draw"),
    path("meetings/<uuid:uid>/", papers.meeting, name="meeting"),
    path("papers/<uuid:uid>/", papers.paper, name="paper"),
    path("papers/<uuid:uid>/print/", papers.paper_print, name="paper_print"),
    path("<uuid:uid>/", postings.one, name="one"),
    path("<uuid:uid>/leave/", postings.leave, name="leave"),
    path("<uuid:uid>/write/", postings.write, name="write"),
    path("<slug:kind>/<uuid:uid>/<slug:verb>/", moving.move, name="move"),
]

"""Addresses of choosing, included at the root: `choosing/` for residents, nominees, reviewers, `desk/choosing/`."""

from django.urls import path

from louzhang.roster.views.choosing import (
    certificates,
    gaps,
    nominees,
    notices,
    own,
    replacing,
    residents,
    rounds,
)

app_name = "choosing"
urlpatterns = [
    path("choosing/", residents.home, name="home"),
    path("choosing/rounds/<uuid:uid>/", residents.one, name="resident_round"),
    path("choosing/rounds/<uuid:uid>/name/", residents.name, name="resident_name"),
    path("choosing/rounds/<uuid:uid>/offer/", residents.offer, name="offer"),
    path("choosing/own/", own.own, name="own"),
    path("choosing/own/<uuid:uid>/", own.one, name="nominee"),
    path("choosing/own/<uuid:uid>/<slug:verb>/", own.move, name="own_move"),
    path("choosing/open/", own.open_by_code, name="open"),
    path("choosing/notices/<uuid:uid>/", notices.notice, name="notice"),
    path("choosing/notices/<uuid:uid>/sheet/", notices.sheet, name="notice_sheet"),
    path("choosing/notices/<uuid:uid>/object/", notices.object_to, name="object"),
    path("choosing/objections/", notices.objection_code, name="objection_code"),
    path("choosing/objections/<uuid:uid>/", notices.own_objection, name="own_objection"),
    path("choosing/replace/", replacing.replace, name="replace"),
    path("choosing/replace/<uuid:uid>/back/", replacing.take_back, name="take_back"),
    path("choosing/reviews/", nominees.reviews, name="reviews"),
    path("choosing/reviews/<uuid:uid>/", nominees.review, name="review"),
    path("choosing/check/<uuid:uid>/", certificates.check, name="check"),
    path("desk/choosing/", gaps.gaps, name="gaps"),
    path("desk/choosing/file/", gaps.gaps_file, name="gaps_file"),
    path("desk/choosing/start/", gaps.start, name="start"),
    path("desk/choosing/requests/", replacing.requests, name="requests"),
    path("desk/choosing/rounds/", rounds.rounds, name="rounds"),
    path("desk/choosing/rounds/file/", rounds.rounds_file, name="rounds_file"),
    path("desk/choosing/rounds/<uuid:uid>/", rounds.one, name="round"),
    path("desk/choosing/rounds/<uuid:uid>/name/", rounds.name, name="desk_name"),
    path("desk/choosing/rounds/<uuid:uid>/certificates/", certificates.sheet, name="certificates"),
    path("desk/choosing/rounds/<uuid:uid>/<slug:verb>/", rounds.move, name="move"),
    path("desk/choosing/nominees/<uuid:uid>/", nominees.one, name="desk_nominee"),
    path("desk/choosing/nominees/<uuid:uid>/link/", nominees.link, name="link"),
    path("desk/choosing/nominees/<uuid:uid>/<slug:verb>/", nominees.move, name="desk_move"),
    path("desk/choosing/objections/<uuid:uid>/", notices.objection, name="objection"),
    path("desk/choosing/objections/<uuid:uid>/reveal/", notices.reveal, name="reveal_objection"),
]

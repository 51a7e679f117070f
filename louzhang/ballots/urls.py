"""Addresses of the ballot box, included at the root; the first stands on slips, and no code ever stands in one."""

from django.urls import path

from louzhang.ballots.views import desk, drafting, objecting, papers, rolls, voting

app_name = "ballots"
urlpatterns = [
    path("vote/", voting.by_code, name="vote"),
    path("mine/ballots/", voting.mine, name="mine"),
    path("mine/ballots/<uuid:uid>/", voting.own, name="own"),
    path("mine/ballots/<uuid:uid>/roll/", objecting.own_roll, name="own_roll"),
    path("ballots/", desk.polls, name="list"),
    path("ballots/draft/", drafting.draft, name="draft"),
    path("ballots/<uuid:uid>/", desk.one, name="one"),
    path("ballots/<uuid:uid>/result/", desk.result, name="result"),
    path("ballots/<uuid:uid>/roll/", rolls.roll, name="roll"),
    path("ballots/<uuid:uid>/roll/<uuid:elector_uid>/proxy/", rolls.proxy, name="proxy"),
    path("ballots/<uuid:uid>/roll/<uuid:elector_uid>/<slug:what>/", rolls.mark, name="mark"),
    path("ballots/<uuid:uid>/objections/", rolls.objections, name="objections"),
    path("ballots/<uuid:uid>/objections/<uuid:objection_uid>/", rolls.settle, name="settle"),
    path("ballots/<uuid:uid>/slips/", rolls.slips, name="slips"),
    path("ballots/<uuid:uid>/papers/", papers.typing, name="papers"),
    path("ballots/<uuid:uid>/blank/", papers.blank, name="blank"),
    path("ballots/<uuid:uid>/do/<slug:verb>/", desk.move, name="move"),
]

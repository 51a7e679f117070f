"""Addresses of honours: what everybody reads and one's own under /honours/, the desk's under /desk/honours/."""

from django.urls import path

from louzhang.roster.views.honours import board, bonuses, flags, kinds, letters, neighbours, own, people, public

app_name = "honours"
urlpatterns = [
    path("honours/", public.wall, name="wall"),
    path("honours/mine/", own.mine, name="mine"),
    path("honours/mine/account/", own.account, name="account"),
    path("honours/at/<uuid:uid>/", public.propose_here, name="propose_here"),
    path("honours/letters/<uuid:uid>/", own.own_letter, name="own_letter"),
    path("honours/letters/<uuid:uid>/<slug:verb>/", own.tap_letter, name="tap_letter"),
    path("honours/<uuid:uid>/", public.notice, name="notice"),
    path("honours/<uuid:uid>/photo/", own.own_photo, name="own_photo"),
    path("honours/<uuid:uid>/wall/<slug:what>/", own.tap_wall, name="tap_wall"),
    path("desk/honours/", board.listed, name="board"),
    path("desk/honours/new/", board.new, name="new"),
    path("desk/honours/new/name/", neighbours.by_name, name="new_name"),
    path("desk/honours/new/<uuid:uid>/", neighbours.of_register, name="new_resident"),
    path("desk/honours/flags/", flags.page_of_flags, name="flags"),
    path("desk/honours/flags/new/", flags.propose, name="flags_new"),
    path("desk/honours/flags/award/", flags.award, name="flags_award"),
    path("desk/honours/bonuses/", bonuses.listed, name="bonuses"),
    path("desk/honours/bonuses/<uuid:uid>/account/", bonuses.whole, name="bonus_account"),
    path("desk/honours/bonuses/<uuid:uid>/cancel/", bonuses.cancel, name="bonus_cancel"),
    path("desk/honours/bonuses/<uuid:uid>/<slug:verb>/", bonuses.tick, name="bonus_tick"),
    path("desk/honours/kinds/", kinds.listed, name="kinds"),
    path("desk/honours/kinds/add/", kinds.add, name="kind_add"),
    path("desk/honours/kinds/presets/", kinds.presets, name="kind_presets"),
    path("desk/honours/kinds/<uuid:uid>/", kinds.change, name="kind_change"),
    path("desk/honours/kinds/<uuid:uid>/end/", kinds.end, name="kind_end"),
    path("desk/honours/letters/", letters.listed, name="letters"),
    path("desk/honours/letters/new/", letters.write, name="letter_new"),
    path("desk/honours/letters/<uuid:uid>/", letters.one, name="letter"),
    path("desk/honours/letters/<uuid:uid>/rewrite/", letters.rewrite, name="letter_rewrite"),
    path("desk/honours/people/", people.listed, name="people"),
    path("desk/honours/<uuid:uid>/", board.one, name="one"),
    path("desk/honours/<uuid:uid>/photo/", neighbours.photo, name="photo"),
    path("desk/honours/<uuid:uid>/ask/", neighbours.ask, name="ask"),
    path("desk/honours/<uuid:uid>/certificate/", board.certificate, name="certificate"),
    path("desk/honours/<uuid:uid>/do/<slug:verb>/", board.move, name="move"),
    path("desk/honours/<uuid:uid>/answer/<uuid:objection>/", board.answer, name="answer"),
]

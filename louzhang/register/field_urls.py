"""Addresses of the notebook and of what is written down at doors, part of `register/`."""

from django.urls import path

from louzhang.register.views import cards, courses, doorstep, notebook, sites

patterns = [
    path("door/", doorstep.door, name="door"),
    path("sync/", doorstep.sync, name="sync"),
    path("conflicts/", doorstep.conflicts, name="conflicts"),
    path("conflicts/<uuid:uid>/", doorstep.settle_conflict, name="settle"),
    path("notebook/", notebook.notebook, name="notebook"),
    path("notes/<uuid:uid>/", notebook.note, name="note"),
    path("notes/<uuid:uid>/throw/", notebook.throw, name="throw"),
    path("cards/", cards.own_cards, name="cards"),
    path("cards/<int:post_id>/", cards.make, name="card_make"),
    path("cards/<int:post_id>/print/", cards.print_card, name="card_print"),
    path("needs/<uuid:uid>/course/", courses.need_course, name="need_course"),
    path("sites/", sites.sites, name="sites"),
    path("sites/points/", sites.site_points, name="site_points"),
    path("sites/add/", sites.site_add, name="site_add"),
    path("sites/<uuid:uid>/", sites.site, name="site"),
    path("sites/<uuid:uid>/change/", sites.site_change, name="site_change"),
    path("sites/<uuid:uid>/check/", sites.site_check, name="site_check"),
    path("sites/<uuid:uid>/end/", sites.site_end, name="site_end"),
    path("firms/", sites.firms, name="firms"),
    path("firms/add/", sites.firm_add, name="firm_add"),
    path("firms/<uuid:uid>/", sites.firm, name="firm"),
    path("firms/<uuid:uid>/reveal/", sites.firm_reveal, name="firm_reveal"),
    path("firms/<uuid:uid>/change/", sites.firm_change, name="firm_change"),
    path("firms/<uuid:uid>/end/", sites.firm_end, name="firm_end"),
    path("visitor/", cards.visitor, name="visitor"),
    path("places/<int:area_id>/poster/", cards.poster, name="poster"),
]

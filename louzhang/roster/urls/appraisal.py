"""Addresses of appraisals: the own months, sheets of scores, the desk, the names everybody may read."""

from django.urls import path

from louzhang.roster.views.appraisal import desk, own, ruling

app_name = "appraisal"
urlpatterns = [
    path("appraisal/", own.mine, name="mine"),
    path("appraisal/commended/", own.names, name="commended"),
    path("appraisal/months/<uuid:uid>/", own.month, name="own"),
    path("appraisal/months/<uuid:uid>/object/", own.objecting, name="object"),
    path("appraisal/months/<uuid:uid>/<slug:kind>/", own.rows, name="rows"),
    path("appraisal/objections/<uuid:uid>/", own.objection, name="objection"),
    path("appraisal/objections/<uuid:uid>/take-back/", own.take_back, name="take_back"),
    path("appraisal/reviews/<uuid:uid>/", own.review, name="review"),
    path("appraisal/reviews/<uuid:uid>/hear/", own.hearing, name="hear"),
    path("appraisal/sheets/", desk.sheets, name="sheets"),
    path("appraisal/sheets/<uuid:uid>/", desk.sheet, name="sheet"),
    path("desk/appraisal/", desk.listed, name="months"),
    path("desk/appraisal/objections/", ruling.objections, name="objections"),
    path("desk/appraisal/objections/<uuid:uid>/", ruling.answer, name="answer"),
    path("desk/appraisal/reviews/", ruling.reviews, name="reviews"),
    path("desk/appraisal/reviews/open/<uuid:uid>/", ruling.review_open, name="review_open"),
    path("desk/appraisal/reviews/<uuid:uid>/decide/", ruling.deciding, name="decide"),
    path("desk/appraisal/schemes/", ruling.schemes, name="schemes"),
    path("desk/appraisal/schemes/add/", ruling.scheme_add, name="scheme_add"),
    path("desk/appraisal/schemes/<uuid:uid>/end/", ruling.scheme_end, name="scheme_end"),
    path("desk/appraisal/scenes/", ruling.staff_scenes, name="scenes"),
    path("desk/appraisal/scenes/<uuid:uid>/end/", ruling.scene_end, name="scene_end"),
    path("desk/appraisal/<uuid:uid>/", desk.one, name="month"),
    path("desk/appraisal/<uuid:uid>/compute/", desk.compute, name="compute"),
    path("desk/appraisal/<uuid:uid>/criteria/", desk.criteria, name="criteria"),
    path("desk/appraisal/<uuid:uid>/appraisers/", desk.appraisers, name="appraisers"),
    path("desk/appraisal/<uuid:uid>/stars/", desk.stars, name="stars"),
    path("desk/appraisal/<uuid:uid>/publish/", desk.publish, name="publish"),
    path("desk/appraisal/<uuid:uid>/print/", desk.print_month, name="month_print"),
    path("desk/appraisal/<uuid:uid>/sheet/", desk.print_sheet, name="sheet_print"),
    path("desk/appraisal/<uuid:uid>/file/", desk.month_file, name="month_file"),
]

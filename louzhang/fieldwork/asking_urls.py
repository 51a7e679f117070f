"""Addresses of admissions, sheets and the burden, included at /desk/asking/."""

from django.urls import path

from louzhang.fieldwork.views import admissions, bulletins, burden

app_name = "asking"
urlpatterns = [
    path("admissions/", admissions.admissions, name="admissions"),
    path("admissions/<uuid:uid>/", admissions.admission, name="admission"),
    path("admissions/<uuid:uid>/decide/<slug:verb>/", admissions.decide, name="decide"),
    path("admissions/<uuid:uid>/leave/<slug:verb>/", admissions.leave, name="leave"),
    path("ask/", admissions.ask, name="ask"),
    path("campaigns/<uuid:uid>/", admissions.campaign, name="campaign"),
    path("sheets/", bulletins.bulletins, name="bulletins"),
    path("sheets/keep/", bulletins.keep, name="keep"),
    path("sheets/<uuid:uid>/", bulletins.bulletin, name="bulletin"),
    path("sheets/<uuid:uid>/renew/", bulletins.renew, name="renew"),
    path("sheets/<uuid:uid>/mapping/", bulletins.mapping, name="mapping"),
    path("sheets/<uuid:uid>/fill/", bulletins.fill, name="fill"),
    path("sheets/<uuid:uid>/blank/", bulletins.blank_file, name="blank"),
    path("sheets/<uuid:uid>/end/", bulletins.put_away, name="put_away"),
    path("burden/", burden.burden, name="burden"),
    path("burden/file/", burden.burden_file, name="burden_file"),
    path("burden/print/", burden.burden_print, name="burden_print"),
]

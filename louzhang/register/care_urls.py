"""Addresses of the mark 关 and of who asks to be bound, included at `register/care/`."""

from django.urls import path

from louzhang.register.views import binding, caring

app_name = "care"
urlpatterns = [
    path("", caring.due, name="due"),
    path("of/<uuid:uid>/", caring.of, name="of"),
    path("of/<uuid:uid>/look/", caring.look, name="look"),
    path("of/<uuid:uid>/emergency/", caring.emergency, name="emergency"),
    path("of/<uuid:uid>/add/", caring.act, {"verb": "add"}, name="add"),
    path("of/<uuid:uid>/consent/", caring.act, {"verb": "consent"}, name="consent"),
    path("of/<uuid:uid>/shelter/", caring.act, {"verb": "shelter"}, name="shelter"),
    path("tags/<uuid:uid>/keep/", caring.act, {"verb": "keep"}, name="keep"),
    path("tags/<uuid:uid>/health/", caring.act, {"verb": "health"}, name="health"),
    path("tags/<uuid:uid>/open/", caring.open_one, name="open"),
    path("tags/<uuid:uid>/end/", caring.end, name="end"),
    path("consents/<uuid:uid>/withdraw/", caring.withdraw, name="withdraw"),
    path("emergencies/<uuid:uid>/told/", caring.told, name="told"),
    path("bindings/", binding.bindings, name="bindings"),
    path("bindings/<uuid:uid>/confirm/", binding.confirm, name="confirm"),
    path("bindings/<uuid:uid>/decline/", binding.decline, name="decline"),
]

"""Addresses of 我的登记 on a resident's phone, included at `mine/register/`."""

from django.urls import path

from louzhang.register.views import own

app_name = "own"
urlpatterns = [
    path("", own.home, name="home"),
    path("bind/", own.bind, name="bind"),
    path("unbind/", own.unbind, name="unbind"),
    path("reveal/", own.reveal, name="reveal"),
    path("health/<uuid:uid>/", own.health, name="health"),
    path("looks/", own.looks, name="looks"),
    path("rights/", own.rights, name="rights"),
    path("rights/correct/", own.correct, name="correct"),
    path("rights/copy/", own.copy, name="copy"),
    path("rights/erase/", own.erase, name="erase"),
    path("rights/<uuid:uid>/retract/", own.retract, name="retract"),
    path("consents/<uuid:uid>/give/", own.give, name="give"),
    path("consents/<uuid:uid>/withdraw/", own.withdraw, name="withdraw"),
]

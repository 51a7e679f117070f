"""Addresses on all faces, included at the root."""

from django.urls import path

from louzhang.inquiries.views import asking, keeping

app_name = "inquiries"
urlpatterns = [
    path("ask/", asking.ask, name="ask"),
    path("ask/mine/", asking.mine, name="mine"),
    path("ask/mine/<uuid:uid>/", asking.one, name="one"),
    path("ask/mine/<uuid:uid>/close/", asking.close, name="close"),
    path("ask/mine/<uuid:uid>/more/", asking.more, name="more"),
    path("ask/mine/<uuid:uid>/turn/", asking.turn, name="turn"),
    path("field/inquiries/", keeping.field, name="field"),
    path("field/inquiries/<uuid:uid>/", keeping.field_one, name="field_one"),
    path("field/inquiries/<uuid:uid>/turn/", keeping.field_turn, name="field_turn"),
    path("field/inquiries/<uuid:uid>/contact/", keeping.reveal, name="reveal"),
    path("desk/inquiries/", keeping.desk, name="desk"),
    path("desk/inquiries/<uuid:uid>/", keeping.desk_one, name="desk_one"),
    path("desk/inquiries/<uuid:uid>/turn/", keeping.desk_turn, name="desk_turn"),
]

"""Addresses of signing in and of one's own account, included at the root."""

from django.urls import path

from louzhang.accounts.views import account, signing_in

app_name = "accounts"
urlpatterns = [
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/demo/", signing_in.sign_in_demo, name="sign_in_demo"),
    path("sign-in/demo/find/", signing_in.find_demo, name="find_demo"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/devices/<int:device_id>/end/", account.end_own_device, name="end_device"),
    path("account/devices/end-others/", account.end_other_devices, name="end_other_devices"),
    path("account/tokens/", account.make_token, name="make_token"),
    path("account/tokens/<int:token_id>/end/", account.end_token, name="end_token"),
]

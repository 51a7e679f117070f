"""What this app adds to every page."""

import pytest
from django.core.cache import cache
from django.test import Client

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.kit import clock
from tests.cast import make_cast


@pytest.mark.django_db
def test_staff_read_that_background_work_stands_still_and_residents_do_not():
    cast, said = make_cast(), "后台"
    cache.set("worker.is_up", False, None)
    signed = sign_in_device(user=cast.people["desk"], way="code", label="测试", at=clock.now())
    desk = Client()
    desk.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
    assert said in desk.get("/desk/").content.decode()
    assert said not in Client().get("/").content.decode()
    cache.set("worker.is_up", True, None)
    assert said not in desk.get("/desk/").content.decode()

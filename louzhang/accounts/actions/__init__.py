"""Verbs on people, devices, codes and tokens."""

from louzhang.accounts.actions.passwords import clear_password, set_password
from louzhang.accounts.actions.people import end_person, register_person, rename_person, take_up_person
from louzhang.accounts.actions.signing_in import (
    SignedIn,
    end_device,
    end_devices,
    issue_sign_in_code,
    note_lock,
    note_unlock,
    sign_in_device,
    sign_in_with_code,
    sign_in_with_password,
)
from louzhang.accounts.actions.tokens import end_api_token, make_api_token

__all__ = [
    "SignedIn",
    "clear_password",
    "end_api_token",
    "end_device",
    "end_devices",
    "end_person",
    "issue_sign_in_code",
    "make_api_token",
    "note_lock",
    "note_unlock",
    "register_person",
    "rename_person",
    "set_password",
    "sign_in_device",
    "sign_in_with_code",
    "sign_in_with_password",
    "take_up_person",
]

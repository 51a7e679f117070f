"""What a visitor chose for their eyes: care mode (长辈版) with its print size, the colours, what is unfolded.

Each lives in a cookie of its own, so they work for everybody, signed in or not.
"""

from urllib.parse import unquote

from django.http import HttpRequest, HttpResponse

CARE_COOKIE = "lz_care"
THEME_COOKIE = "lz_theme"
FOLDS_COOKIE = "lz_folds"  # written by desk.js: names, percent-encoded, with dots between
CARE_SIZES = (22, 26, 30)
THEMES = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600


def care_size(request: HttpRequest) -> int:
    """The base print size in px of care mode, 0 when it is off."""
    chosen = request.COOKIES.get(CARE_COOKIE, "")
    return int(chosen) if chosen in {str(size) for size in CARE_SIZES} else 0


def theme(request: HttpRequest) -> str:
    """auto, light or dark; auto follows the device."""
    chosen = request.COOKIES.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else "auto"


def opened_folds(request: HttpRequest) -> list[str]:
    """The names of the folds that this visitor has opened in the navigation."""
    return [unquote(name) for name in request.COOKIES.get(FOLDS_COOKIE, "").split(".") if name]


def remember(request: HttpRequest, response: HttpResponse, name: str, value: str) -> None:
    """Keep a choice for a year; an empty value forgets it."""
    if not value:
        response.delete_cookie(name, samesite="Lax")
        return
    response.set_cookie(name, value, max_age=YEAR, secure=request.is_secure(), httponly=True, samesite="Lax")

"""The reader's language, kept in a cookie that only a POST sets."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt

from sharedtable.accounts.actions import choose_language as remember_language
from sharedtable.web.local import comes_from_own_page


# No CSRF token, so that pages without another form set no cookie; all a foreign page can do is change the language.
@csrf_exempt
def choose_language(request: HttpRequest) -> HttpResponse:
    """Sets the language that the form names and goes back to the page that showed the form."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = reverse("home")
    response = HttpResponseRedirect(back)
    code = request.POST.get("language")
    if code in dict(settings.LANGUAGES):
        # Only our own page may change what is kept about the user: this form has no token.
        if request.user.is_authenticated and comes_from_own_page(request):
            remember_language(user=request.user, language=str(code))
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            code,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
            secure=settings.LANGUAGE_COOKIE_SECURE,
        )
    return response

"""The least that Django can do: a constant answer of so many bytes, without middleware or database. `/<bytes>`."""

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, HttpResponse
from django.urls import path

_answers: dict[int, bytes] = {}


def constant(request: HttpRequest, size: int) -> HttpResponse:
    return HttpResponse(_answers.setdefault(size, b"x" * size))


if not settings.configured:
    settings.configure(SECRET_KEY="floor", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, MIDDLEWARE=[])
urlpatterns = [path("<int:size>", constant)]
application = get_wsgi_application()

"""A site of django-comments-xtd: pages whose comments are held. Run by the Python of its own environment.

gunicorn serves `xtd_site:application` on the store that XTD_STORE names; `python xtd_site.py ask.json` makes that
store, a page for each number of visible comments, and writes back what a post must bring.
"""

import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="for-one-measurement",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    USE_TZ=True,
    SITE_ID=1,
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
    DATABASES={
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": os.environ["XTD_STORE"],
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": "PRAGMA journal_mode=WAL"},
        }
    },
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.sites",
        "django.contrib.flatpages",
        "rest_framework",
        "django_comments_xtd",
        "django_comments",
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {"context_processors": ["django.contrib.auth.context_processors.auth"]},
        }
    ],
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    COMMENTS_APP="django_comments_xtd",
    COMMENTS_XTD_MAX_THREAD_LEVEL=3,
    COMMENTS_XTD_CONFIRM_EMAIL=False,
)
django.setup()

from django.contrib.contenttypes.models import ContentType  # noqa: E402
from django.contrib.flatpages.models import FlatPage  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.shortcuts import get_object_or_404  # noqa: E402
from django.template import RequestContext, Template  # noqa: E402
from django.urls import include, path  # noqa: E402
from django_comments.forms import CommentSecurityForm  # noqa: E402
from django_comments_xtd.moderation import XtdCommentModerator, moderator  # noqa: E402

ANSWERS = 0.4
_COMMENT = """
    INSERT INTO django_comments (id, object_pk, user_name, user_email, user_url, comment, submit_date, ip_address,
        is_public, is_removed, content_type_id, site_id) VALUES (%s, %s, %s, %s, '', %s, %s, '10.0.0.0', 1, 0, %s, 1)
"""
_HANGS = """
    INSERT INTO django_comments_xtd_xtdcomment (comment_ptr_id, thread_id, parent_id, level, "order", followup,
        nested_count) VALUES (%s, %s, %s, %s, %s, 0, %s)
"""


class Held(XtdCommentModerator):
    def moderate(self, comment, content_object, request):
        return True


def page(request, pk):
    words = "{% load comments comments_xtd %}<h1>{{ page.title }}</h1>{% render_xtdcomment_tree for page %}"
    context = RequestContext(request, {"page": get_object_or_404(FlatPage, pk=pk)})
    return HttpResponse(Template(words).render(context))


moderator.register(FlatPage, Held)
urlpatterns = [path("comments/", include("django_comments_xtd.urls")), path("pages/<int:pk>/", page)]
application = get_wsgi_application()


def main(file):
    asked = json.loads(file.read_text())
    call_command("migrate", verbosity=0)
    first, pages = 1, {}
    for size in asked["sizes"]:
        made = FlatPage.objects.create(url=f"/{size}/", title=f"Le pont, {size}")
        pages[size] = f"/pages/{made.pk}/"
        with transaction.atomic():
            fill(made.pk, range(first, first + size), asked["text"])
        first += size
    security = CommentSecurityForm(FlatPage.objects.get(pk=1)).generate_security_data()
    security |= {"content_type": "flatpages.flatpage", "object_pk": "1"}
    file.write_text(json.dumps({"pages": pages, "security": security}))


def fill(pk, numbers, text):
    """Four in ten answer the comment at the top before them."""
    chance, kind = Random(1), ContentType.objects.get_for_model(FlatPage).pk
    since = datetime.now(UTC) - timedelta(days=1)
    branches = []
    for number in numbers:
        if branches and chance.random() < ANSWERS:
            branches[-1].append(number)
        else:
            branches.append([number])
    rows = (
        (n, str(pk), "Lectrice", f"lectrice{n % 5000}@example.org", text.replace("@N@", str(n)), since, kind)
        for n in numbers
    )
    with connection.cursor() as cursor:
        cursor.executemany(_COMMENT, list(rows))
        for top, *answers in branches:
            cursor.execute(_HANGS, (top, top, top, 0, 1, len(answers)))
            below = [(answer, top, top, 1, place, 0) for place, answer in enumerate(answers, start=2)]
            cursor.executemany(_HANGS, below)


if __name__ == "__main__":
    main(Path(sys.argv[1]))

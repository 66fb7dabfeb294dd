"""The site map."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.conf.urls.static import static
from django.contrib import admin
from django.urls import include, path

from newsroom.feeds import LatestArticles
from newsroom.views import errors, health, site

# The admin's own sign-in form knows no limit on guessing: it hands over to ours.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("", site.front, name="front"),
    path("sections/<slug:slug>/", site.section, name="section"),
    path("articles/<slug:slug>/", site.article, name="article"),
    path("feed/", LatestArticles(), name="feed"),
    path("", include("comments.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("newsroom.account_urls")),
    path("healthz", health.healthz, name="healthz"),
    # In production a web server gives out the media folder (docs/howto/deploy.md); this one answers under DEBUG only.
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler429 = errors.too_many  # allauth looks for this name
handler500 = errors.server_error

"""The project's settings as tests need them: a bare `pytest` starts, passwords hash fast, no manifest is asked for."""

import os

os.environ.setdefault("DEBUG", "1")

from newsroom.settings import *  # noqa: F403
from newsroom.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

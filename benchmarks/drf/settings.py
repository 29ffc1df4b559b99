"""The settings of the baseline in Django: what the documentation tells for production, and nothing that is not used."""

import os
from typing import Any
from urllib.parse import urlsplit

_address = urlsplit(os.environ["BASELINE_DATABASE_URL"])
DATABASES: dict[str, dict[str, Any]] = {
    "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": _address.path[1:]}
    if _address.scheme == "sqlite"
    else {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.path[1:],
        "USER": _address.username,
        "HOST": _address.hostname,
        "PORT": _address.port,
    }
}
DATABASES["default"]["CONN_MAX_AGE"] = None
if _address.scheme == "sqlite":
    DATABASES["default"]["OPTIONS"] = {"init_command": "PRAGMA journal_mode=WAL; PRAGMA mmap_size=268435456"}
SECRET_KEY = "of a benchmark"
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["rest_framework", "benchmarks.drf"]
ROOT_URLCONF = "benchmarks.drf.urls"
USE_TZ = True
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "UNAUTHENTICATED_USER": None,
}

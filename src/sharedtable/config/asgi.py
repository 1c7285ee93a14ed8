"""The application as a server sees it: `uvicorn sharedtable.config.asgi:application --lifespan off`."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sharedtable.config.settings")
_django = get_asgi_application()

from sharedtable.web.limits import BodyLimit  # noqa: E402 - it reads the addresses, so Django has to be set up first
from sharedtable.web.wall.live import Live  # noqa: E402

application = Live(BodyLimit(_django))

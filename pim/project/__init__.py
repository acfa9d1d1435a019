"""The project: the only place that knows both apps."""

from .celery import app as celery_app

__all__ = ["celery_app"]

"""How the house is run: settings, addresses, servers."""

from project.celery import app as celery_app  # whoever puts a job into the queue finds the broker by it

__all__ = ["celery_app"]

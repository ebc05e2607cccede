"""Where Celery looks for tasks."""

from .work import plain

__all__ = ["plain"]

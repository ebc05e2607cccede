"""Celery: carries the messages that wake workers; what there is to do stands in the job rows."""

from celery import Celery

app = Celery("tuiguan")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

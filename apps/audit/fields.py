"""The two columns of an anchor row that say where its stream ends."""

from django.db import models
from django.db.models import F


class _Head:
    """A column that saving the row leaves alone: only `streams.append` moves a head."""

    def pre_save(self, model_instance, add):
        # A stale object saved later would otherwise put an old head back.
        return super().pre_save(model_instance, add) if add else F(self.attname)


class HeadNumber(_Head, models.BigIntegerField):
    """How many events the stream has."""


class HeadHash(_Head, models.CharField):
    """The hash of the stream's last event, empty before the first."""

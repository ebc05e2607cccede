"""Registers the bench with Django: viewflow stores the stock flow under the name of its app."""

from django.apps import AppConfig


class BenchConfig(AppConfig):
    """The figures of speed."""

    name = "tests.bench"
    label = "bench"

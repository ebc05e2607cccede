"""`manage.py seed`: load divisions, documents, clauses and first rules; harmless when they are there."""

from django.core.management.base import BaseCommand

from apps.policies import seeds


class Command(BaseCommand):
    help = "Load the divisions, policy documents, clauses and first rules that the product ships with."

    def handle(self, *, verbosity, **options):
        for name, count in seeds.load().items():
            if verbosity:
                self.stdout.write(f"{name}: {count}")

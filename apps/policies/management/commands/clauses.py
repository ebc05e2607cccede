"""`manage.py clauses`: which clauses of the plan are proved by which tests, as the last full run found."""

from django.core.management.base import BaseCommand

from apps.policies import proofs, seeds


class Command(BaseCommand):
    help = "Print which clauses of the plan are proved by which tests."
    requires_system_checks = []

    def handle(self, **options):
        proved = proofs.read()
        clauses = list(seeds.rows("clauses.csv"))
        for clause in clauses:
            tests = proved.get(clause["code"], [])
            self.stdout.write(
                f"{'✓' if tests else ' '} {clause['code']} {clause['citation']}  {clause['requirement_en']}"
            )
            for test in tests:
                self.stdout.write(f"      {test}")
        count = sum(clause["code"] in proved for clause in clauses)
        self.stdout.write(
            f"{count} of {len(clauses)} clauses are proved by {sum(map(len, proved.values()))} tests."
        )

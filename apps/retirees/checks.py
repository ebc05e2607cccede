"""A system check that the keys in the data folder are the ones this database was sealed with."""

from django.core import checks
from django.db import DatabaseError, connection

from apps.retirees import vault
from apps.retirees.models import Identity


@checks.register(checks.Tags.database)
def keys_open_the_vault(app_configs, databases=None, **kwargs):
    """Open one sealed number; new keys beside old data would make every person unfindable, silently."""
    if not databases:
        return []
    try:
        if Identity._meta.db_table not in connection.introspection.table_names():
            return []
        one = Identity.objects.order_by("id").first()
    except DatabaseError:
        return []
    if one is None:
        return []
    try:
        number = vault.unseal(one.sealed, owner=one.pk, field="number")
    except vault.CannotOpen as fault:
        return [checks.Error(str(fault), id="retirees.E001")]
    if vault.digest(number) != one.digest:
        return [checks.Error("the digest key is not the one this database was made with", id="retirees.E002")]
    return []

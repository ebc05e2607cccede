"""Short messages: what a gateway must do, and the one that writes them to the outbox folder.

A gateway of your own is a class with this ``send``, named in SMS_GATEWAY.
"""

import json
from functools import cache
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string


class Gateway(Protocol):
    """Sends one short message; raises OSError when it could not be handed over."""

    def send(self, text: str, *, to: str, message: UUID) -> None:
        """Hand the text over; the same ``message`` may come again and is to be sent once where that is possible."""


class Outbox:
    """Adds each message as a line to ``outbox/sms.jsonl`` in the data folder."""

    def send(self, text: str, *, to: str, message: UUID) -> None:
        settings.OUTBOX.mkdir(exist_ok=True)
        with (settings.OUTBOX / "sms.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps({"id": str(message), "to": to, "text": text}, ensure_ascii=False) + "\n")


@cache
def gateway() -> Gateway:
    """The gateway that SMS_GATEWAY names; raises ImproperlyConfigured where it names none."""
    try:
        return import_string(settings.SMS_GATEWAY)()
    except ImportError as error:
        raise ImproperlyConfigured(
            f"SMS_GATEWAY is {settings.SMS_GATEWAY!r}: write the dotted name of a class."
        ) from error

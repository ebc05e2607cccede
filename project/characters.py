"""Turns away what no keyboard types: a zero character in an address or a form, which no database keeps."""

from django.core.exceptions import SuspiciousOperation
from django.utils.deprecation import MiddlewareMixin

ZERO = "\0"


class NoZeroCharacterMiddleware(MiddlewareMixin):
    """Answers 400 before a view sees such a request; what is in files is judged where they are read."""

    def process_request(self, request):
        sent = [request.path, *_texts(request.GET), *_texts(request.POST)]
        if any(ZERO in text for text in sent):
            raise SuspiciousOperation("a zero character in the request")


def _texts(query):
    for name, values in query.lists():
        yield name
        yield from values

"""Fetching what a job has written for somebody."""

from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.generic import View

from apps.exchange import parcels
from apps.exchange.models import Parcel

from .acting import ActingRequired


class Fetch(ActingRequired, View):
    """Hands a file to the post it was written for; the writing was recorded with its digest."""

    def get(self, request, pk):
        parcel = get_object_or_404(Parcel, pk=pk, post=request.acting.post, part=0, job__isnull=False)
        answer = HttpResponse(parcels.content(parcel), content_type=parcel.media)
        answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(parcel.name)}"
        answer.headers["Cache-Control"] = "no-store"
        return answer

"""One page: an act that leaves a row and a job in the same transaction; asked again, it does nothing more."""

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from apps.jobs.queue import enqueue

PARTS, EVERY = 3, 20  # every twentieth job is a long one


@csrf_exempt
def act(request, number):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO chaos_act VALUES (%s) ON CONFLICT DO NOTHING", [number])
        if cursor.rowcount:
            parts = PARTS if number % EVERY == 0 else 1
            enqueue("chaos.effect", given={"act": number, "parts": parts}, total=parts)
    return HttpResponse("ok")


urlpatterns = [path("", lambda request: HttpResponse("up")), path("act/<int:number>/", act)]

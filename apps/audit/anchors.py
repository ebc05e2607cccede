"""Compares the anchor rows, which say where their streams end, with the events themselves."""

from django.apps import apps
from django.db import connection
from django.utils.translation import gettext as _

from .findings import SHOWN_OF_A_KIND, Report
from .models import Streamed

_APART = """
SELECT a."{pk}" FROM "{table}" a LEFT JOIN LATERAL (
    SELECT seq, hash FROM audit_event e WHERE e.stream = %s AND e.stream_id = a."{pk}"
    ORDER BY seq DESC LIMIT 1
) e ON true
WHERE (a.stream_seq <> coalesce(e.seq, 0) OR a.stream_head <> coalesce(e.hash, '')) {where} LIMIT %s
"""
_WITHOUT = """
SELECT DISTINCT e.stream_id FROM audit_event e WHERE e.stream = %s
AND NOT EXISTS (SELECT 1 FROM "{table}" a WHERE a."{pk}" = e.stream_id) {where} LIMIT %s
"""


def streamed_models() -> list[type[Streamed]]:
    """Return the models whose rows anchor a stream."""
    return [model for model in apps.get_models() if issubclass(model, Streamed) and not model._meta.proxy]


def check_anchors(report: Report, scope: tuple[str, int] | None) -> None:
    """Report every anchor that ends elsewhere than its stream, and every stream without its anchor."""
    models = {model.STREAM: model for model in streamed_models()}
    for stream, model in models.items():
        if scope and scope[0] != stream:
            continue
        names = {"table": model._meta.db_table, "pk": model._meta.pk.column}
        with connection.cursor() as cursor:
            for sql, column, kind, sentence in (
                (_APART, f'a."{names["pk"]}"', "anchor", _("业务表记下的流头与记录不符。")),
                (_WITHOUT, "e.stream_id", "anchorless", _("有记录而没有所属的业务行。")),
            ):
                where = f"AND {column} = {scope[1]:d}" if scope else ""
                cursor.execute(sql.format(where=where, **names), [stream, SHOWN_OF_A_KIND])
                for (pk,) in cursor.fetchall():
                    report.add(kind, f"{stream}/{pk}", sentence)
    _check_unknown(report, models, scope)


def _check_unknown(report: Report, models: dict[str, type[Streamed]], scope: tuple[str, int] | None) -> None:
    with connection.cursor() as cursor:
        # One step along the index for each stream's name, not one for each event.
        cursor.execute(
            "WITH RECURSIVE names AS ("
            "(SELECT stream FROM audit_event ORDER BY stream LIMIT 1) UNION ALL "
            "SELECT (SELECT stream FROM audit_event e WHERE e.stream > n.stream ORDER BY stream LIMIT 1) "
            "FROM names n WHERE n.stream IS NOT NULL) SELECT stream FROM names WHERE stream IS NOT NULL"
        )
        for (stream,) in cursor.fetchall():
            if stream not in models and (scope is None or scope[0] == stream):
                report.add("unknown", stream, _("没有任何业务表认得这种流。"))

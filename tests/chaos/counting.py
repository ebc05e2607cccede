"""What came of the acts: nothing lost, nothing doubled, no effect without its job and no job without its effect."""

from collections import Counter
from contextlib import closing

TABLES = """
DROP TABLE IF EXISTS chaos_act, chaos_effect;
CREATE TABLE chaos_act (number bigint PRIMARY KEY);
CREATE TABLE chaos_effect (act bigint, part int);
GRANT ALL ON chaos_act, chaos_effect TO tuiguan_app;
TRUNCATE jobs_job CASCADE;
"""
STATES = "SELECT status, count(*) FROM jobs_job WHERE kind = 'chaos.effect' GROUP BY status"
FOUND = """
WITH job AS (SELECT (given->>'act')::bigint AS act, (given->>'parts')::int AS parts, status
             FROM jobs_job WHERE kind = 'chaos.effect'),
effect AS (SELECT act, count(*) AS times, count(DISTINCT part) AS parts FROM chaos_effect GROUP BY act)
SELECT (SELECT count(*) FROM chaos_act),
       (SELECT count(*) FROM job WHERE status = 'done'),
       (SELECT sum(parts) FROM effect),
       (SELECT count(*) FROM chaos_act LEFT JOIN job ON act = number WHERE job.status IS DISTINCT FROM 'done'),
       (SELECT count(*) FROM effect WHERE times > parts) + (SELECT count(*) - count(DISTINCT act) FROM job),
       (SELECT count(*) FROM effect FULL JOIN job USING (act)
        WHERE job.status IS DISTINCT FROM 'done' OR effect.parts IS DISTINCT FROM job.parts)
"""
NAMES = ("acts committed", "jobs done", "effects", "lost", "doubled", "ghosts")
NONE = ("lost", "doubled", "ghosts")


def make_tables(cluster) -> None:
    """Make room for one run."""
    run(cluster, TABLES, user="tuiguan_owner")


def states(cluster) -> Counter:
    """How many jobs of the run stand where."""
    return Counter(dict(run(cluster, STATES)))


def found(cluster) -> dict[str, int]:
    """Everything the database knows of the run."""
    return dict(zip(NAMES, run(cluster, FOUND)[0], strict=True))


def run(cluster, sql: str, *, user: str = "tuiguan_app"):
    """Ask the database directly."""
    with closing(cluster.connect(user=user, database="tuiguan")) as connection, connection:
        cursor = connection.cursor()
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else None

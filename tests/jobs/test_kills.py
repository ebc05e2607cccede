"""The kill test in short, on each broker: `make chaos` is the long one."""

import os
import socket
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings

BROKERS = {
    "filesystem": "",
    "RabbitMQ": "amqp://guest:guest@127.0.0.1:5672//",
    "Redis": "redis://127.0.0.1:6379/0",
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def refuse_unreachable(url: str) -> None:
    parts = urlsplit(url)
    try:
        socket.create_connection((parts.hostname, parts.port), timeout=3).close()
    except OSError as error:
        pytest.skip(f"no broker at {parts.hostname}:{parts.port} ({error})")


@pytest.mark.parametrize("broker", BROKERS)
def test_nothing_is_lost_or_done_twice_while_everything_is_killed(broker):
    if url := BROKERS[broker]:
        refuse_unreachable(url)
    command = [sys.executable, "-m", "tests.chaos", "--jobs=200", "--kills=5"]
    run = subprocess.run(
        [*command, f"--broker={url}", f"--port={free_port()}"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TUIGUAN_DATA": str(settings.TUIGUAN_DATA / broker)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr

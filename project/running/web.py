"""How gunicorn serves the site: `gunicorn --config python:project.running.web project.wsgi`.

It keeps no access log of its own: the site writes a line for each request, with what only it knows.
"""

import os
import shutil
import signal

from project import environment, logs
from project.running.children import end_with_parent

timeout = 120
graceful_timeout = 15
control_socket_disable = True
logconfig_dict = logs.config(environment.log_level())


def on_starting(_server) -> None:
    """Give the workers a folder in which their figures add up, before any of them reads how to count."""
    folder = environment.data_folder() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(folder)


def post_fork(_server, _worker) -> None:
    """Let a worker end with its master: a killed master's workers would hold the port for a minute."""
    end_with_parent(signal.SIGTERM)

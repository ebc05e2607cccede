"""Installs what the tests need outside Python, where we may; says what to install where we may not.

A browser for the stories, a Chinese font for pictures and papers, the libraries WeasyPrint draws with.
"""

import ctypes.util
import os
import shutil
import subprocess
import sys

# What proves that a Debian package is there, and its name.
NEEDED = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "fontconfig": lambda: shutil.which("fc-list") is not None,
    "fonts-noto-cjk": lambda: bool(fonts("lang=zh-cn")),
    "fonts-hanazono": lambda: bool(fonts("charset=20000")),  # rare characters of names
    "libpango-1.0-0": lambda: ctypes.util.find_library("pango-1.0") is not None,
    "libpangoft2-1.0-0": lambda: ctypes.util.find_library("pangoft2-1.0") is not None,
    "libharfbuzz-subset0": lambda: ctypes.util.find_library("harfbuzz-subset") is not None,
}


def fonts(asked: str) -> str:
    """Return the fonts for a language or a character, one a line."""
    if shutil.which("fc-list") is None:
        return ""
    return subprocess.run(["fc-list", f":{asked}"], capture_output=True, text=True, check=False).stdout


def missing() -> list[str]:
    """Return the packages that are not there."""
    return [name for name, is_there in NEEDED.items() if not is_there()]


def install(names: list[str]) -> bool:
    """Install packages of Debian; say whether that worked."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *names],
    ):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout + done.stderr, file=sys.stderr)
            return False
    return not missing()


if __name__ == "__main__":
    if names := missing():
        wanted = " ".join(names)
        if os.geteuid() == 0 and shutil.which("apt-get"):
            print(f"Installing {wanted} ...", flush=True)
            if install(names):
                sys.exit(0)
        sys.exit(
            f"The tests need more than Python. Install it, then try again:\n  sudo apt-get install {wanted}"
        )

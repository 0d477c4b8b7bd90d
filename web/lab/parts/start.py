"""Starts the course on this machine, without a network: what the start script of a bundle runs.

    start                       install if it must, serve, open the browser
    start --data DIR            keep journal and conversations there   (default: the folder data beside the program)
    start --port N --host A     serve there                            (default: a free port, for this machine alone)
    start --no-browser          open no browser
    start WORD ...              run a command of genomics-tutor instead, such as: start doctor, start journal export FILE

Everything is written below the folder that the bundle was unpacked to, so deleting that folder takes everything away. Needs
nothing but Python itself. Knows nothing of what the program does.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import re
import secrets
import shutil
import sqlite3
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import webbrowser
from contextlib import closing, suppress
from pathlib import Path

PROGRAM = Path(__file__).resolve().parent
TOP = PROGRAM.parent
COURSE = TOP / "course"
SUMS = PROGRAM / "SHA256SUMS"
CURRENT = PROGRAM / "environment"
SERVING = PROGRAM / "serving.json"
MACHINES = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "arm64", "aarch64": "arm64"}
OLDEST_GLIBC = (2, 28)
LEFT_BEHIND_SECONDS = 3600
BROKEN = 3


class CannotStartError(Exception):
    """The course cannot be started; the message says why and what to do, in both languages."""


def cannot_start(english: str, chinese: str) -> CannotStartError:
    """The error that says so."""
    return CannotStartError(f"{english}\n{chinese}")


def say(english: str, chinese: str) -> None:
    """Tell whoever sits at the machine."""
    sys.stderr.write(f"{english}\n{chinese}\n")
    sys.stderr.flush()


def main() -> int:
    """Start; 0 if all went well."""
    parser = argparse.ArgumentParser(prog="start", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=TOP / "data")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", default="0")
    parser.add_argument("--no-browser", action="store_true")
    parser.add_argument("command", nargs=argparse.REMAINDER, metavar="WORD ...")
    given = parser.parse_args()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        bundle = json.loads((PROGRAM / "bundle.json").read_bytes())
        check_machine(bundle)
        sums = digest(SUMS)
        if not given.command and (address := served_already(sums, given.data)):
            say(f"The course is open already at {address}", f"课程已在运行：{address}")
            show(address, wanted=not given.no_browser)
            return 0
        python = environment() or install(sums)
        remove_left_behind()
        take_over_data(given.data)
        take_over_index(python, given.data)
        if given.command:
            return subprocess.run([*program(python, given.data), *given.command], env=own_variables(), check=False).returncode  # noqa: S603
        return serve(python, given, sums)
    except CannotStartError as error:
        sys.stderr.write(f"\n{error}\n")
    except OSError as error:
        say(f"\nThe course cannot be started: {error}.", f"无法启动课程：{error}。")
    except KeyboardInterrupt:
        return 0
    return BROKEN


def check_machine(bundle: dict[str, object]) -> None:
    """Raise CannotStartError where this bundle is none for this machine or this Python."""
    wanted, here = MACHINES.get(str(bundle["machine"]).lower()), MACHINES.get(platform.machine().lower())
    if sys.platform != bundle["sys_platform"] or wanted != here or sys.maxsize < 2**32:
        kind = f"{platform.system()} {platform.machine()}"
        raise cannot_start(
            f"This copy is for {bundle['target']}, and this machine's Python is for {kind}; get the copy for this machine.",
            f"本程序包适用于 {bundle['target']}，而本机的 Python 为 {kind}；请使用适合本机的程序包。",
        )
    if not requirements().is_file():
        pythons = ", ".join(map(str, bundle["pythons"])) if isinstance(bundle["pythons"], list) else ""
        raise cannot_start(
            f"This copy carries parts for Python {pythons}, not for {platform.python_version()}; install one of these and start again.",
            f"本程序包支持 Python {pythons}，不支持 {platform.python_version()}；请安装其中一个版本后重新启动。",
        )
    name, version = platform.libc_ver()
    if sys.platform == "linux" and (name != "glibc" or tuple(map(int, version.split(".")[:2])) < OLDEST_GLIBC):
        raise cannot_start(
            f"This copy needs glibc 2.28 or newer (Debian 10, Ubuntu 20.04, Kylin V10, UOS 20), and this machine has {name} {version}; use a newer system.",
            f"本程序包需要 glibc 2.28 或更高版本（Debian 10、Ubuntu 20.04、麒麟 V10、统信 UOS 20），本机为 {name} {version}；请使用较新的系统。",
        )


def requirements() -> Path:
    """What is to be installed for the Python that runs this."""
    return PROGRAM / f"requirements-{sys.version_info[0]}.{sys.version_info[1]}.txt"


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def verify() -> None:
    """Raise CannotStartError where a file of the bundle is not what was packed."""
    for line in SUMS.read_text(encoding="utf-8").splitlines():
        wanted, _, name = line.partition("  ")
        path = TOP / name
        if not path.is_file() or digest(path) != wanted:
            raise cannot_start(
                f"{path} is missing or not what was packed; nothing was installed. Unpack the archive again, or get it anew.",
                f"文件 {path} 缺失或与打包时不一致；未安装任何内容。请重新解压，或重新获取程序包。",
            )


def environment() -> Path | None:
    """The Python of the environment that was installed from these very files and still works, if there is one."""
    with suppress(OSError, ValueError, KeyError, subprocess.SubprocessError):
        told = json.loads(CURRENT.read_bytes())
        python = python_in(PROGRAM / str(told["folder"]))
        if told["sums"] == digest(SUMS) and told["python"] == list(sys.version_info[:2]):
            subprocess.run([python, "-I", "-c", ""], check=True, capture_output=True, timeout=60)  # noqa: S603
            return python
    return None


def python_in(folder: Path) -> Path:
    """The interpreter of an environment."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(sums: str) -> Path:
    """Install from the wheels in the bundle alone, into a fresh environment; gives its Python.

    The file `environment` names the one in use and is replaced in one step, so a start that is broken off leaves the old one.
    """
    say("Checking the files of this copy ...", "正在校验程序文件……")
    verify()
    say("Installing (the first start takes about a minute) ...", "正在安装（首次启动约需一分钟）……")
    folder = PROGRAM / f"env-{secrets.token_hex(4)}"
    # Debian and Ubuntu leave out what venv would install pip from, so pip comes along and runs from its wheel.
    venv.EnvBuilder(with_pip=False, symlinks=os.name != "nt").create(folder)
    pip = next((PROGRAM / "wheels").glob("pip-*.whl"))
    offline = ["--no-index", "--find-links", str(PROGRAM / "wheels"), "--require-hashes", "--only-binary=:all:"]
    quiet = ["--quiet", "--no-cache-dir", "--disable-pip-version-check", "--no-warn-script-location", "--no-input"]
    command = [str(python_in(folder)), "-I", str(pip / "pip"), "--isolated", "install", *quiet, *offline, "-r", str(requirements())]
    done = subprocess.run(command, env=own_variables(), capture_output=True, text=True, encoding="utf-8", errors="replace", check=False)  # noqa: S603
    if done.returncode:
        shutil.rmtree(folder, ignore_errors=True)
        raise cannot_start(
            f"The parts could not be installed; make room on the disk (1 GB) and start again.\n{done.stderr.strip()[-2000:]}",
            "安装失败；请确保磁盘有 1 GB 可用空间，然后重新启动。",
        )
    shutil.copyfile(requirements(), folder / "requirements.txt")
    replaced = current_folder()
    told = {"folder": folder.name, "sums": sums, "python": list(sys.version_info[:2])}
    fresh = CURRENT.with_name(f"environment-{folder.name}")
    fresh.write_text(json.dumps(told) + "\n", encoding="utf-8")
    write_down()
    fresh.replace(CURRENT)
    if replaced and replaced != folder.name:
        shutil.rmtree(PROGRAM / replaced, ignore_errors=True)
    remove_other_wheels()
    return python_in(folder)


def write_down() -> None:
    """See that all is on the disk before it is given its name: after a power cut, what has its name must be whole."""
    if hasattr(os, "sync"):  # Windows writes down by itself, within seconds
        os.sync()


def remove_left_behind() -> None:
    """Remove what starts that were broken off have left: what is older than an hour nobody is still writing."""
    in_use = current_folder()
    for path in (*PROGRAM.glob("env-*"), *PROGRAM.glob("environment-*"), *TOP.glob(".data-*")):
        with suppress(OSError):
            if path.name != in_use and time.time() - path.stat().st_mtime > LEFT_BEHIND_SECONDS:
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()


def current_folder() -> str:
    """The name of the environment in use, or nothing."""
    with suppress(OSError, ValueError, KeyError):
        return str(json.loads(CURRENT.read_bytes())["folder"])
    return ""


def remove_other_wheels() -> None:
    """Remove the wheels of an older bundle that this one was unpacked over."""
    kept = {line.partition("  ")[2] for line in SUMS.read_text(encoding="utf-8").splitlines()}
    for path in (PROGRAM / "wheels").glob("*.whl"):
        if path.relative_to(TOP).as_posix() not in kept:
            path.unlink(missing_ok=True)


def own_variables() -> dict[str, str]:
    """The variables of this machine without those that would lead Python or pip elsewhere."""
    led = ("PYTHON", "PIP_")
    return {name: value for name, value in os.environ.items() if not name.startswith(led)} | {"PIP_CONFIG_FILE": os.devnull}


def take_over_data(data: Path) -> None:
    """Where this copy has no data yet and an older copy lies beside it, copy the older copy's: the newest of them, whole."""
    if data != TOP / "data" or data.exists():
        return
    written = [path for path in TOP.parent.glob("*/data/version.json") if (path.parent.parent / "program" / "bundle.json").is_file()]
    if not written:
        return
    source = max(written, key=lambda path: path.stat().st_mtime).parent
    copying = data.with_name(f".data-{secrets.token_hex(4)}")
    try:
        for path in source.rglob("*.sqlite"):
            (copying / path.relative_to(source)).parent.mkdir(parents=True, exist_ok=True)
            copy_database(path, copying / path.relative_to(source))
        # Last, for it gives the folder the date of the older copy's.
        shutil.copytree(source, copying, ignore=shutil.ignore_patterns("*.sqlite", "*.sqlite-*", ".index-*"), dirs_exist_ok=True)
        write_down()
        copying.rename(data)
    finally:
        shutil.rmtree(copying, ignore_errors=True)
    say(f"The data of the copy in {source.parent} were taken over.", f"已接管 {source.parent} 中的数据。")


def copy_database(source: Path, target: Path) -> None:
    """Copy a database as it stands at one moment, whoever else has it open."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(target)) as other:
        one.backup(other)


def take_over_index(python: Path, data: Path) -> None:
    """Begin the index of a course of one's own with the shipped course's: text that is the same is then not indexed again."""
    if not COURSE.is_dir() or (data / "index").exists():
        return
    for left in data.glob(".index-*"):
        if time.time() - left.stat().st_mtime > LEFT_BEHIND_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    folder = python.parent.parent
    packages = sysconfig.get_path("purelib", "venv", {"base": str(folder), "platbase": str(folder)})
    copying = data / f".index-{secrets.token_hex(4)}"
    try:
        shutil.copytree(Path(packages) / "index" / "built", copying)
        copying.rename(data / "index")
    finally:
        shutil.rmtree(copying, ignore_errors=True)


def program(python: Path, data: Path) -> list[str]:
    """The console script, by module: the folder may have been moved since it was installed."""
    chosen = ["--course", str(COURSE)] if COURSE.is_dir() else []
    return [str(python), "-I", "-X", "utf8", "-c", "from web.cli import main; main()", *chosen, "--data", str(data)]


def served_already(sums: str, data: Path) -> str:
    """The address where this copy is being served over these data, or nothing. Raises CannotStartError for an older copy."""
    with suppress(OSError, ValueError, KeyError, urllib.error.URLError):
        told = json.loads(SERVING.read_bytes())
        if told["data"] != str(data.resolve()):
            return ""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"{told['address']}healthz", timeout=3) as answer:
            if "units" not in json.load(answer):
                return ""
        if told["sums"] != sums:
            raise cannot_start(
                f"An older copy is still running at {told['address']}; close its window, then start again.",
                f"旧版本仍在 {told['address']} 运行；请先关闭其窗口，再重新启动。",
            )
        return str(told["address"])
    return ""


def serve(python: Path, given: argparse.Namespace, sums: str) -> int:
    """Serve until interrupted; the browser is opened once pages can be had."""
    say("Starting ...", "正在启动……")
    command = [*program(python, given.data), "serve", "--host", given.host, "--port", given.port]
    address = ""
    with subprocess.Popen(command, env=own_variables(), stdout=subprocess.PIPE, text=True, encoding="utf-8") as server:  # noqa: S603
        try:
            for line in server.stdout or ():
                sys.stdout.write(line)
                sys.stdout.flush()
                # The first is where the course is; the page for the first tutor's account may follow.
                if not address and (found := re.search(r"http://\S+", line)):
                    address = found[0]
                    SERVING.write_text(json.dumps({"address": address, "sums": sums, "data": str(given.data.resolve())}), encoding="utf-8")
                    say("Keep this window open; closing it stops the course.", f"课程已打开：{address}。请保持此窗口打开；关闭窗口即停止。")
                    show(address, wanted=not given.no_browser)
            return server.wait()
        except KeyboardInterrupt:
            return 0
        finally:
            server.terminate()
            SERVING.unlink(missing_ok=True)


def show(address: str, *, wanted: bool) -> None:
    """Open the browser, where there is a screen to show it on."""
    if wanted and (sys.platform != "linux" or os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(address)


if __name__ == "__main__":
    status = main()
    if status and os.name == "posix" and sys.stdin.isatty() and sys.stdout.isatty():
        input("Enter / 回车键: ")  # a window that closes at once could not be read
    sys.exit(status)

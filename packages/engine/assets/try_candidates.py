"""Tries many candidates in a room with one command; the counterpart of try-candidates.cjs for rooms without Node.

Each candidate's files are written, the tests run in a process group of their own, the group is killed, the report is taken
away, the tree is put back, and one line of JSON says what happened. It runs as the same user as the candidates: whatever it
says is checked by the host, and the judge believes none of it.
"""
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import threading
import time

ROOT = os.getcwd()
LEFT_ALONE = {"node_modules", ".git", ".venv"}
KEPT_TREE_BYTES = 32 * 2**20
KEPT_TREE_FILES = 4000
FLOOD_BYTES = 64 * 2**20


def main(batch):
    started = time.monotonic()
    tree = KeptTree([file["path"] for candidate in batch["candidates"] for file in candidate["files"]])
    for candidate in batch["candidates"]:
        for file in candidate["files"]:
            lay(file["path"], None if file["content"] is None else file["content"].encode())
        line = {"nonce": candidate["nonce"], **run(batch, candidate), **take(candidate.get("report"), batch["reportBytes"])}
        tree.put_back()
        sys.stdout.write(json.dumps(line) + "\n")
        sys.stdout.flush()
        # What is left is tried in the next batch: the answers so far are wanted first.
        if line["timedOut"] or (time.monotonic() - started) * 1000 > batch["spendMs"]:
            break


def run(batch, candidate):
    started = time.monotonic()
    end = {"exitCode": None, "signal": None, "timedOut": False, "flooded": False}
    try:
        child = subprocess.Popen(
            batch["argv"],
            env={**os.environ, **candidate["env"]},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        return {**end, "exitCode": 127, "durationMs": 0, "stdout": "", "stderr": str(error), "truncated": False}
    tails = [Tail(batch["keptBytes"]), Tail(batch["keptBytes"])]

    def drain(stream, tail):
        try:
            while True:
                chunk = stream.read1(65536)
                if not chunk:
                    return
                tail.push(chunk)
                if tails[0].bytes + tails[1].bytes > FLOOD_BYTES and not end["flooded"]:
                    end["flooded"] = True
                    kill_group(child.pid)
        except (OSError, ValueError):
            return

    readers = [
        threading.Thread(target=drain, args=(stream, tail), daemon=True) for stream, tail in zip((child.stdout, child.stderr), tails)
    ]
    for reader in readers:
        reader.start()
    try:
        child.wait(timeout=batch["timeoutMs"] / 1000)
    except subprocess.TimeoutExpired:
        end["timedOut"] = True
    # Children that were left behind hold the pipes open: they are ended, and not waited for.
    kill_group(child.pid)
    child.wait()
    for reader in readers:
        reader.join(0.2)
    if child.returncode < 0:
        end["signal"] = signal.Signals(-child.returncode).name
    else:
        end["exitCode"] = child.returncode
    texts = [tail.text() for tail in tails]
    truncated = end["flooded"] or any(tail.bytes > tail.limit for tail in tails)
    return {**end, "durationMs": (time.monotonic() - started) * 1000, "stdout": texts[0], "stderr": texts[1], "truncated": truncated}


def kill_group(leader):
    try:
        os.killpg(leader, signal.SIGKILL)
    except OSError:
        pass


def take(file, limit):
    """A regular file of ours and no larger than agreed; it is gone afterwards."""
    nothing = {"report": None, "tooLarge": False}
    if file is None:
        return nothing
    try:
        facts = os.lstat(file)
        if not stat.S_ISREG(facts.st_mode):
            return nothing
        if facts.st_size > limit:
            return {"report": None, "tooLarge": True}
        with open(file, "rb") as report:
            return {"report": report.read(limit).decode("utf-8", "replace"), "tooLarge": False}
    except OSError:
        return nothing
    finally:
        remove(file)


def facts_of(full):
    try:
        return os.lstat(full)
    except OSError:
        return None


def remove(full):
    facts = facts_of(full)
    if facts is None:
        return
    if stat.S_ISDIR(facts.st_mode):
        shutil.rmtree(full, ignore_errors=True)
        return
    try:
        os.remove(full)
    except OSError:
        pass


def lay(name, content, mode=None):
    """A link or a file where a folder belongs goes first, so that nothing is written through it."""
    full = os.path.join(ROOT, name)
    folder = os.path.dirname(name)
    while folder:
        facts = facts_of(os.path.join(ROOT, folder))
        if facts is not None and not stat.S_ISDIR(facts.st_mode):
            remove(os.path.join(ROOT, folder))
        folder = os.path.dirname(folder)
    before = facts_of(full)
    remove(full)
    if content is None:
        return
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "wb") as file:
        file.write(content)
    if mode is None:
        mode = before.st_mode & 0o777 if before is not None and stat.S_ISREG(before.st_mode) else 0o644
    os.chmod(full, mode)


class KeptTree:
    """The tree as the batch found it: what a candidate and its tests changed, removed or added is undone."""

    def __init__(self, edited):
        self.files = {}
        self.bytes = 0
        self.whole = True
        self.edited = set(edited)
        for name, facts in self.walk():
            if len(self.files) >= KEPT_TREE_FILES or self.bytes + facts.st_size > KEPT_TREE_BYTES:
                self.whole = False
            else:
                self.keep(name, facts)
        for name in self.edited:
            if name not in self.files:
                self.keep(name, facts_of(os.path.join(ROOT, name)))

    def keep(self, name, facts):
        if facts is None or not stat.S_ISREG(facts.st_mode):
            return
        self.bytes += facts.st_size
        with open(os.path.join(ROOT, name), "rb") as file:
            self.files[name] = [file.read(), facts.st_mode & 0o777, mark_of(facts)]

    def put_back(self):
        for name in self.edited:
            if name not in self.files:
                lay(name, None)
        if self.whole:
            for name, _ in list(self.walk()):
                if name not in self.files:
                    lay(name, None)
        for name, kept in self.files.items():
            facts = facts_of(os.path.join(ROOT, name))
            if facts is not None and mark_of(facts) == kept[2]:
                continue
            lay(name, kept[0], kept[1])
            kept[2] = mark_of(os.lstat(os.path.join(ROOT, name)))

    def walk(self):
        for folder, folders, files in os.walk(ROOT):
            folders[:] = [name for name in folders if name not in LEFT_ALONE]
            for name in files:
                full = os.path.join(folder, name)
                facts = facts_of(full)
                if facts is not None and stat.S_ISREG(facts.st_mode):
                    yield os.path.relpath(full, ROOT), facts


def mark_of(facts):
    return (facts.st_ino, facts.st_size, facts.st_mode, facts.st_mtime_ns, facts.st_ctime_ns)


class Tail:
    """The last bytes of a stream."""

    def __init__(self, limit):
        self.limit = limit
        self.held = b""
        self.bytes = 0

    def push(self, chunk):
        self.bytes += len(chunk)
        self.held = (self.held + chunk)[-self.limit :]

    def text(self):
        return self.held.decode("utf-8", "replace")


main(json.load(sys.stdin))

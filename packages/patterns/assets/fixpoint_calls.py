"""Runs inside a room: records calls of instrumented functions, and replays calls with every outcome written at once.

What it writes is data for the host, which trusts none of it.
"""

import asyncio
import dataclasses
import datetime
import decimal
import enum
import faulthandler
import inspect
import json
import math
import os
import signal
import sys
import threading
import traceback

DEPTH, ENTRIES, CHARACTERS, NODES, FILE_BYTES = 7, 40, 400, 500, 6_000_000
# Of one function: every call of the first CALLS, then every second, fourth, … for each further STEP that are kept; no more than BYTES.
CALLS, STEP, BYTES = 80, 40, 800_000


def encode(value):
    """A value as plain JSON that says what it was. Properties are never run."""
    path = []
    nodes = [0]

    def walk(item, depth):
        if item is None:
            return {"is": "null"}
        if item is True or item is False:
            return {"is": "boolean", "value": item}
        kind = type(item)
        if kind is int:
            return {"is": "number", "value": item} if abs(item) < 2**53 else {"is": "bigint", "value": str(item)[:CHARACTERS]}
        if kind is float:
            if math.isnan(item):
                return {"is": "number", "value": "NaN"}
            if math.isinf(item):
                return {"is": "number", "value": "Infinity" if item > 0 else "-Infinity"}
            return {"is": "number", "value": item, "float": True}
        if kind is str:
            return {"is": "string", "value": item[:CHARACTERS]}
        nodes[0] += 1
        if any(item is above for above in path):
            return {"is": "opaque", "type": "cycle"}
        if depth >= DEPTH or nodes[0] > NODES:
            return {"is": "opaque", "type": "deep"}
        path.append(item)
        try:
            return inside(item, kind, depth + 1)
        finally:
            path.pop()

    def inside(item, kind, depth):
        if kind is list:
            return {"is": "array", "items": [walk(each, depth) for each in item[:ENTRIES]]}
        if kind is tuple:
            return {"is": "tuple", "items": [walk(each, depth) for each in item[:ENTRIES]]}
        if kind in (set, frozenset):
            return {"is": "set", "items": [walk(each, depth) for each in sorted(item, key=repr)[:ENTRIES]]}
        if issubclass(kind, dict):
            return mapping(list(dict.items(item))[:ENTRIES], depth)
        if kind in (bytes, bytearray):
            return {"is": "bytes", "items": list(item[:ENTRIES])}
        if isinstance(item, enum.Enum):
            return {"is": "opaque", "type": kind.__name__}
        if kind is decimal.Decimal:
            return {"is": "decimal", "value": str(item)}
        if kind is datetime.datetime:
            fields = [item.year, item.month, item.day, item.hour, item.minute, item.second, item.microsecond]
            return {"is": "moment", "kind": "datetime", "fields": fields, "utc": item.tzinfo is not None}
        if kind is datetime.date:
            return {"is": "moment", "kind": "date", "fields": [item.year, item.month, item.day], "utc": False}
        if isinstance(item, BaseException):
            return {"is": "error", "type": kind.__name__, "message": str(item)[:CHARACTERS]}
        if inspect.iscoroutine(item):
            return {"is": "promise"}
        if callable(item) and not hasattr(kind, "__dataclass_fields__") and (inspect.isroutine(item) or isinstance(item, type)):
            return {"is": "function"}
        if isinstance(item, tuple) and hasattr(kind, "_fields"):
            return instance(kind, [(name, tuple.__getitem__(item, at)) for at, name in enumerate(kind._fields)], depth)
        own = getattr(item, "__dict__", None)
        if not isinstance(own, dict):
            return {"is": "opaque", "type": kind.__name__}
        return instance(kind, list(own.items()), depth)

    def mapping(items, depth):
        if all(type(key) is str for key, _ in items):
            return {"is": "object", "entries": [[key[:CHARACTERS], walk(each, depth)] for key, each in items]}
        return {"is": "map", "entries": [[walk(key, depth), walk(each, depth)] for key, each in items]}

    def instance(kind, items, depth):
        entries = [[str(key), walk(each, depth)] for key, each in items[:ENTRIES]]
        return {"is": "instance", "type": kind.__name__, "module": kind.__module__, "entries": entries, "made": maker(kind, [key for key, _ in items])}

    def maker(kind, names):
        """Whether `Class(name=…, …)` with the attributes makes one again."""
        if dataclasses.is_dataclass(kind):
            return all(field.init for field in dataclasses.fields(kind))
        try:
            wanted = inspect.signature(kind).parameters.values()
        except (TypeError, ValueError):
            return False
        return all(each.name in names and each.kind is not each.POSITIONAL_ONLY for each in wanted) and len(list(wanted)) == len(names)

    return walk(value, 0)


def append(file, record):
    try:
        if os.path.exists(file) and os.stat(file).st_size > FILE_BYTES:
            return
        with open(file, "a", encoding="utf-8", errors="replace") as out:
            out.write(json.dumps(record) + "\n")
    except OSError:
        pass


_functions = {}
_made = {}
_busy = threading.local()


class _Calls:
    """What is known of one recorded function."""

    def __init__(self):
        self.seen, self.kept, self.bytes = 0, set(), 0
        # The number of its latest call when that was kept, and the functions that were called since.
        self.latest, self.reached = None, set()

    def wants(self):
        late = max(0, len(self.kept) - CALLS)
        self.seen += 1
        return self.bytes < BYTES and self.seen % (2 ** (late // STEP)) == 0


def record(file, name, role, self, args, named):
    """Called at the start of an instrumented function. Never raises."""
    if getattr(_busy, "on", False):
        return
    _busy.on = True
    try:
        calls = _functions.setdefault(name, _Calls())
        if role == "call":
            _reach(file, name)
            calls.latest, calls.reached = None, set()
        wanted = calls.wants()
        if not wanted and role != "constructor":
            return
        entry = {"id": name, "role": role, "args": [encode(each) for each in args], "named": [[key, encode(each)] for key, each in named.items()]}
        if role == "constructor":
            if len(_made) < 10_000:
                _made[id(self)] = (self, entry["args"], entry["named"])
        elif self is not None:
            entry["self"] = encode(self)
            made = _made.get(id(self))
            if made is not None:
                entry["made"], entry["madeNamed"] = made[1], made[2]
        text = json.dumps(entry)
        if not wanted or len(text) > 60_000 or text in calls.kept:
            return
        calls.kept.add(text)
        calls.bytes += len(text)
        if role == "call":
            calls.latest = f"{os.getpid()}-{len(calls.kept)}"
            entry["call"] = calls.latest
        append(file, entry)
    except Exception:
        pass
    finally:
        _busy.on = False


def _reach(file, name):
    """Says of the latest kept calls of the other functions that `name` was called after them: within them, most likely."""
    for other, calls in _functions.items():
        if other != name and calls.latest is not None and name not in calls.reached:
            calls.reached.add(name)
            append(file, {"id": other, "call": calls.latest, "reached": name})


class Deadline(BaseException):
    """A call took too long."""


def _late(signum, frame):
    raise Deadline()


def replay(file, deadline_ms, calls):
    """Calls `(index, target, lambda call: call(…arguments))` one after another and writes what became of each."""
    seconds = deadline_ms / 1000
    alarm = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGALRM, _late) if alarm else None
    try:
        for index, target, apply in calls:
            append(file, {"index": index, "began": True})
            faulthandler.dump_traceback_later(seconds * 2, exit=True)
            if alarm:
                signal.setitimer(signal.ITIMER_REAL, seconds)
            try:
                outcome = _outcome(target, apply, seconds)
            except Deadline:
                outcome = {"ended": "late"}
            finally:
                if alarm:
                    signal.setitimer(signal.ITIMER_REAL, 0)
                faulthandler.cancel_dump_traceback_later()
            append(file, {"index": index, **outcome})
    finally:
        if alarm:
            signal.signal(signal.SIGALRM, previous)


def _outcome(target, apply, seconds):
    given = {}

    def changed():
        if "args" not in given:
            return {}
        after = [encode(each) for each in given["args"]]
        return {} if json.dumps(after) == given["before"] else {"after": after}

    def call(*args, **named):
        given["args"] = [*args, *named.values()]
        given["before"] = json.dumps([encode(each) for each in given["args"]])
        return target(*args, **named)

    ended = "returned"
    try:
        result = apply(call)
        if inspect.isawaitable(result):
            ended = "resolved"
            result = asyncio.run(_wait(result, seconds))
        elif inspect.isgenerator(result):
            result = [item for _, item in zip(range(200), result)]
        return {"ended": ended, "value": encode(result), **changed()}
    except Deadline:
        raise
    except asyncio.TimeoutError as error:
        return {"ended": "late"} if ended == "resolved" else {"ended": "threw", "error": _describe(error), **changed()}
    except (Exception, SystemExit) as error:
        how = "unprepared" if "args" not in given else "rejected" if ended == "resolved" else "threw"
        return {"ended": how, "error": _describe(error), **changed()}


async def _wait(awaitable, seconds):
    return await asyncio.wait_for(awaitable, seconds / 2)


def _describe(error):
    try:
        message = str(error)
    except Exception:
        message = ""
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    stack = "".join(traceback.format_exception(kind, error, error.__traceback__))
    return {"type": name, "message": message[:1000], "stack": stack[-3000:]}

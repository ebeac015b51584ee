"""pytest 6 and newer: `-p fixpoint_pytest`. Writes one sealed report of all tests. Runs beside untrusted code."""

import json
import os
import shutil
import traceback

import pytest

DESTINATION = os.environ.pop("FIXPOINT_REPORT", None)
MESSAGE_LIMIT = 8000
STACK_LIMIT = 24000
_dumps, _open, _write = json.dumps, os.open, os.write


def _failure(excinfo):
    if excinfo is None:
        return {"message": "failed without an exception", "stack": ""}
    try:
        message = str(excinfo.value)
    except Exception:  # a stranger's __str__
        message = "(an exception that cannot be printed)"
    try:
        stack = "".join(traceback.format_exception(excinfo.type, excinfo.value, excinfo.tb))
    except Exception:
        stack = ""
    if len(stack) > STACK_LIMIT:
        # The innermost frames and the message stand at the end.
        stack = "…" + stack[-STACK_LIMIT:]
    return {"type": excinfo.type.__name__, "message": message[:MESSAGE_LIMIT], "stack": stack}


def _split(nodeid):
    file, *path = nodeid.split("::", 1)
    if not path:
        return file, ["(file)"]
    # A parameter may contain `::`; the bracket starts it.
    head, bracket, parameter = path[0].partition("[")
    names = head.split("::")
    names[-1] += bracket + parameter
    return file, names


class Recorder:
    def __init__(self):
        self.tests = {}
        self.finished = False

    def put(self, nodeid, status, duration, failure=None):
        known = self.tests.get(nodeid)
        if known is not None and known["status"] == "failed":
            known["durationMs"] += duration * 1000
            return
        file, path = _split(nodeid)
        test = {"file": file, "path": path, "status": status, "durationMs": duration * 1000 + (known["durationMs"] if known else 0)}
        if failure is not None:
            test["failure"] = failure
        self.tests[nodeid] = test

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_makereport(self, item, call):
        outcome = yield
        report = outcome.get_result()
        if report.outcome == "failed":
            self.put(report.nodeid, "failed", report.duration, _failure(call.excinfo))
        elif report.outcome == "skipped":
            self.put(report.nodeid, "todo" if hasattr(report, "wasxfail") else "skipped", report.duration)
        elif report.when == "call":
            self.put(report.nodeid, "passed", report.duration)

    @pytest.hookimpl(hookwrapper=True)
    def pytest_make_collect_report(self, collector):
        outcome = yield
        report = outcome.get_result()
        if report.outcome == "failed":
            excinfo = getattr(getattr(report, "call", None), "excinfo", None)
            failure = _failure(excinfo) if excinfo is not None else {"message": str(report.longrepr)[:MESSAGE_LIMIT], "stack": str(report.longrepr)[:STACK_LIMIT]}
            if failure.get("type") == "CollectError" and failure["message"]:
                failure = _from_text(failure)
            file = report.nodeid.split("::", 1)[0]
            self.put(file or "(run)", "failed", 0, failure)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session, exitstatus):
        if DESTINATION is None:
            return
        nonce = os.path.basename(DESTINATION)[: -len(".json")]
        tests = list(self.tests.values())
        text = _dumps({"format": 1, "runner": "pytest", "nonce": nonce, "tests": tests, "seal": {"count": len(tests), "nonce": nonce}})
        if os.path.isdir(DESTINATION) and not os.path.islink(DESTINATION):
            shutil.rmtree(DESTINATION, ignore_errors=True)
        elif os.path.lexists(DESTINATION):
            os.unlink(DESTINATION)
        handle = _open(DESTINATION, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444)
        data = text.encode("utf-8", "replace")
        while data:
            data = data[_write(handle, data) :]
        os.close(handle)


def _from_text(failure):
    """pytest wraps an import error of a test file into text; its last `E   Type: message` line names it."""
    for line in reversed(failure["message"].splitlines()):
        if line.startswith("E   ") and ":" in line:
            kind, _, message = line[4:].strip().partition(": ")
            if kind.isidentifier():
                return {"type": kind, "message": message, "stack": failure["message"][:STACK_LIMIT]}
    return failure


def pytest_configure(config):
    config.pluginmanager.register(Recorder(), "fixpoint-recorder")

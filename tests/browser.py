"""Drives a headless Chromium over its debugging pipe: real clicks and keys, no network, the console heard."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROGRAMS = ("chromium", "google-chrome", "chromium-browser")


class Page:
    """One open page; `said` is what its console heard and what it asked of others."""

    def __init__(self, to: int, from_: int) -> None:
        self._to, self._from = to, from_
        self._number = 0
        self._rest = b""
        self._session: dict[str, str] = {}
        self.said: list[str] = []

    def call(self, method: str, **parameters: Any) -> Any:
        """Call one method of the protocol and return its result."""
        self._number += 1
        asked = {"id": self._number, "method": method, "params": parameters, **self._session}
        os.write(self._to, json.dumps(asked).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                return answer["result"]
            self._note(answer)

    def _next(self) -> Any:
        while b"\0" not in self._rest:
            more = os.read(self._from, 1 << 20)
            assert more, "the browser ended"
            self._rest += more
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)

    def _note(self, event: Any) -> None:
        method, said = event.get("method"), event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.said.append(json.dumps(said))
        elif method == "Network.requestWillBeSent" and not said["request"]["url"].startswith("file:"):
            self.said.append(said["request"]["url"])

    def open(self, file: Path) -> None:
        """Open a file with the network off, and wait until it is there."""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._session = {"sessionId": session}
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=-1,
            uploadThroughput=-1,
        )
        self.call("Page.navigate", url=file.as_uri())
        while self.ask("document.readyState") != "complete" or self.ask("location.protocol") != "file:":
            pass

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a person would."""
        script = (
            f"(e => {{ e.scrollIntoView({{block: 'center'}}); const r = e.getBoundingClientRect();"
            f" return [r.x + r.width / 2, r.y + r.height / 2] }})"
            f"(document.querySelector({json.dumps(selector)}))"
        )
        x, y = self.ask(script)
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)

    def choose(self, selector: str, label: str) -> None:
        """Choose an option of a list by its first letters, with the keyboard."""
        self.ask(f"document.querySelector({json.dumps(selector)}).focus()")
        for letter in label:
            self.call("Input.dispatchKeyEvent", type="keyDown", text=letter, key=letter)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=letter)


@contextmanager
def browser(profile: Path) -> Iterator[Page]:
    """Hold a browser with a profile of its own; a missing one is a failure, never a skip."""
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        pytest.fail("no Chromium: apt-get install chromium")
    theirs_in, to = os.pipe()
    from_, theirs_out = os.pipe()

    def inherit() -> None:
        os.dup2(theirs_in, 3)
        os.dup2(theirs_out, 4)

    flags = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
    ]
    command = [program, *flags, "--remote-debugging-pipe", f"--user-data-dir={profile}"]
    process = subprocess.Popen(
        command, preexec_fn=inherit, close_fds=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        os.close(theirs_in)
        os.close(theirs_out)
        yield Page(to, from_)
    finally:
        process.kill()
        process.wait()
        os.close(to)
        os.close(from_)

"""Servers for tests: a real OPA, and sockets that answer what no server should."""

import re
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def opa(program: Path, *arguments: str | Path, scheme: str = "http") -> Iterator[str]:
    """Run an OPA server for the length of the block and return its URL."""
    port = free_port()
    command = [program, "run", "--server", "--addr", f"127.0.0.1:{port}", "--log-level", "error", *arguments]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL) as server:
        try:
            until = time.monotonic() + 20
            while True:
                assert server.poll() is None, "opa stopped"
                with closing(socket.socket()) as probe:
                    if probe.connect_ex(("127.0.0.1", port)) == 0:
                        break
                assert time.monotonic() < until, "opa did not start"
                time.sleep(0.02)
            yield f"{scheme}://127.0.0.1:{port}"
        finally:
            server.kill()


def request(connection: socket.socket) -> bytes:
    """Read a whole request: closing a connection with more to read would reset it."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += connection.recv(1 << 16)
    head, _, body = got.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]):
        body += connection.recv(1 << 16)
    return got


@contextmanager
def answering(
    answer: bytes, pause: float = 0.0, tail: bytes = b"", delay: float = 0.0
) -> Iterator[tuple[str, list[bytes]]]:
    """Serve one fixed answer to every connection; return the URL and what was received.

    `delay` seconds pass before it, `pause` after it and between the bytes of `tail`.
    """
    received: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as server:

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                with closing(connection):
                    received.append(request(connection))
                    time.sleep(delay)
                    try:
                        connection.sendall(answer)
                        for byte in tail:
                            time.sleep(pause)
                            connection.sendall(bytes([byte]))
                        if not tail:
                            time.sleep(pause)
                    except OSError:
                        pass

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}", received


def http(body: bytes, status: str = "200 OK", length: int | None = None, extra: str = "") -> bytes:
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {size}\r\n{extra}\r\n"
    return head.encode() + body

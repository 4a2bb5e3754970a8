"""A running OPA server, asked through opa-python-client; whatever is odd about an answer is a ToolError.

Imported only for `--opa-url`: the client brings `requests` and `aiohttp` with it.
"""

import base64
import json
import re
import threading
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import requests
from opa_client.opa import OpaClient  # type: ignore[import-untyped]

from asky_gitops.errors import InputError, ToolError

ENTRYPOINT = "main/report"
"""`data.main.report`: what every bundle of ours answers at (docs/protocol.md)."""
PREFIX = "asky-gitops/"
"""Ids of the policies we upload begin with it; ours to replace, no other is touched."""
PACKAGE = re.compile(r"^package\s+(\S.*)$", re.M)
IMPORT = re.compile(r"^import\s.*$", re.M)
SECONDS = 30.0
T = TypeVar("T")


class Client(OpaClient):  # type: ignore[misc]
    """The client, without what would answer another question than the one asked."""

    def _init_session(self) -> requests.Session:
        session: requests.Session = super()._init_session()
        session.hooks["response"].append(_stay)
        # An account for this host in ~/.netrc would take the place of the token we were given.
        session.auth = lambda request: request
        return session


def _stay(response: requests.Response, **_: Any) -> None:
    """Follow no redirect but of a GET on the same server (OPA has one for a last slash).

    A redirected POST becomes a GET without its body: a judgement of nothing, with nothing found.
    """
    if response.is_redirect:
        there = urlsplit(urljoin(response.url, response.headers["location"]))
        if response.request.method != "GET" or there[:2] != urlsplit(response.url)[:2]:
            raise requests.exceptions.TooManyRedirects(response=response)


class OpaServer:
    """One server; use it as a context manager."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        """`url` is scheme, host and port; `token@` or `user:password@` before the host authenticates.

        `seconds` is how long one answer may take, from the first byte to the last. Raises InputError
        for a URL that is none.
        """
        parts = _checked(url)
        self.name = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        self._seconds = seconds
        secure = parts.scheme == "https"
        host = parts.hostname or ""
        self._client = Client(
            host=f"[{host}]" if ":" in host else host,
            port=parts.port or (443 if secure else 80),
            ssl=secure,
            headers=_authorization(parts),
            retries=0,
            timeout=seconds,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        self._client.close_connection()

    def report(self, input: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return `data.main.report` for one target's input: `rules` and `findings`.

        Raises ToolError when there is no such answer.
        """
        asked = {"strict-builtin-errors": "true"}
        answer = self._ask(lambda: self._client.query_rule(dict(input), ENTRYPOINT, query_params=asked))
        if not isinstance(answer, dict) or "result" not in answer:
            raise ToolError(
                f"OPA at {self.name} knows no data.{ENTRYPOINT.replace('/', '.')}",
                hint="load the policies into it, or upload them with --opa-upload",
            )
        result = answer["result"]
        if "warning" in answer:
            # OPA says so when the input did not arrive: nothing was judged.
            raise ToolError(f"OPA at {self.name} did not get what it was to judge")
        if (
            not isinstance(result, dict)
            or not isinstance(result.get("rules"), int)
            or not isinstance(result.get("findings"), list)
            or not all(isinstance(finding, dict) for finding in result["findings"])
        ):
            raise ToolError(f"OPA at {self.name} answered what is no report of these policies")
        return result

    def upload(self, modules: Iterable[str]) -> None:
        """Make the server hold exactly these policies (texts of Rego) beside those of others.

        OPA compiles after each one, so one that another needs must come first: what is refused waits
        for the next round. Raises ToolError when a round brings nothing.
        """
        present = self._ask(self._client.get_policies_list)
        wanted = _by_package(modules)
        waiting = wanted
        while waiting:
            refused = {name: text for name, text in waiting.items() if not self._put(name, text)}
            if len(refused) == len(waiting):
                raise ToolError(f"OPA at {self.name} refuses the policies, first {min(refused)}")
            waiting = refused
        for name in present:
            if name.startswith(PREFIX) and name not in wanted:
                self._ask(lambda name=name: self._client.delete_policy(name))  # type: ignore[misc]

    def _put(self, name: str, text: str) -> bool:
        from opa_client.errors import RegoParseError  # type: ignore[import-untyped]

        def put() -> bool:
            try:
                # Rego is sent as it is written: the client would rewrite what it takes for Rego v0.
                self._client.update_policy_from_string(text, name, rego_compat=False)
            except RegoParseError:
                return False
            return True

        return self._ask(put)

    def _ask(self, work: Callable[[], T]) -> T:
        """Do one exchange within the time there is, and say in one line what went wrong."""
        try:
            return self._in_time(work)
        except requests.exceptions.SSLError:
            hint = "REQUESTS_CA_BUNDLE names the file of your own authority"
            raise ToolError(f"the certificate of OPA at {self.name} is not trusted", hint=hint) from None
        except requests.exceptions.Timeout:
            raise self._late() from None
        except requests.exceptions.HTTPError as error:
            status = error.response.status_code if error.response is not None else "of an error"
            raise ToolError(f"OPA at {self.name} answered with status {status}") from None
        except requests.exceptions.TooManyRedirects:
            raise ToolError(f"OPA at {self.name} answered with a redirect, which is not followed") from None
        except (requests.exceptions.JSONDecodeError, json.JSONDecodeError):
            raise ToolError(f"OPA at {self.name} answered what is not JSON") from None
        except requests.exceptions.ChunkedEncodingError:
            raise ToolError(f"OPA at {self.name} stopped in the middle of its answer") from None
        except requests.exceptions.ConnectionError:
            hint = "opa run --server listens on port 8181"
            raise ToolError(f"OPA at {self.name} cannot be reached", hint=hint) from None
        except requests.exceptions.RequestException as error:
            raise ToolError(f"OPA at {self.name} cannot be asked: {type(error).__name__}") from None
        except (ValueError, TypeError, AttributeError, KeyError):
            raise ToolError(f"OPA at {self.name} answered what cannot be understood") from None

    def _in_time(self, work: Callable[[], T]) -> T:
        """Return what `work` returns; the client's own limit is for each piece of an answer alone."""
        done: list[T] = []
        failed: list[BaseException] = []

        def run() -> None:
            try:
                done.append(work())
            except BaseException as error:
                failed.append(error)

        # A daemon: a server that sends a byte a minute cannot keep the command from ending.
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        thread.join(self._seconds)
        if failed:
            raise failed[0]
        if not done:
            raise self._late()
        return done[0]

    def _late(self) -> ToolError:
        return ToolError(f"OPA at {self.name} did not answer within {self._seconds:g} s")


def _by_package(modules: Iterable[str]) -> dict[str, str]:
    """Return the policies by id, with the files of one package as one.

    They may need each other's functions, and OPA takes one file at a time.
    """
    packages: dict[str, list[str]] = {}
    for text in modules:
        if (named := PACKAGE.search(text)) is None:
            raise InputError("a policy has no package")
        packages.setdefault(named[1].strip(), []).append(PACKAGE.sub("", text, count=1))
    joined = {}
    for package, bodies in packages.items():
        imports = sorted({line for body in bodies for line in IMPORT.findall(body)})
        lines = [f"package {package}", *imports, *(IMPORT.sub("", body) for body in bodies)]
        joined[f"{PREFIX}{re.sub('[^A-Za-z0-9_-]+', '/', package).strip('/')}.rego"] = "\n".join(lines)
    return joined


def _checked(url: str) -> SplitResult:
    """Return the parts of a URL that is scheme, host and perhaps port, and nothing else."""
    hint = "give scheme, host and port: http://localhost:8181"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InputError("--opa-url is not a URL", hint=hint) from None
    if parts.scheme not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError("--opa-url is not an http or https URL", hint=hint)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise InputError("--opa-url has a path; the policies are always at data.main", hint=hint)
    return parts


def _authorization(parts: SplitResult) -> dict[str, str] | None:
    """Return the header for `token@` (a bearer, as OPA expects it) or `user:password@` (a proxy's)."""
    user, password = unquote(parts.username or ""), parts.password
    if password is not None:
        both = f"{user}:{unquote(password)}".encode()
        return {"Authorization": f"Basic {base64.b64encode(both).decode()}"}
    return {"Authorization": f"Bearer {user}"} if user else None

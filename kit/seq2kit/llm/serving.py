"""Serves a language model on the loopback, with OpenAI's protocol.

/v1/models, /v1/chat/completions and /v1/completions, also as a stream. One text is written at a time; other requests
wait. There is no key and no encryption, so it listens to this machine alone.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
import time
from collections.abc import Generator, Iterator
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from seq2kit.llm.decoding import Piece
from seq2kit.llm.model import LanguageModel, ModelError, TooLong
from seq2kit.llm.protocol import Answers, Refused, Request

_MOST = 1 << 23  # bytes of a request
_POSTS = {"/v1/chat/completions": True, "/v1/completions": False}  # path -> whether it is a chat
_SILENCE = 120.0  # seconds that a connection may say nothing


class Server(ThreadingHTTPServer):
    """One model at http://127.0.0.1:PORT/v1."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, model: LanguageModel, port: int = 0) -> None:
        """port: 0 takes a free one. Raises OSError where the port is taken."""
        super().__init__(("127.0.0.1", port), _Handler)
        self.model, self.turn, self.started = model, threading.Lock(), int(time.time())

    def server_bind(self) -> None:
        """As the base class does, without asking the network for this machine's name, which can take seconds."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", self.server_address[1]

    @property
    def address(self) -> str:
        """What clients call the base URL."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def told(self) -> dict[str, Any]:
        """The model, as /v1/models has it."""
        return {"id": self.model.name, "object": "model", "created": self.started, "owned_by": "seq2kit"}

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away is no news."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


@contextlib.contextmanager
def serving(model: LanguageModel, port: int = 0) -> Iterator[str]:
    """Serve a model while the block runs; gives the address for `load`, or for a client's base_url."""
    server = Server(model, port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server.address
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def reachable() -> bool:
    """Whether a server on the loopback can be reached here. In the grader's sandbox it cannot: there is no network, and
    what one call could leave behind in it no other one may find. Completions that are kept (`Cached`) need none."""
    with socket.socket() as listening, socket.socket() as asking:
        try:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            asking.settimeout(5)
            asking.connect(listening.getsockname())
        except OSError:
            return False
    return True


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "seq2kit", ""
    timeout = _SILENCE

    def do_GET(self) -> None:
        """The models there are."""
        self._answered(self._models)

    def do_POST(self) -> None:
        """Write a text."""
        self._answered(self._write)

    def _answered(self, work: Any) -> None:
        self.begun = False
        try:
            path = urlsplit(self.path).path.rstrip("/")
            work(path if path.startswith("/v1") else f"/v1{path}")  # some clients leave it out
        except Refused as refused:
            self._error(refused)
        except ConnectionError:
            self.close_connection = True
        except TooLong as error:
            self._error(Refused(HTTPStatus.BAD_REQUEST, str(error), "messages", "context_length_exceeded"))
        except ValueError as error:
            self._error(Refused(HTTPStatus.BAD_REQUEST, str(error)))
        except ModelError as error:
            self._error(Refused(HTTPStatus.BAD_GATEWAY, str(error)))
        except Exception as error:  # whatever breaks in a model, the client is told, and the server goes on
            self._error(Refused(HTTPStatus.INTERNAL_SERVER_ERROR, f"The model broke: {type(error).__name__}"))
            raise

    def _models(self, path: str) -> None:
        known = self.server.told()
        if path == "/v1/models":
            self._send(HTTPStatus.OK, {"object": "list", "data": [known]})
        elif path.startswith("/v1/models/"):
            self._hold_model(unquote(path.removeprefix("/v1/models/")))
            self._send(HTTPStatus.OK, known)
        elif path in _POSTS:
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"{path} is asked by POST.")
        else:
            raise _unknown(path)

    def _write(self, path: str) -> None:
        body = self._body()
        if path.startswith("/v1/models"):
            raise Refused(HTTPStatus.METHOD_NOT_ALLOWED, f"{path} is asked by GET.")
        if path not in _POSTS:
            raise _unknown(path)
        request = Request.parse(body, chat=_POSTS[path])
        self._hold_model(request.model)
        answers = Answers(request.chat, self.server.model.name)
        with self.server.turn, contextlib.closing(_pieces(self.server.model, request)) as pieces:
            if request.stream:
                self._stream(answers, pieces, request.usage)
                return
            done = next(piece.whole for piece in pieces if piece.whole is not None)
        self._send(HTTPStatus.OK, answers.whole(done))

    def _stream(self, answers: Answers, pieces: Iterator[Piece], usage: bool) -> None:
        piece = next(pieces)  # what cannot be written is refused while there is a status to say so
        self.begun = self.close_connection = True
        self.send_response(HTTPStatus.OK)
        for name, value in (
            ("Content-Type", "text/event-stream"),
            ("Cache-Control", "no-cache"),
            ("Connection", "close"),
        ):
            self.send_header(name, value)
        self.end_headers()
        self._event(answers.chunk("", first=True))
        while True:
            if piece.text:
                self._event(answers.chunk(piece.text))
            if piece.whole is not None:
                break
            piece = next(pieces)
        self._event(answers.chunk("", piece.whole.finish))
        if usage:
            self._event(answers.counts(piece.whole))
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, body: dict[str, Any]) -> None:
        self.wfile.write(b"data: " + json.dumps(body).encode() + b"\n\n")
        self.wfile.flush()

    def _body(self) -> Any:
        try:
            size = int(self.headers.get("Content-Length", ""))
        except ValueError:
            self.close_connection = True  # what follows cannot be told from the next request
            raise Refused(HTTPStatus.LENGTH_REQUIRED, "A request says how long it is, in Content-Length.") from None
        if not 0 <= size <= _MOST:
            self.close_connection = True
            raise Refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"A request has at most {_MOST} bytes.")
        try:
            return json.loads(self.rfile.read(size))
        except (ValueError, RecursionError):
            raise Refused(HTTPStatus.BAD_REQUEST, "The body is no JSON.") from None

    def _hold_model(self, name: str) -> None:
        if name != self.server.model.name:
            there = f"The model {name!r:.100} does not exist; {self.server.model.name} does."
            raise Refused(HTTPStatus.NOT_FOUND, there, "model", "model_not_found")

    def _error(self, refused: Refused) -> None:
        if self.begun:  # the status is out: all that is left is to say so in the stream
            with contextlib.suppress(OSError):
                self._event(refused.body)
        else:
            self._send(refused.status, refused.body)

    def _send(self, status: HTTPStatus, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """What the base class refuses by itself (a broken request line, another method), as JSON too."""
        self.close_connection = True
        status = HTTPStatus(code)
        self._send(status, Refused(status, message or status.phrase).body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: a notebook shows what is written to stderr."""


def _pieces(model: LanguageModel, request: Request) -> Generator[Piece, None, None]:
    """The text part by part, of models that write so; else in one part."""
    stream = getattr(model, "stream", None)
    if stream is not None:
        yield from stream(request.prompt, request.settings)
        return
    settings = request.settings
    done = model.generate(
        request.prompt, max_new_tokens=settings.max_new_tokens, temperature=settings.temperature, top_p=settings.top_p,
        top_k=settings.top_k, seed=settings.seed, stop=settings.stop,
    )  # fmt: skip
    yield Piece(done.text, done)


def _unknown(path: str) -> Refused:
    return Refused(HTTPStatus.NOT_FOUND, f"There is nothing at {path!r:.100}.", None, "unknown_url")

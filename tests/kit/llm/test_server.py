"""The kit's server, asked by the official client, by plain HTTP, and by the kit itself."""

from __future__ import annotations

import functools
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from seq2kit.llm import Completion, LanguageModel, LocalModel, ModelError, TooLong, load, serving
from seq2kit.llm.model import Prompt

ASKED: list[Any] = [{"role": "user", "content": "Reverse the word bird."}]
TEXT = "cat -> tac\ndog -> god\nsun ->"


@pytest.fixture(scope="module")
def address(small: LocalModel) -> Iterator[str]:
    with serving(small) as where:
        yield where


@pytest.fixture(scope="module")
def client(address: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=address, api_key="none", max_retries=0) as made:
        yield made


def plain(address: str, path: str, body: object = None, method: str = "", **headers: str) -> tuple[int, Any]:
    """Status and JSON of an answer, by plain HTTP. body: sent as JSON, or as it is where it is bytes."""
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
    data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    connection.request(method or ("GET" if body is None else "POST"), path, data, headers)
    answer = connection.getresponse()
    status, told = answer.status, json.loads(answer.read())
    connection.close()
    return status, told


def test_the_same_text_here_and_through_the_server(model: LocalModel) -> None:
    """The same prompt, settings and seed give the same text: messages and plain text, asked by the official client
    in one piece and as a stream, and by the kit."""
    how: dict[str, Any] = {"temperature": 1.3, "seed": 11, "top_p": 0.9}
    said = model.generate(ASKED, max_new_tokens=10, **how)
    gone_on = model.generate(TEXT, max_new_tokens=6, **how)
    with serving(model) as address, openai.OpenAI(base_url=address, api_key="none", max_retries=0) as client:
        chat = client.chat.completions.create(model=model.name, messages=ASKED, max_tokens=10, **how)
        parts = client.chat.completions.create(model=model.name, messages=ASKED, max_tokens=10, stream=True, **how)
        streamed = "".join(part.choices[0].delta.content or "" for part in parts)
        text = client.completions.create(model=model.name, prompt=TEXT, max_tokens=6, **how)
        far = load(address)
        assert chat.choices[0].message.content == streamed == said.text
        assert far.generate(ASKED, max_new_tokens=10, **how).text == said.text
        assert text.choices[0].text == far.generate(TEXT, max_new_tokens=6, **how).text == gone_on.text
        assert (far.name, chat.model) == (model.name, model.name)
        assert chat.usage is not None
        assert (chat.usage.prompt_tokens, chat.usage.completion_tokens) == (said.prompt_tokens, said.count)


def test_models_are_told(client: openai.OpenAI) -> None:
    """/v1/models has the one model; it is found by its name, and no other one is."""
    assert [one.id for one in client.models.list()] == ["small"]
    assert client.models.retrieve("small").object == "model"
    with pytest.raises(openai.NotFoundError, match="does not exist"):
        client.models.retrieve("large")


def test_a_stream_of_text_has_parts_an_end_and_counts(client: openai.OpenAI) -> None:
    """/v1/completions streams as well; the last part says why it ended, and the counts come for who asks."""
    options: Any = {"include_usage": True}
    parts = list(
        client.completions.create(
            model="small", prompt=TEXT, max_tokens=20, temperature=0, stop=["\n"], stream=True, stream_options=options
        )
    )
    assert "".join(part.choices[0].text for part in parts if part.choices) == " nus"
    assert [part.choices[0].finish_reason for part in parts if part.choices][-1] == "stop"
    assert parts[-1].usage is not None
    assert parts[-1].usage.total_tokens == len(TEXT) + 5  # the end of the line was drawn, too
    assert len(parts) > 4


def test_a_stream_is_server_sent_events(address: str) -> None:
    """On the wire: lines of data, each a JSON object, and [DONE] at the end; by plain HTTP."""
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
    body = {"model": "small", "messages": ASKED, "stream": True, "temperature": 0}
    connection.request("POST", "/v1/chat/completions", json.dumps(body))
    answer = connection.getresponse()
    events = answer.read().decode().split("\n\n")
    connection.close()
    assert answer.getheader("Content-Type") == "text/event-stream"
    assert events[-2:] == ["data: [DONE]", ""]
    told = [json.loads(event.removeprefix("data: ")) for event in events[:-2]]
    assert told[0]["choices"][0]["delta"]["role"] == "assistant"
    assert "".join(part["choices"][0]["delta"].get("content", "") for part in told) == "drib"
    assert len({part["id"] for part in told}) == 1


@pytest.mark.parametrize(
    ("path", "body", "status", "said"),
    [
        ("/v1/chat/completions", {"model": "gpt-4", "messages": ASKED}, 404, "does not exist"),
        ("/v1/chat/completions", {"messages": ASKED}, 400, "model"),
        ("/v1/chat/completions", {"model": "small"}, 400, "messages"),
        ("/v1/chat/completions", {"model": "small", "messages": []}, 400, "one at least"),
        ("/v1/chat/completions", {"model": "small", "messages": [{"role": "owl", "content": "a"}]}, 400, "role"),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "n": 2}, 400, "n."),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "tools": [{}]}, 400, "tools"),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "temperature": -1}, 400, "temperature"),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "max_tokens": 0}, 400, "max_tokens"),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "stop": [3]}, 400, "stop"),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "stop": 3}, 400, ""),
        ("/v1/chat/completions", {"model": "small", "messages": ASKED, "stream": "yes"}, 400, "stream"),
        ("/v1/completions", {"model": "small", "prompt": ["a", "b"]}, 400, "prompt"),
        ("/v1/completions", {"model": "small", "prompt": "a" * 600}, 400, "reads 512 tokens"),
        ("/v1/completions", {"model": "small", "prompt": "a" * 600, "stream": True}, 400, "reads 512 tokens"),
        ("/v1/completions", b"{", 400, "JSON"),
        ("/v1/completions", b"[]", 400, "object"),
        ("/v1/embeddings", {"model": "small"}, 404, "nothing"),
        ("/v1/completions", None, 405, "POST"),
        ("/v1/models", {}, 405, "GET"),
    ],
)
def test_errors_have_a_status_and_say_why(address: str, path: str, body: object, status: int, said: str) -> None:
    """What cannot be done gets the protocol's status and a JSON body that names it."""
    got, told = plain(address, path, body)
    assert got == status
    assert said in told["error"]["message"]
    assert told["error"]["type"] == "invalid_request_error"


def test_other_methods_and_broken_requests_are_refused_in_json(address: str) -> None:
    """What is no request of the protocol, or none of HTTP, is answered with JSON as well."""
    assert plain(address, "/v1/models", method="DELETE")[0] == 501
    host, port = address.split("/")[2].split(":")
    with socket.create_connection((host, int(port)), timeout=60) as raw:
        raw.sendall(b"GARBAGE\r\n\r\n")
        answer = b"".join(iter(lambda: raw.recv(4096), b""))
    assert b'"invalid_request_error"' in answer


def test_a_base_url_without_the_version_does(address: str) -> None:
    """Some clients are told the address without /v1."""
    body = {"model": "small", "prompt": TEXT, "max_tokens": 1}
    assert plain(address, "/completions", body)[0] == plain(address, "/models")[0] == 200


def test_an_unknown_length_is_refused(address: str) -> None:
    """A body of unknown length, or of too much, gets its status, and the server goes on."""
    assert plain(address, "/v1/completions", b"{}", **{"Content-Length": "x"})[0] == 411
    assert plain(address, "/v1/completions", b"{}", **{"Content-Length": str(2**40)})[0] == 413
    assert plain(address, "/v1/models")[0] == 200


def test_one_connection_serves_several_requests(address: str) -> None:
    """A connection is kept, also after an error."""
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
    statuses = []
    for model in ("small", "none", "small"):
        body = {"model": model, "prompt": TEXT, "max_tokens": 1}
        connection.request("POST", "/v1/completions", json.dumps(body))
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()
    assert statuses == [200, 404, 200]


def test_content_in_parts_and_newer_names_are_read(client: openai.OpenAI) -> None:
    """Content as a list of text parts, the role developer, and max_completion_tokens."""
    messages: list[Any] = [
        {"role": "developer", "content": "Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Reverse the word "}, {"type": "text", "text": "bird."}]},
    ]
    got = client.chat.completions.create(model="small", messages=messages, temperature=0, max_completion_tokens=2)
    assert (got.choices[0].message.content, got.choices[0].finish_reason) == ("dr", "length")


class Counting:
    """A model without a stream that counts who is inside at once, and breaks when it is told to."""

    name = "counting"

    def __init__(self) -> None:
        self.inside, self.most, self.seen = 0, 0, list[Prompt]()
        self._lock = threading.Lock()

    def generate(self, prompt: Prompt, **settings: Any) -> Completion:
        if prompt == "break":
            raise RuntimeError("secret of the model")
        with self._lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self.seen.append(prompt)
        time.sleep(0.02)  # for the others to come in, if they may
        with self._lock:
            self.inside -= 1
        return Completion("a b", 2, 1, "stop", self.name)


def test_any_model_is_served_one_text_at_a_time() -> None:
    """A model that cannot stream is streamed in one part; of many requests at once one is written at a time; one that
    breaks is a 500 without its insides, and the next request is answered."""
    model: Any = Counting()
    checked: LanguageModel = model
    with serving(checked) as address:
        body = {"model": "counting", "prompt": "x"}
        threads = [threading.Thread(target=plain, args=(address, "/v1/completions", body)) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (model.most, len(model.seen)) == (1, 6)
        with openai.OpenAI(base_url=address, api_key="none", max_retries=0) as client:
            parts = client.completions.create(model="counting", prompt="x", stream=True)
            assert "".join(part.choices[0].text for part in parts) == "a b"
        status, told = plain(address, "/v1/completions", {**body, "prompt": "break"})
        assert (status, told["error"]["type"], "secret" in told["error"]["message"]) == (500, "server_error", False)
        assert plain(address, "/v1/completions", body)[0] == 200


def test_who_goes_away_does_not_hold_the_model(address: str) -> None:
    """A client that leaves in the middle of a stream: the next one is served."""
    connection = http.client.HTTPConnection(address.split("/")[2], timeout=60)
    body = {"model": "small", "prompt": TEXT, "stream": True, "temperature": 1, "max_tokens": 400}
    connection.request("POST", "/v1/completions", json.dumps(body))
    connection.getresponse().read(20)
    connection.close()
    assert plain(address, "/v1/completions", {"model": "small", "prompt": TEXT, "max_tokens": 1})[0] == 200


def test_the_kit_says_what_a_server_refuses(address: str) -> None:
    """Errors of a server are sentences: a model that is not there, a text that is too long, nobody at the address."""
    with pytest.raises(ModelError, match=r"status 404.*does not exist"):
        load(address, name="gpt-4").generate("a")
    with pytest.raises(TooLong, match="reads 512 tokens"):
        load(address).generate("a" * 600)
    with serving(load("small")) as gone:
        pass
    with pytest.raises(ModelError, match="No server answers at http://127"):
        load(gone)
    with pytest.raises(ModelError, match=r"not as OpenAI's protocol has it|refused"):
        load(address + "/models")
    with pytest.raises(ValueError, match="looks like http"):
        load("http://")


def test_the_command_serves_until_it_is_ended() -> None:
    """`python -m seq2kit.llm.server` says its address, answers there, and ends with Ctrl-C without a traceback."""
    command = [sys.executable, "-W", "error::RuntimeWarning", "-m", "seq2kit.llm.server", "--model", "small"]
    # Ctrl-C is not heard by what is begun in the background, as tests may be
    listens = functools.partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=listens
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            address = next((word for word in line.split() if word.startswith("http")), "")
            assert plain(address, "/v1/models")[1]["data"][0]["id"] == "small"
        finally:
            process.send_signal(signal.SIGINT)
            try:
                _, errors = process.communicate(timeout=60)
            finally:
                process.kill()  # without effect on who has ended
    assert (process.returncode, errors) == (0, "")

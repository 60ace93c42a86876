"""What does not come signed over the connection is not heard: 20,000 messages that are wrong in every way."""

import json
import random
from pathlib import Path

import zmq
from conftest import TIMEOUT
from jupyter_client.session import Session

MESSAGES = 20_000
EVIL = "globalThis.evil = ((globalThis as any).evil ?? 0) + 1"


def frames_of(session, content=None, msg_type="execute_request"):
    return session.serialize(session.msg(msg_type, content or {"code": EVIL, "silent": False}))


def forged(randomness, key):
    """By another key, an empty one, or without any signature."""
    frames = frames_of(Session(key=randomness.choice([b"another key", key[:-1], key + b"0", b""])))
    return frames


def altered(randomness, key):
    """A true message in which one bit or one frame has changed."""
    frames = frames_of(Session(key=key))
    at = randomness.randrange(1, len(frames))
    frame = bytearray(frames[at])
    choice = randomness.randrange(4)
    if choice == 0 and frame:
        frame[randomness.randrange(len(frame))] ^= 1 << randomness.randrange(8)
    elif choice == 1:
        del frame[randomness.randrange(len(frame)) :]
    elif choice == 2:
        frame += bytes(randomness.randrange(256) for _ in range(randomness.randrange(1, 40)))
    else:
        frame = bytearray(randomness.choice([b"", b"null", b"[]", b"{", b"\xff\xfe", b"0" * 10_000, b'{"msg_type":1}']))
    if bytes(frame) == frames[at]:
        return None
    frames[at] = bytes(frame)
    return frames


def cut(randomness, key):
    """Frames are missing, doubled or out of order."""
    frames = frames_of(Session(key=key))
    choice = randomness.randrange(3)
    if choice == 0:
        return frames[: randomness.randrange(1, len(frames))]
    if choice == 1:
        return frames[1:]
    first, second = randomness.sample(range(2, len(frames)), 2)
    if frames[first] == frames[second]:
        return None
    frames[first], frames[second] = frames[second], frames[first]
    return frames


def noise(randomness, key):
    return [
        bytes(randomness.randrange(256) for _ in range(randomness.randrange(60))) for _ in range(randomness.randrange(1, 12))
    ]


def malformed(randomness, key):
    """Rightly signed, by a client that is out of its mind: no request can be read from it."""
    session = Session(key=key)
    parts = [randomness.choice([b"", b"null", b"[1]", b"7", b"{", b'"text"', b"{}", b"\xff"]) for _ in range(4)]
    return [b"<IDS|MSG>", session.sign(parts), *parts]


def oversized(randomness, key):
    frames = frames_of(Session(key=b"another key"), {"code": "x" * 4_000_000})
    return frames + [b"y" * 4_000_000]


def test_twenty_thousand_wrong_messages_change_nothing(fresh_kernel):
    kernel = fresh_kernel
    randomness = random.Random(6)
    key = kernel.manager.session.key
    client = kernel.client
    ports = {"shell": client.shell_port, "control": client.control_port, "stdin": client.stdin_port}
    sockets = []
    for port in ports.values():
        socket = client.context.socket(zmq.DEALER)
        socket.linger = 0
        socket.connect(f"tcp://127.0.0.1:{port}")
        sockets.append(socket)

    recorded = frames_of(client.session, {"code": "globalThis.replays = ((globalThis as any).replays ?? 0) + 1; 1", "silent": False})
    client.shell_channel.socket.send_multipart(recorded)
    kernel.finish(json.loads(recorded[2])["msg_id"])

    # Of what is wrong in every way the signature is told: nothing else of it has been looked at.
    sockets[0].send_multipart([b"<IDS|MSG>", b"0" * 64, b"{ not JSON", b"[]", b"\xff", b"null"])

    makers = [forged] * 30 + [altered] * 30 + [cut] * 15 + [noise] * 15 + [malformed] * 8
    sent = 0
    while sent < MESSAGES:
        if sent % 4000 == 3999:
            frames = oversized(randomness, key)
        elif randomness.random() < 0.02:
            frames = recorded
        else:
            frames = randomness.choice(makers)(randomness, key)
        if frames is None:
            continue
        randomness.choice(sockets).send_multipart(frames)
        sent += 1

    # Each socket is read in order: a true request behind the flood is answered, and nothing came before the answer.
    for socket in sockets[:2]:
        request = client.session.msg("kernel_info_request", {})
        socket.send_multipart(client.session.serialize(request))
        assert socket.poll(TIMEOUT * 1000)
        _, frames = client.session.feed_identities(socket.recv_multipart())
        reply = client.session.deserialize(frames)
        assert reply["msg_type"] == "kernel_info_reply"
        assert reply["parent_header"]["msg_id"] == request["header"]["msg_id"]
        assert not socket.poll(0)
    assert not sockets[2].poll(0)
    counts = "[(globalThis as any).evil, (globalThis as any).replays]"
    assert kernel.run(counts).text == "[ undefined, 1 ]"
    assert kernel.run("let normal = 1; normal + 1").text == "2"
    # They are counted, and told of at each power of ten, so that a flood does not flood the server's log.
    log = Path(kernel.log.name).read_text()
    told = [line.split() for line in log.splitlines() if "messages so far" in line]
    assert [int(words[3]) for words in told] == [1, 10, 100, 1000, 10000]
    assert told[0][-2:] == ["wrong", "signature"]
    for socket in sockets:
        socket.close()

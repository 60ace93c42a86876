"""Messages besides execution, as a real client sends them."""

import socket
from pathlib import Path

import pytest
import zmq
from jupyter_client.session import Session

from conftest import TIMEOUT


def test_kernel_info(kernel):
    info = kernel.ask("kernel_info_request", {})
    assert info["status"] == "ok"
    assert info["protocol_version"] == "5.4"
    assert info["implementation"] == "gradbook"
    assert info["language_info"]["name"] == "typescript"
    assert info["language_info"]["version"].startswith("5.9")


def test_completion_knows_types_and_kinds(kernel):
    kernel.run("const completed = { alpha: 1, beta: 'two' }")
    reply = kernel.ask("complete_request", {"code": "completed.al", "cursor_pos": 12})
    assert (reply["cursor_start"], reply["cursor_end"]) == (10, 12)
    assert reply["matches"][0] == "alpha"
    typed = reply["metadata"]["_jupyter_types_experimental"][0]
    assert typed == {"text": "alpha", "type": "property", "start": 10, "end": 12}


def test_completion_of_the_preloaded_library(kernel):
    code = "new nn.Lin"
    assert "Linear" in kernel.ask("complete_request", {"code": code, "cursor_pos": len(code)})["matches"]
    assert "display" in kernel.ask("complete_request", {"code": "displ", "cursor_pos": 5})["matches"]


def test_cursor_positions_are_code_points(kernel):
    kernel.run("const counted = { gamma: 1 }")
    code = "'😀😀'; counted.ga"
    reply = kernel.ask("complete_request", {"code": code, "cursor_pos": len(code)})
    assert reply["matches"] == ["gamma"]
    assert code[reply["cursor_start"] : reply["cursor_end"]] == "ga"


def test_completion_while_a_cell_runs(kernel):
    kernel.run("const during = { delta: 1 }")
    msg_id = kernel.send("console.log('started'); while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    assert kernel.ask("complete_request", {"code": "during.de", "cursor_pos": 9})["matches"] == ["delta"]
    kernel.interrupt()
    kernel.finish(msg_id)


def test_inspection_shows_signature_and_documentation(kernel):
    kernel.run("/** Adds two numbers. */\nfunction add(a: number, b: number): number { return a + b }")
    reply = kernel.ask("inspect_request", {"code": "add(1, 2)", "cursor_pos": 2, "detail_level": 0})
    assert reply["found"] is True
    assert "function add(a: number, b: number): number" in reply["data"]["text/plain"]
    assert "Adds two numbers." in reply["data"]["text/markdown"]
    library = kernel.ask("inspect_request", {"code": "display", "cursor_pos": 3, "detail_level": 0})
    assert "Show a value now" in library["data"]["text/plain"]
    missing = kernel.ask("inspect_request", {"code": "nothingHere", "cursor_pos": 3, "detail_level": 0})
    assert missing == {"status": "ok", "found": False, "data": {}, "metadata": {}}


def test_inspection_at_level_1_shows_the_code_as_well(kernel):
    kernel.run("/** Halves. @param n what to halve */\nconst halve = (n: number) => n / 2;")
    request = {"code": "halve(1)", "cursor_pos": 3}
    brief = kernel.ask("inspect_request", {**request, "detail_level": 0})["data"]
    full = kernel.ask("inspect_request", {**request, "detail_level": 1})["data"]
    assert "n / 2" not in brief["text/plain"]
    assert "- `n`: what to halve" in brief["text/markdown"]
    assert "const halve = (n: number) => n / 2;" in full["text/plain"]


def test_a_question_mark_shows_help_aside(kernel):
    kernel.run("/** Thirds. */\nfunction third(n: number) { return n / 3 }")
    [page] = kernel.run("third?").reply["payload"]
    assert page["source"] == "page"
    assert "Thirds." in page["data"]["text/markdown"] and "n / 3" not in page["data"]["text/plain"]
    assert "n / 3" in kernel.run("third??").reply["payload"][0]["data"]["text/plain"]
    assert "Train a model" in kernel.run("?train.fit").reply["payload"][0]["data"]["text/plain"]
    unknown = kernel.run("thirst?")
    assert unknown.reply["evalue"].startswith('nothing is known of "thirst"')
    assert kernel.ask("is_complete_request", {"code": "third?"})["status"] == "complete"


def test_is_complete(kernel):
    def status(code):
        return kernel.ask("is_complete_request", {"code": code})["status"]

    for code in ["1 + 1", "function f() { return 1 }", "await x", "", "`template`"]:
        assert status(code) == "complete", code
    for code in ["function f() {", "if (true) {", "[1, 2,", "`open", "/* open", "f(", "const x ="]:
        assert status(code) == "incomplete", code
    for code in ["const = 3", "1 +* 2", "}"]:
        assert status(code) == "invalid", code
    assert kernel.ask("is_complete_request", {"code": "function f() {"})["indent"] == "  "
    assert kernel.ask("is_complete_request", {"code": "function f() {\n  if (x) {"})["indent"] == "    "
    assert kernel.ask("is_complete_request", {"code": "function f() {\n  g();"})["indent"] == "  "


def test_history(fresh_kernel):
    for code in ["1 + 1", "const second = 2", "second"]:
        fresh_kernel.run(code)
    fresh_kernel.run("'silent'", silent=True)
    fresh_kernel.run("'not stored'", store_history=False)

    def history(**request):
        return fresh_kernel.ask("history_request", {"output": False, "raw": True, **request})["history"]

    assert history(hist_access_type="tail", n=2) == [[1, 2, "const second = 2"], [1, 3, "second"]]
    assert history(hist_access_type="range", session=0, start=1, stop=3) == [[1, 1, "1 + 1"], [1, 2, "const second = 2"]]
    assert history(hist_access_type="search", pattern="*second*", n=10) == [[1, 2, "const second = 2"], [1, 3, "second"]]
    assert history(hist_access_type="tail", n=1, output=True) == [[1, 3, ["second", "2"]]]

    fresh_kernel.manager.restart_kernel()
    fresh_kernel.client.stop_channels()
    fresh_kernel.client = fresh_kernel.connect()
    fresh_kernel.run("'after'")
    assert history(hist_access_type="tail", n=2) == [[1, 3, "second"], [2, 1, "'after'"]]
    assert history(hist_access_type="range", session=-1, start=2, stop=3) == [[1, 2, "const second = 2"]]
    assert history(hist_access_type="search", pattern="*second", n=10, output=True) == [[1, 3, ["second", "2"]]]
    file = Path(fresh_kernel.manager.connection_file).with_suffix(".history.jsonl")
    assert file.exists()
    assert fresh_kernel.ask("shutdown_request", {"restart": False}, "control")["status"] == "ok"
    assert not file.exists()


def test_silent_cells_leave_no_trace(kernel):
    before = kernel.run("1").reply["execution_count"]
    result = kernel.run("'quiet'", silent=True)
    assert result.types == [] and result.of_type("execute_input") == []
    assert result.reply["execution_count"] == before
    assert kernel.run("1").reply["execution_count"] == before + 1


def test_user_expressions(kernel):
    reply = kernel.run("const base = 20", user_expressions={"sum": "base + 1", "bad": "base.missing()"}).reply
    assert reply["user_expressions"]["sum"]["data"]["text/plain"] == "21"
    assert reply["user_expressions"]["bad"]["status"] == "error"
    assert reply["user_expressions"]["bad"]["ename"] == "TypeError"


def test_a_failure_aborts_what_was_queued(kernel):
    failing = kernel.send("await new Promise((r) => setTimeout(r, 20)); throw new Error('stop')")
    queued = [kernel.send(f"'queued {i}'") for i in range(3)]
    assert kernel.finish(failing).status == "error"
    assert [kernel.reply(msg_id)["status"] for msg_id in queued] == ["aborted"] * 3
    assert kernel.run("'after'").text == "'after'"


def test_stop_on_error_false_goes_on(kernel):
    failing = kernel.send("await new Promise((r) => setTimeout(r, 20)); throw new Error('go on')", stop_on_error=False)
    queued = kernel.send("'queued'")
    assert kernel.finish(failing).status == "error"
    assert kernel.finish(queued).text == "'queued'"


def test_heartbeat_and_control_answer_during_a_busy_cell(kernel):
    msg_id = kernel.send("console.log('started'); while (true) {}")
    kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    heartbeat = kernel.client.context.socket(zmq.REQ)
    heartbeat.connect(f"tcp://127.0.0.1:{kernel.client.hb_port}")
    for beat in range(50):
        heartbeat.send(b"ping %d" % beat)
        assert heartbeat.poll(TIMEOUT * 1000)
        assert heartbeat.recv() == b"ping %d" % beat
    heartbeat.close()
    assert kernel.ask("kernel_info_request", {}, "control")["status"] == "ok"
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"


def test_wrongly_signed_messages_are_ignored(kernel):
    forger = Session(key=b"not the key")
    forged = forger.msg("execute_request", {"code": "globalThis.forged = true", "silent": False})
    forger.send(kernel.client.shell_channel.socket, forged)
    kernel.client.shell_channel.socket.send_multipart([b"<IDS|MSG>", b"", b"{", b"{}", b"{}", b"{}"])
    kernel.client.shell_channel.socket.send_multipart([b"nonsense"])
    assert kernel.run("typeof (globalThis as any).forged").text == "'undefined'"


def test_replayed_messages_are_ignored(kernel):
    kernel.run("let replays = 0")
    session = kernel.client.session
    message = session.msg("execute_request", {"code": "replays++", "silent": False})
    frames = session.serialize(message)
    kernel.client.shell_channel.socket.send_multipart(frames)
    kernel.client.shell_channel.socket.send_multipart(frames)
    kernel.finish(message["header"]["msg_id"])
    assert kernel.run("replays").text == "1"


def test_the_kernel_listens_on_the_address_it_was_given_and_no_other(kernel):
    """It was given 127.0.0.1: whoever comes by another address of this machine finds nobody there."""
    client = kernel.client
    assert client.ip == "127.0.0.1"
    for port in (client.shell_port, client.iopub_port, client.stdin_port, client.control_port, client.hb_port):
        socket.create_connection(("127.0.0.1", port), timeout=TIMEOUT).close()
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.2", port), timeout=TIMEOUT)


def test_the_debugger_is_refused(kernel):
    info = kernel.ask("kernel_info_request", {})
    assert info["debugger"] is False and "debugger" not in info["supported_features"]
    reply = kernel.ask("debug_request", {"type": "request", "command": "initialize", "seq": 1}, "control")
    assert reply["status"] == "error"


def test_unknown_requests_get_an_error(kernel):
    reply = kernel.ask("debug_request", {"type": "request", "command": "initialize", "seq": 1}, "control")
    assert reply["status"] == "error"
    assert "debug_request" in reply["evalue"]
    for name in ["constructor", "__proto__", "toString_request"]:
        assert kernel.ask(name, {})["ename"] == "NotImplementedError"


def test_every_client_hears_of_a_shutdown(fresh_kernel):
    other = fresh_kernel.connect(session=Session(key=fresh_kernel.manager.session.key))
    fresh_kernel.ask("shutdown_request", {"restart": True}, "control")
    while True:
        message = other.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "shutdown_reply":
            break
    assert message["content"] == {"status": "ok", "restart": True}
    other.stop_channels()


def stdin_request(kernel):
    return kernel.client.get_stdin_msg(timeout=TIMEOUT)


def test_prompt_asks_and_waits(kernel):
    msg_id = kernel.send('const answer = prompt("Your name? "); answer.length', allow_stdin=True)
    request = stdin_request(kernel)
    assert request["content"] == {"prompt": "Your name? ", "password": False}
    kernel.client.input("Ada 😀" + "x" * 100_000)
    assert kernel.finish(msg_id).text == str(6 + 100_000)
    msg_id = kernel.send('prompt("Key: ", { password: true })', allow_stdin=True)
    assert stdin_request(kernel)["content"]["password"] is True
    kernel.client.input("secret")
    assert kernel.finish(msg_id).text == "'secret'"


def test_only_the_client_that_was_asked_can_answer_and_once(kernel):
    other = kernel.connect(session=Session(key=kernel.manager.session.key))
    other.input("unasked")
    kernel.client.input("too early")
    msg_id = kernel.send('[prompt("first"), prompt("second")]', allow_stdin=True)
    stdin_request(kernel)
    other.input("another's")
    # The kernel reads its sockets in turn: what was sent before this is answered has been seen.
    other.kernel_info()
    other.get_shell_msg(timeout=TIMEOUT)
    kernel.client.input("one")
    stdin_request(kernel)
    kernel.client.input("two")
    assert kernel.finish(msg_id).text == "[ 'one', 'two' ]"
    other.stop_channels()


def test_prompt_can_be_interrupted(kernel):
    msg_id = kernel.send('prompt("never answered")', allow_stdin=True)
    stdin_request(kernel)
    kernel.interrupt()
    assert kernel.finish(msg_id).reply["ename"] == "InterruptedError"
    assert kernel.run("1").text == "1"


def test_prompt_says_when_nobody_can_answer(kernel):
    assert "unattended" in kernel.run('prompt("hello?")', allow_stdin=False).reply["evalue"]


def test_comms_from_the_page(kernel):
    kernel.run("""
        comm.register("echo", (channel, opened) => {
          channel.send({ opened });
          channel.onMessage = (received) => channel.send({ received });
          channel.onClose = () => console.log("closed");
        });""")
    session, channel = kernel.client.session, kernel.client.shell_channel

    def send(msg_type, content):
        message = session.msg(msg_type, content)
        channel.send(message)
        idle = lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle"
        return [m for m in kernel.until(message["header"]["msg_id"], idle) if m["msg_type"] != "status"]

    [opened] = send("comm_open", {"comm_id": "page-1", "target_name": "echo", "data": {"n": 1}})
    assert opened["content"] == {"comm_id": "page-1", "data": {"opened": {"n": 1}}}
    assert kernel.ask("comm_info_request", {"target_name": "echo"})["comms"] == {"page-1": {"target_name": "echo"}}
    [echoed] = send("comm_msg", {"comm_id": "page-1", "data": {"n": 2}})
    assert echoed["content"]["data"] == {"received": {"n": 2}}
    [closed] = send("comm_close", {"comm_id": "page-1", "data": {}})
    assert closed["content"]["text"] == "closed\n"
    assert kernel.ask("comm_info_request", {"target_name": "echo"})["comms"] == {}
    [refused] = send("comm_open", {"comm_id": "page-2", "target_name": "nobody", "data": {}})
    assert refused["msg_type"] == "comm_close"


def test_comms_carry_bytes_both_ways(kernel):
    kernel.run("""
        comm.register("bytes", (channel) => {
          channel.onMessage = (data, buffers) => channel.send(data, [...buffers, new Float32Array([1, 2])]);
        });""")
    session, channel = kernel.client.session, kernel.client.shell_channel
    opened = session.msg("comm_open", {"comm_id": "bytes-1", "target_name": "bytes", "data": {}})
    channel.send(opened)
    message = session.msg("comm_msg", {"comm_id": "bytes-1", "data": {"n": 1}})
    session.send(channel.socket, message, buffers=[b"\x00\x01\xff"])
    [answer] = kernel.until(message["header"]["msg_id"], lambda m: m["msg_type"] == "comm_msg")[-1:]
    assert answer["content"]["data"] == {"n": 1}
    assert [bytes(each) for each in answer["buffers"]] == [b"\x00\x01\xff", b"\x00\x00\x80?\x00\x00\x00@"]
    wrong = kernel.run('comm.open("bytes").send({}, [3 as any])')
    assert "buffers must be typed arrays" in wrong.reply["evalue"]


def test_comms_from_the_kernel(kernel):
    result = kernel.run('const opened = comm.open("widget", { a: 1 }); opened.send({ b: 2 }); opened.close(); 1')
    kinds = [m["msg_type"] for m in result.messages if m["msg_type"].startswith("comm_")]
    assert kinds == ["comm_open", "comm_msg", "comm_close"]
    assert result.of_type("comm_open")[0]["target_name"] == "widget"


def test_two_clients_see_each_others_cells(kernel):
    other = kernel.connect(session=Session(key=kernel.manager.session.key))
    msg_id = kernel.send("'seen by both'")
    kernel.finish(msg_id)
    while True:
        message = other.get_iopub_msg(timeout=TIMEOUT)
        if message["msg_type"] == "execute_result" and message["parent_header"]["msg_id"] == msg_id:
            break
    assert message["content"]["data"]["text/plain"] == "'seen by both'"
    other.stop_channels()


def test_two_kernels_with_two_clients_each_answer_at_once(kernel, fresh_kernel):
    """Both compute without an end; everything else is answered meanwhile, each to the client that asked."""
    busy = [kernel, fresh_kernel]
    spin = "console.log('started'); while (true) {}"
    running = [each.send(spin) for each in busy]
    for each, msg_id in zip(busy, running):
        each.until(msg_id, lambda m: m["msg_type"] == "stream")
    others = [each.connect(session=Session(key=each.manager.session.key)) for each in busy]
    for _ in range(5):
        for each, other in zip(busy, others):
            asked = {
                other.kernel_info(): "kernel_info_reply",
                other.complete("Math.ma", 7): "complete_reply",
                other.is_complete("1"): "is_complete_reply",
                other.inspect("Math", 2): "inspect_reply",
                other.history(hist_access_type="tail", n=1): "history_reply",
                other.comm_info(): "comm_info_reply",
            }
            while asked:
                reply = other.get_shell_msg(timeout=TIMEOUT)
                assert reply["msg_type"] == asked.pop(reply["parent_header"]["msg_id"])
            assert each.ask("kernel_info_request", {}, "control")["status"] == "ok"
    for each, msg_id in zip(busy, running):
        each.interrupt()
        assert each.finish(msg_id).reply["ename"] == "InterruptedError"
    for other in others:
        other.stop_channels()


def test_two_clients_of_each_of_two_kernels_send_every_message_at_once(kernel, fresh_kernel):
    """Each gets its own answers, and no other's."""
    kernels = [kernel, fresh_kernel]
    others = [each.connect(session=Session(key=each.manager.session.key)) for each in kernels]
    clients = [kernel.client, fresh_kernel.client, *others]
    for each in kernels:
        each.run('comm.register("mirror", (channel) => { channel.onMessage = (data) => channel.send(data) })')
    requests = {
        "shell": {
            "kernel_info_request": {},
            "connect_request": {},
            "complete_request": {"code": "Math.ma", "cursor_pos": 7},
            "inspect_request": {"code": "Math", "cursor_pos": 2, "detail_level": 1},
            "is_complete_request": {"code": "f("},
            "history_request": {"hist_access_type": "tail", "n": 1, "output": False, "raw": True},
            "comm_info_request": {},
        },
        "control": {"kernel_info_request": {}, "debug_request": {"type": "request", "command": "initialize", "seq": 1}},
    }
    asked = [{"shell": {}, "control": {}} for _ in clients]
    published = [{} for _ in clients]

    def send(at, channel, msg_type, content):
        message = clients[at].session.msg(msg_type, content)
        getattr(clients[at], f"{channel}_channel").send(message)
        msg_id = message["header"]["msg_id"]
        if msg_type.endswith("_request"):
            asked[at][channel][msg_id] = msg_type.replace("_request", "_reply")
        return msg_id

    for _ in range(5):
        for at in range(len(clients)):
            cell = send(at, "shell", "execute_request", {"code": f"'client {at}'", "silent": False})
            published[at][cell] = ("execute_result", f"'client {at}'")
            for channel, contents in requests.items():
                for msg_type, content in contents.items():
                    send(at, channel, msg_type, content)
            comm_id = f"mirror of {cell}"
            send(at, "shell", "comm_open", {"comm_id": comm_id, "target_name": "mirror", "data": {}})
            told = send(at, "shell", "comm_msg", {"comm_id": comm_id, "data": {"from": at}})
            published[at][told] = ("comm_msg", {"from": at})
            send(at, "shell", "comm_close", {"comm_id": comm_id, "data": {}})

    for at, client in enumerate(clients):
        for channel, expected in asked[at].items():
            while expected:
                reply = getattr(client, f"get_{channel}_msg")(timeout=TIMEOUT)
                assert reply["parent_header"]["session"] == client.session.session
                # What it asked while it waited for the kernel to be ready may be answered as late as now.
                msg_type = expected.pop(reply["parent_header"]["msg_id"], "kernel_info_reply")
                assert reply["msg_type"] == msg_type
        while published[at]:
            message = client.get_iopub_msg(timeout=TIMEOUT)
            msg_type, content = message["msg_type"], message["content"]
            if msg_type in ("execute_result", "comm_msg"):
                # Everyone hears of everyone's; ours name the request that they come from.
                data = content["data"].get("text/plain", content["data"])
                expected = published[at].pop(message["parent_header"]["msg_id"], (msg_type, data))
                assert expected == (msg_type, data)
    for other in others:
        other.stop_channels()


def test_of_two_clients_at_two_kernels_each_is_asked_for_its_own_cells_input(kernel, fresh_kernel):
    kernels = [kernel, fresh_kernel]
    others = [each.connect(session=Session(key=each.manager.session.key)) for each in kernels]
    pairs = [(each.client, other) for each, other in zip(kernels, others)]
    running = {
        client: client.execute(f'prompt("for {at} {which}")')
        for at, pair in enumerate(pairs)
        for which, client in enumerate(pair)
    }
    for at, pair in enumerate(pairs):
        # Cells of one kernel run one after the other, in the order of their arrival.
        poller = zmq.Poller()
        for client in pair:
            poller.register(client.stdin_channel.socket, zmq.POLLIN)
        for _ in pair:
            [(socket, _)] = poller.poll(TIMEOUT * 1000)
            which = [client.stdin_channel.socket for client in pair].index(socket)
            assert pair[which].get_stdin_msg(timeout=TIMEOUT)["content"]["prompt"] == f"for {at} {which}"
            pair[which].input(f"to {at} {which}")
        for which, client in enumerate(pair):
            while True:
                message = client.get_iopub_msg(timeout=TIMEOUT)
                if message["msg_type"] == "execute_result" and message["parent_header"]["msg_id"] == running[client]:
                    break
            assert message["content"]["data"]["text/plain"] == f"'to {at} {which}'"
    for other in others:
        other.stop_channels()


def test_a_client_that_connects_again_is_answered(kernel):
    again = kernel.connect()
    again.stop_channels()
    kernel.client.stop_channels()
    kernel.client = kernel.connect()
    assert kernel.run("'again'").text == "'again'"


@pytest.mark.parametrize("topic", ["iopub_welcome", ""])
def test_every_subscriber_is_welcomed(kernel, topic):
    """The one to all topics too, whom another client of the kernel has come before."""
    subscriber = kernel.client.context.socket(zmq.SUB)
    subscriber.connect(f"tcp://127.0.0.1:{kernel.client.iopub_port}")
    subscriber.subscribe(topic.encode())
    while True:
        assert subscriber.poll(TIMEOUT * 1000)
        identities, frames = kernel.client.session.feed_identities(subscriber.recv_multipart())
        message = kernel.client.session.deserialize(frames)
        if message["msg_type"] == "iopub_welcome":
            break
    assert message["content"] == {"subscription": topic}
    subscriber.close()

"""A kernel as Jupyter starts it: from a kernelspec made by the built package, over real sockets."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from jupyter_client.connect import LocalPortCache
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

ROOT = Path(__file__).resolve().parents[2]
SPEC_SCRIPT = """
import { kernelSpec } from "./dist/kernel/launch.js";
console.log(JSON.stringify(kernelSpec()));
"""

# Generous: a message that comes is never waited for in full, and machines are slow at times.
TIMEOUT = 60


# Below those that a system gives to whoever asks for any, so that no connection has one of them in passing.
PORTS = range(12_000, 32_000)
BLOCK = 1000


class OwnPorts:
    """
    Ports for kernels out of a block that no other test run draws from. Jupyter asks the system for a free port, lets go
    of it, and the kernel binds it half a second later: meanwhile another run's kernel, or any connection, may have it.
    """

    def __init__(self):
        for first in range(PORTS.start, PORTS.stop, BLOCK):
            # Held open as long as this process lives: who cannot bind it takes the next block.
            self.guard = socket.socket()
            try:
                self.guard.bind(("127.0.0.1", first))
                self.guard.listen()
            except OSError:
                self.guard.close()
                continue
            self.ports = iter(range(first + 1, first + BLOCK))
            return
        raise RuntimeError(f"every block of ports in {PORTS} is in use")

    def find_available_port(self, ip):
        for port in self.ports:
            with socket.socket() as probe:
                try:
                    probe.bind((ip, port))
                    return port
                except OSError:
                    continue
        raise RuntimeError(f"this run has used all of its {BLOCK} ports")


@pytest.fixture(scope="session", autouse=True)
def kernels_have_ports_of_their_own():
    own = OwnPorts()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LocalPortCache, "find_available_port", lambda _cache, ip: own.find_available_port(ip))
        yield
    own.guard.close()


@pytest.fixture(scope="session")
def kernelspec_dir(tmp_path_factory):
    """A folder of kernelspecs that holds ours."""
    directory = tmp_path_factory.mktemp("kernels")
    spec = subprocess.run(
        ["node", "--input-type=module", "-e", SPEC_SCRIPT], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    (directory / "gradbook").mkdir()
    (directory / "gradbook" / "kernel.json").write_text(spec)
    return directory


@pytest.fixture(scope="session", autouse=True)
def jupyter_finds_kernelspec(kernelspec_dir, tmp_path_factory):
    """Let clients that look for kernels by name find this one, whatever is installed."""
    root = tmp_path_factory.mktemp("jupyter")
    (root / "kernels").symlink_to(kernelspec_dir)
    os.environ["JUPYTER_PATH"] = str(root)
    os.environ["IPYTHONDIR"] = str(root)


class Result:
    """All that one request caused: the reply, and what was published, in order."""

    def __init__(self, reply, messages):
        self.reply = reply
        self.messages = messages

    @property
    def status(self):
        return self.reply["status"]

    @property
    def types(self):
        return [m["msg_type"] for m in self.messages if m["msg_type"] not in ("status", "execute_input")]

    def of_type(self, msg_type):
        return [m["content"] for m in self.messages if m["msg_type"] == msg_type]

    def stream(self, name="stdout"):
        return "".join(c["text"] for c in self.of_type("stream") if c["name"] == name)

    @property
    def text(self):
        """The plain text of the result."""
        results = self.of_type("execute_result")
        return results[0]["data"]["text/plain"] if results else None

    @property
    def traceback(self):
        return "\n".join(self.reply.get("traceback", []))


class Kernel:
    def __init__(self, spec_dir, cwd, **options):
        self.cwd = str(cwd)
        specs = KernelSpecManager(kernel_dirs=[str(spec_dir)])
        self.manager = KernelManager(kernel_name="gradbook", kernel_spec_manager=specs)
        self.log = open(Path(cwd) / "kernel.log", "w+b")
        self.manager.start_kernel(cwd=self.cwd, stdout=self.log, stderr=self.log, **options)
        self.client = self.connect()

    def connect(self, **options):
        client = self.manager.client(**options)
        client.start_channels()
        client.wait_for_ready(timeout=TIMEOUT)
        return client

    def send(self, code, **options):
        """Ask for an execution; the request's id."""
        return self.client.execute(code, **options)

    def until(self, msg_id, found):
        """Published messages of a request, up to the first that `found` accepts."""
        messages = []
        while True:
            message = self.client.get_iopub_msg(timeout=TIMEOUT)
            if message["parent_header"].get("msg_id") != msg_id:
                continue
            messages.append(message)
            if found(message):
                return messages

    def finish(self, msg_id):
        """Wait for a request to end."""
        messages = self.until(
            msg_id, lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "idle"
        )
        return Result(self.reply(msg_id), messages)

    def reply(self, msg_id, channel="shell"):
        receive = self.client.get_control_msg if channel == "control" else self.client.get_shell_msg
        while True:
            reply = receive(timeout=TIMEOUT)
            if reply["parent_header"].get("msg_id") == msg_id:
                return reply["content"]

    def run(self, code, **options):
        return self.finish(self.send(code, **options))

    def ask(self, msg_type, content, channel="shell"):
        """Send any request; its reply."""
        message = self.client.session.msg(msg_type, content)
        getattr(self.client, f"{channel}_channel").send(message)
        return self.reply(message["header"]["msg_id"], channel)

    def interrupt(self):
        return self.ask("interrupt_request", {}, "control")

    def is_alive(self):
        return self.manager.is_alive()

    def stop(self):
        self.client.stop_channels()
        if self.manager.has_kernel:
            self.manager.shutdown_kernel(now=True)
        self.log.seek(0)
        sys.stdout.write(self.log.read().decode())
        self.log.close()


@pytest.fixture(scope="module")
def kernel(kernelspec_dir, tmp_path_factory):
    """One kernel for a file of tests; each test uses names of its own."""
    running = Kernel(kernelspec_dir, tmp_path_factory.mktemp("notebook"))
    yield running
    running.stop()


@pytest.fixture
def fresh_kernel(kernelspec_dir, tmp_path):
    """A kernel that the test may end."""
    running = Kernel(kernelspec_dir, tmp_path)
    yield running
    running.stop()

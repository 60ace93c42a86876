"""
The kernel as its users wait for it, beside others: `npm run bench:kernel -- [--rounds N]`; or its interrupts alone:
`npm run bench:kernel -- --interrupts 300 [--only KIND]`.
Each round starts every kernel anew, in turn. Times are milliseconds, medians over the rounds. A peer that loses the end
of its output, or its answer, gets a dash.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import Empty

import zmq

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "kernel"))

import conftest  # noqa: E402
import interrupts  # noqa: E402
from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402
from jupyter_client.session import Session  # noqa: E402

LATER_CELLS = 30
PRINT = {"typescript": "for (let i = 0; i < 20000; i++) console.log(i)", "python": "for i in range(20000): print(i)"}
BUSY_SECONDS = 4
BUSY = {
    "typescript": f"const end = Date.now() + {BUSY_SECONDS * 1000}; while (Date.now() < end) {{}}",
    "python": f"import time\nend = time.time() + {BUSY_SECONDS}\nwhile time.time() < end: pass",
}
# A kernel that says nothing for so long has lost what it had to say.
SILENCE = 15
COMPLETE = {"typescript": ("const points = [1]", "points.fil"), "python": ("points = [1]", "points.app")}


def spec_of_gradbook():
    script = conftest.SPEC_SCRIPT
    return json.loads(
        subprocess.run(
            ["node", "--input-type=module", "-e", script], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
    )


def kernels(deno):
    """By name: the kernelspec and the language."""
    node = spec_of_gradbook()["argv"][0]
    tslab = ROOT / "node_modules" / "tslab" / "bin" / "tslab"
    found = {"gradbook": (spec_of_gradbook(), "typescript")}
    if tslab.exists():
        argv = [node, str(tslab), "kernel", "--config-path", "{connection_file}"]
        found["tslab"] = ({"argv": argv, "display_name": "tslab", "language": "typescript"}, "typescript")
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    found["ipykernel"] = ({"argv": argv, "display_name": "Python", "language": "python"}, "python")
    if deno:
        argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]
        found["deno"] = ({"argv": argv, "display_name": "Deno", "language": "typescript"}, "typescript")
    return found


class Peer(conftest.Kernel):
    """Any kernel; `started` is when its process was asked for."""

    def __init__(self, name, spec, folder):
        (folder / "kernels" / name).mkdir(parents=True)
        (folder / "kernels" / name / "kernel.json").write_text(json.dumps(spec))
        specs = KernelSpecManager(kernel_dirs=[str(folder / "kernels")])
        self.manager = KernelManager(kernel_name=name, kernel_spec_manager=specs)
        self.log = open(folder / "kernel.log", "w+b")
        self.started = time.perf_counter()
        self.manager.start_kernel(cwd=str(folder), stdout=self.log, stderr=self.log)
        self.client = self.manager.client()
        self.client.start_channels()
        # The request waits in the socket until the kernel is there.
        self.reply(self.client.kernel_info())
        self.answered = time.perf_counter()
        self.client.wait_for_ready(timeout=conftest.TIMEOUT)

    def megabytes(self):
        if not Path("/proc/self/status").exists():
            return float("nan")
        return sum(megabytes(pid) for pid in processes_of(self.manager.provisioner.process.pid))

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.log.close()


def processes_of(pid):
    """It and all that it has started."""
    children = Path(f"/proc/{pid}/task").glob("*/children")
    started = [int(child) for file in children for child in file.read_text().split()]
    return [pid, *(each for child in started for each in processes_of(child))]


def megabytes(pid):
    # VmHWM is the most that was ever resident.
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1000


def milliseconds(work):
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


@contextmanager
def silence_counts_as_loss():
    patience, conftest.TIMEOUT = conftest.TIMEOUT, SILENCE
    try:
        yield
    except Empty:
        pass
    finally:
        conftest.TIMEOUT = patience


def answers_while_busy(client, control):
    """Round trips of heartbeats and of control requests, until the cell is nearly over."""
    heartbeat = client.context.socket(zmq.REQ)
    heartbeat.linger = 0
    heartbeat.connect(f"tcp://127.0.0.1:{client.hb_port}")
    end = time.perf_counter() + BUSY_SECONDS - 1

    def beat():
        heartbeat.send(b"ping")
        heartbeat.poll(SILENCE * 1000)
        heartbeat.recv(zmq.NOBLOCK)

    def repeat(ask):
        times = []
        while time.perf_counter() < end:
            times.append(milliseconds(ask)[0])
            time.sleep(0.02)
        return times

    # Side by side: a kernel that leaves the one waiting must not be asked the other when it is free again.
    with ThreadPoolExecutor(1) as thread:
        beats = thread.submit(repeat, beat)
        times = {"control": repeat(control), "heartbeat": beats.result()}
    heartbeat.close()
    return times


def start_busy_cell(kernel, language):
    busy = lambda m: m["msg_type"] == "status" and m["content"]["execution_state"] == "busy"
    msg_id = kernel.send(BUSY[language])
    kernel.until(msg_id, busy)
    return msg_id


def measure(name, spec, language):
    with tempfile.TemporaryDirectory() as folder:
        kernel = Peer(name, spec, Path(folder))
        try:
            rows = {"kernel_info": (kernel.answered - kernel.started) * 1000}
            rows["first cell"], first = milliseconds(lambda: kernel.run("1 + 1"))
            rows["start to result"] = (time.perf_counter() - kernel.started) * 1000
            assert first.status == "ok", first.reply
            later = [milliseconds(lambda: kernel.run(f"1 + {n}"))[0] for n in range(LATER_CELLS)]
            rows["later cell"] = statistics.median(later)
            setup, code = COMPLETE[language]
            kernel.run(setup)
            request = {"code": code, "cursor_pos": len(code)}
            times = [milliseconds(lambda: kernel.ask("complete_request", request))[0] for _ in range(LATER_CELLS)]
            rows["completion"] = statistics.median(times)
            rows["memory, MB"] = kernel.megabytes()
            with silence_counts_as_loss():
                cell = start_busy_cell(kernel, language)
                control = lambda: kernel.ask("kernel_info_request", {}, "control")
                for channel, busy in answers_while_busy(kernel.client, control).items():
                    rows[f"{channel}, busy"] = max(busy)
                kernel.finish(cell)
            with silence_counts_as_loss():
                rows["20,000 lines"], printed = milliseconds(lambda: kernel.run(PRINT[language]))
                rows["lines lost"] = 20_000 - printed.stream().count("\n")
            return rows
        finally:
            kernel.stop()


ROWS = ["kernel_info", "first cell", "start to result", "later cell", "completion", "memory, MB"]
ROWS += ["heartbeat, busy", "control, busy", "20,000 lines", "lines lost"]


def compare(rounds, deno):
    peers = kernels(deno)
    results = {name: [] for name in peers}
    for number in range(rounds):
        for name, (spec, language) in peers.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr, flush=True)
            results[name].append(measure(name, spec, language))
    print(f"{'':16}" + "".join(f"{name:>12}" for name in peers))
    for title in ROWS:
        found = [[each[title] for each in results[name] if title in each] for name in peers]
        # The worst of a busy cell is the worst of all of them.
        typical = max if title.endswith("busy") else statistics.median
        print(f"{title:16}" + "".join(f"{typical(each):12.1f}" if each else f"{'-':>12}" for each in found))
    print_two_kernels()


def print_two_kernels():
    """Two kernels, each in a cell that does not yield, with two clients each that all ask at once."""
    with tempfile.TemporaryDirectory() as folder:
        started = [Peer(f"gradbook{n}", spec_of_gradbook(), Path(folder) / str(n)) for n in range(2)]
        asked = []
        for kernel in started:
            other = kernel.connect(session=Session(key=kernel.manager.session.key))
            asked.append((kernel.client, lambda kernel=kernel: kernel.ask("kernel_info_request", {}, "control")))
            asked.append((other, lambda other=other: ask_control(other)))
        cells = [start_busy_cell(kernel, "typescript") for kernel in started]
        with ThreadPoolExecutor(len(asked)) as threads:
            times = [each.result() for each in [threads.submit(answers_while_busy, *who) for who in asked]]
        for kernel, cell in zip(started, cells):
            kernel.finish(cell)
            kernel.stop()
        for client, _ in asked:
            client.stop_channels()
    for channel in ("heartbeat", "control"):
        every = sorted(value for each in times for value in each[channel])
        print(
            f"two busy kernels, two clients each: {channel} median {statistics.median(every):.1f} ms, "
            f"99 % {every[int(len(every) * 0.99)]:.1f} ms, worst {every[-1]:.1f} ms of {len(every)}"
        )


def ask_control(client):
    message = client.session.msg("kernel_info_request", {})
    client.control_channel.send(message)
    while client.get_control_msg(timeout=SILENCE)["parent_header"]["msg_id"] != message["header"]["msg_id"]:
        pass


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--interrupts", type=int, metavar="N", help="interrupt N cells at random moments instead")
    parser.add_argument("--only", metavar="KIND", help="with --interrupts: kinds whose name holds this")
    parser.add_argument("--deno", metavar="PROGRAM", help="where Deno is; without it, it is left out")
    options = parser.parse_args()
    os.environ.setdefault("IPYTHONDIR", tempfile.mkdtemp())
    if options.interrupts:
        start = lambda: Peer("gradbook", spec_of_gradbook(), Path(tempfile.mkdtemp()))
        sys.exit(interrupts.run(start, options.interrupts, options.only or ""))
    compare(options.rounds, options.deno)

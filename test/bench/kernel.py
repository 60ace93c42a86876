"""
The kernel as its users wait for it, beside others: `npm run bench:kernel -- [--rounds N] [--interrupts N]`.
Each round starts every kernel anew, in turn. Times are milliseconds, medians over the rounds.
"""

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from queue import Empty

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test" / "kernel"))

import conftest  # noqa: E402
from interrupt_cases import FOREVER, interrupt_once  # noqa: E402
from jupyter_client.kernelspec import KernelSpecManager  # noqa: E402
from jupyter_client.manager import KernelManager  # noqa: E402

LATER_CELLS = 30
PRINT = {"typescript": "for (let i = 0; i < 20000; i++) console.log(i)", "python": "for i in range(20000): print(i)"}
COMPLETE = {"typescript": ("const points = [1]", "points.fil"), "python": ("points = [1]", "points.app")}


def spec_of_gradbook():
    script = conftest.SPEC_SCRIPT
    return json.loads(
        subprocess.run(
            ["node", "--input-type=module", "-e", script], cwd=ROOT, check=True, capture_output=True, text=True
        ).stdout
    )


def kernels():
    """By name: the kernelspec and the language."""
    node = spec_of_gradbook()["argv"][0]
    tslab = ROOT / "node_modules" / "tslab" / "bin" / "tslab"
    found = {"gradbook": (spec_of_gradbook(), "typescript")}
    if tslab.exists():
        argv = [node, str(tslab), "kernel", "--config-path", "{connection_file}"]
        found["tslab"] = ({"argv": argv, "display_name": "tslab", "language": "typescript"}, "typescript")
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    found["ipykernel"] = ({"argv": argv, "display_name": "Python", "language": "python"}, "python")
    if deno := shutil.which("deno"):
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

    def megabytes(self):
        # VmHWM is the most that was ever resident.
        status = Path(f"/proc/{self.manager.provisioner.process.pid}/status")
        if not status.exists():
            return float("nan")
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1000

    def stop(self):
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)
        self.log.close()


def milliseconds(work):
    start = time.perf_counter()
    result = work()
    return (time.perf_counter() - start) * 1000, result


def measure(name, spec, language):
    with tempfile.TemporaryDirectory() as folder:
        kernel = Peer(name, spec, Path(folder))
        try:
            kernel.client.wait_for_ready(timeout=conftest.TIMEOUT)
            rows = {"kernel_info": (time.perf_counter() - kernel.started) * 1000}
            rows["first cell"], first = milliseconds(lambda: kernel.run("1 + 1"))
            assert first.status == "ok", first.reply
            later = [milliseconds(lambda: kernel.run(f"1 + {n}"))[0] for n in range(LATER_CELLS)]
            rows["later cell"] = statistics.median(later)
            setup, code = COMPLETE[language]
            kernel.run(setup)
            request = {"code": code, "cursor_pos": len(code)}
            times = [milliseconds(lambda: kernel.ask("complete_request", request))[0] for _ in range(LATER_CELLS)]
            rows["completion"] = statistics.median(times)
            rows["20,000 lines"] = rows["lines lost"] = float("nan")
            rows["memory, MB"] = kernel.megabytes()
            try:
                rows["20,000 lines"], printed = milliseconds(lambda: kernel.run(PRINT[language]))
                rows["lines lost"] = 20_000 - printed.stream().count("\n")
            except Empty:
                print(f"{name}: lost the end of 20,000 lines")
            return rows
        finally:
            kernel.stop()


def compare(rounds):
    peers = kernels()
    results = {name: [] for name in peers}
    for _ in range(rounds):
        for name, (spec, language) in peers.items():
            results[name].append(measure(name, spec, language))
    titles = list(results["gradbook"][0])
    print(f"{'':14}" + "".join(f"{name:>12}" for name in peers))
    for title in titles:
        medians = [statistics.median(each[title] for each in results[name]) for name in peers]
        print(f"{title:14}" + "".join(f"{value:12.1f}" for value in medians))


def interrupts(count):
    randomness = random.Random(count)
    spec = spec_of_gradbook()
    late, lost = [], []

    def start():
        folder = Path(tempfile.mkdtemp())
        kernel = Peer("gradbook", spec, folder)
        kernel.client.wait_for_ready(timeout=conftest.TIMEOUT)
        return kernel

    kernel = start()
    for at in range(count):
        kind = randomness.choice([*FOREVER])
        asked = [0.0]

        def wait():
            time.sleep(randomness.random() * 0.06)
            asked[0] = time.perf_counter()

        ended = []
        finish = kernel.finish
        kernel.finish = lambda msg_id: (result := finish(msg_id), ended.append(time.perf_counter()))[0]
        try:
            interrupt_once(kernel, FOREVER[kind], at, wait)
            late.append((min(end for end in ended if end > asked[0]) - asked[0]) * 1000)
        except Exception as error:  # noqa: BLE001: whatever it is, it counts as lost
            lost.append(kind)
            print(f"lost: {kind}: {type(error).__name__} {str(error)[:200]}", flush=True)
            kernel.stop()
            kernel = start()
        finally:
            kernel.__dict__.pop("finish", None)
    kernel.stop()
    late.sort()
    print(
        f"{count} interrupts over {len(FOREVER)} kinds: {count - len(lost)} whole; until the cell has ended "
        f"median {statistics.median(late):.0f} ms, 95 % {late[int(len(late) * 0.95)]:.0f} ms, worst {late[-1]:.0f} ms"
    )
    return 1 if lost else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--interrupts", type=int, metavar="N", help="interrupt N cells at random moments instead")
    options = parser.parse_args()
    os.environ.setdefault("IPYTHONDIR", tempfile.mkdtemp())
    sys.exit(interrupts(options.interrupts) if options.interrupts else compare(options.rounds))

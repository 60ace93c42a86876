"""How kernels start and end."""

import os
import select
import signal
import subprocess
import sys

import pytest
from conftest import ROOT, TIMEOUT, Kernel


def wait_for_exit(kernel):
    kernel.manager.provisioner.process.wait(timeout=TIMEOUT)


def test_shutdown_replies_and_ends(fresh_kernel):
    assert fresh_kernel.ask("shutdown_request", {"restart": False}, "control") == {"status": "ok", "restart": False}
    wait_for_exit(fresh_kernel)
    assert fresh_kernel.manager.provisioner.process.returncode == 0


def test_shutdown_of_a_busy_kernel(fresh_kernel):
    msg_id = fresh_kernel.send("console.log('started'); while (true) { try { while (true) {} } catch {} }")
    fresh_kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    assert fresh_kernel.ask("shutdown_request", {"restart": False}, "control")["status"] == "ok"
    wait_for_exit(fresh_kernel)


def test_what_v8_compiled_of_the_library_is_kept_for_the_next_kernel(kernel):
    kernel.run('import { getCompileCacheDir } from "node:module"; import { readdirSync } from "node:fs"')
    assert int(kernel.run("readdirSync(getCompileCacheDir() ?? '').length").text) > 100


def test_restart_forgets(fresh_kernel):
    fresh_kernel.run("let remembered = 1")
    fresh_kernel.manager.restart_kernel()
    fresh_kernel.client.stop_channels()
    fresh_kernel.client = fresh_kernel.connect()
    assert "Cannot find name 'remembered'" in fresh_kernel.run("remembered").reply["evalue"]


def restart_after_kill(kernel):
    kernel.manager.provisioner.process.kill()
    wait_for_exit(kernel)
    kernel.manager.start_kernel(cwd=kernel.cwd)
    kernel.client.stop_channels()
    kernel.client = kernel.connect()


def test_after_a_crash_the_next_kernel_says_so(fresh_kernel):
    msg_id = fresh_kernel.send("console.log('started');\nwhile (true) {}")
    fresh_kernel.until(msg_id, lambda m: m["msg_type"] == "stream")
    restart_after_kill(fresh_kernel)
    told = fresh_kernel.run("1").stream("stderr")
    assert "killed or crashed, while it ran cell 1 (console.log('started'); …)" in told
    assert fresh_kernel.run("2").stream("stderr") == ""
    restart_after_kill(fresh_kernel)
    assert "killed or crashed; this is a new one" in fresh_kernel.run("1").stream("stderr")


def test_a_cell_that_fills_the_memory_is_interrupted_and_told_what_to_do(kernelspec_dir, tmp_path):
    kernel = Kernel(kernelspec_dir, tmp_path, env={**os.environ, "NODE_OPTIONS": "--max-old-space-size=1000"})
    try:
        kernel.run("let kept = 41; let hoard: unknown[] = []")
        result = kernel.run("while (true) hoard.push(Array.from({ length: 1000 }, (_, n) => ({ n })))")
        assert result.reply["ename"] == "InterruptedError"
        assert "memory is nearly full" in result.stream("stderr")
        assert kernel.run("hoard = []; kept").text == "41"
        assert kernel.run("const half = Array.from({ length: 1e6 }, (_, n) => n + 0.5); half.length").text == "1000000"
    finally:
        kernel.stop()


def test_the_kernel_says_how_it_is_started():
    main = ROOT / "dist" / "kernel" / "main.js"
    ended = subprocess.run(["node", str(main)], capture_output=True, text=True, timeout=TIMEOUT)
    assert ended.returncode == 2
    assert "connection file" in ended.stderr


def test_cells_run_in_the_folder_of_the_notebook(fresh_kernel, tmp_path):
    assert fresh_kernel.run("process.cwd()").text == f"'{os.path.realpath(tmp_path)}'"


START_AND_WAIT = """
import sys
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager

manager = KernelManager(kernel_name="gradbook", kernel_spec_manager=KernelSpecManager(kernel_dirs=[sys.argv[1]]))
manager.start_kernel(cwd=sys.argv[2])
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=60)
client.execute(sys.argv[3])
while client.get_iopub_msg(timeout=60)["msg_type"] != "stream":
    pass
if "interrupted" in sys.argv[3]:
    manager.interrupt_kernel()
print("running", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize(
    "cell",
    [
        "console.log('idle')",
        "console.log('busy'); while (true) {}",
        # V8 cannot end this call: the interrupt is still under way when the kernel has to end.
        """import { pbkdf2Sync } from "node:crypto";
        console.log('interrupted'); pbkdf2Sync("a", "b", 100_000_000, 64, "sha512")""",
    ],
)
def test_a_kernel_ends_when_its_jupyter_is_killed(kernelspec_dir, tmp_path, cell):
    server = subprocess.Popen(
        [sys.executable, "-c", START_AND_WAIT, str(kernelspec_dir), str(tmp_path), cell],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        bufsize=0,
    )
    assert server.stdout.readline() == b"running\n"
    # Not reaped before the kernel has noticed: a killed parent may stay in the table of processes.
    os.kill(server.pid, signal.SIGKILL)
    # The kernel holds the other end of this pipe, too, for as long as it lives.
    assert select.select([server.stdout], [], [], TIMEOUT)[0], "the kernel lives on"
    assert server.stdout.read() == b""
    server.communicate()

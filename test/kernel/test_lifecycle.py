"""How kernels start and end."""

import os
import select
import signal
import subprocess
import sys

import pytest
from conftest import ROOT, TIMEOUT


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


def test_restart_forgets(fresh_kernel):
    fresh_kernel.run("let remembered = 1")
    fresh_kernel.manager.restart_kernel()
    fresh_kernel.client.stop_channels()
    fresh_kernel.client = fresh_kernel.connect()
    assert "Cannot find name 'remembered'" in fresh_kernel.run("remembered").reply["evalue"]


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
print("running", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("cell", ["console.log('idle')", "console.log('busy'); while (true) {}"])
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

"""How kernels start and end."""

import os
import subprocess

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

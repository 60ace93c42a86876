"""The compiler's process, as the kernel's clients meet it."""

import os
import select
import signal
import subprocess

from conftest import TIMEOUT

COMPILED_FOR_LONG = "\n".join(f"const squares{n} = [1, 2, 3].map((x) => ({{ x, square: x * x }}));" for n in range(500))


def compilers_of(kernel):
    """Process numbers and command lines of what the kernel has started."""
    listed = subprocess.run(["ps", "-A", "-o", "ppid=,pid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in listed.splitlines()]
    return [(int(pid), args) for ppid, pid, args in rows if int(ppid) == kernel.manager.provisioner.process.pid]


def test_the_compiler_starts_from_its_snapshot(kernel):
    kernel.run("1")
    [(_, command)] = compilers_of(kernel)
    assert "--snapshot-blob" in command


def test_a_compiler_that_was_killed_is_replaced_and_knows_earlier_cells(fresh_kernel):
    fresh_kernel.run("const answer = 42; interface Point { x: number }")
    [(pid, _)] = compilers_of(fresh_kernel)
    os.kill(pid, signal.SIGKILL)
    outcome = fresh_kernel.run("const point: Point = { x: answer }; point.x")
    # Whether it was asked before its end was noticed is chance.
    if outcome.status == "error":
        assert outcome.reply["ename"] == "CompilerError"
        outcome = fresh_kernel.run("const point: Point = { x: answer }; point.x")
    assert outcome.text == "42"
    assert "not assignable" in fresh_kernel.run("const wrong: string = answer").reply["evalue"]


def test_a_long_cell_reaches_the_compiler_whole(kernel):
    letters = "aé→𝒳" * 50_000
    assert kernel.run(f"const letters = '{letters}'; letters.length + letters.slice(-2)").text == "'250000𝒳'"


def test_control_is_answered_while_a_cell_is_compiled(fresh_kernel):
    fresh_kernel.run("1")
    msg_id = fresh_kernel.send(COMPILED_FOR_LONG + "\n'compiled'")
    fresh_kernel.until(msg_id, lambda m: m["msg_type"] == "execute_input")
    fresh_kernel.ask("kernel_info_request", {}, "control")
    # Its reply has not come: nothing waited for the compiler.
    assert not fresh_kernel.client.shell_channel.msg_ready()
    assert fresh_kernel.finish(msg_id).text == "'compiled'"


def test_the_compiler_ends_with_a_kernel_that_was_killed(fresh_kernel):
    fresh_kernel.run("1")
    [(pid, _)] = compilers_of(fresh_kernel)
    ended = os.pidfd_open(pid)
    fresh_kernel.manager.provisioner.process.kill()
    assert select.select([ended], [], [], TIMEOUT)[0], "the compiler outlives its kernel"

"""Jupyter's own conformance tests, every sample filled in."""

import jupyter_kernel_test
from conftest import TIMEOUT


class GradbookKernelTests(jupyter_kernel_test.KernelTests):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite waits 15 seconds for an answer; the first cell waits for the compiler, which a busy machine loads slowly.
        cls.kc.execute("1", reply=True, timeout=TIMEOUT)

    kernel_name = "gradbook"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("oops")'
    code_clear_output = "clearOutput()"
    code_generate_error = 'throw new Error("on purpose")'
    code_inspect_sample = "display"
    code_page_something = "train.fit?"
    code_history_pattern = "1 ? 2*"
    supported_history_operations = ("tail", "range", "search")

    completion_samples = [
        {"text": "conso", "matches": {"console"}},
        {"text": "[1].fil", "matches": {"fill", "filter"}},
        {"text": "Math.hypo", "matches": {"hypot"}},
    ]
    complete_code_samples = ["1", "console.log('hello')", "function f(x: number) {\n  return x * 2\n}"]
    incomplete_code_samples = ["function f() {", "console.log(`hello", "[1, 2,"]
    invalid_code_samples = ["const = 1", "function ( {}}}"]
    code_execute_result = [
        {"code": "1 + 2 + 3", "result": "6"},
        {"code": "[1, 2].map((n) => n * n)", "result": "[ 1, 4 ]"},
    ]
    code_display_data = [
        {"code": "display({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': '<b>bold</b>' }) }); undefined", "mime": "text/html"},
    ]


class GradbookWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "gradbook"
    support_iopub_welcome = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The suite takes the first message for the welcome: the kernel must have nothing else to say by then.
        earlier = cls.km.client()
        earlier.start_channels()
        earlier.wait_for_ready(timeout=TIMEOUT)
        earlier.stop_channels()


# Theirs, of Python's kernel.
del jupyter_kernel_test.KernelTests, jupyter_kernel_test.IopubWelcomeTests

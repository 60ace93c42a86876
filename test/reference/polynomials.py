"""The coefficients of src/backend/wasm/assembly/math.ts: minimax fits by Remez exchange in 60-digit arithmetic.

    pip install mpmath==1.4.1 && python polynomials.py

Each function is written so that the polynomial only supplies a small correction to an exact leading term.
"""
import struct
from mpmath import mp, mpf, matrix, lu_solve, exp, log, tanh, cos, pi, sqrt

mp.dps = 60


def remez(f, low, high, degree, weight):
    """Coefficients of the polynomial that minimises max |weight(x) (p(x) - f(x))| on [low, high]."""
    n = degree + 2
    nodes = [(low + high) / 2 + (high - low) / 2 * cos(pi * (n - 1 - i) / (n - 1)) for i in range(n)]
    for _ in range(30):
        system = matrix(n, n)
        right = matrix(n, 1)
        for i, x in enumerate(nodes):
            for j in range(degree + 1):
                system[i, j] = x**j
            system[i, degree + 1] = (-1) ** i / weight(x)
            right[i] = f(x)
        solution = lu_solve(system, right)
        coefficients = [solution[j] for j in range(degree + 1)]
        error = lambda x: weight(x) * (sum(c * x**j for j, c in enumerate(coefficients)) - f(x))
        grid = [low + (high - low) * mpf(i) / 2000 for i in range(2001)]
        values = [error(x) for x in grid]
        extrema = [i for i in range(2001) if (i == 0 or abs(values[i]) >= abs(values[i - 1])) and (i == 2000 or abs(values[i]) >= abs(values[i + 1]))]
        alternating = []
        for i in extrema:
            if alternating and (values[i] > 0) == (values[alternating[-1]] > 0):
                if abs(values[i]) > abs(values[alternating[-1]]):
                    alternating[-1] = i
            else:
                alternating.append(i)
        if len(alternating) < n:
            break
        while len(alternating) > n:
            alternating.pop(0 if abs(values[alternating[0]]) < abs(values[alternating[-1]]) else -1)
        nodes = [grid[i] for i in alternating]
    return coefficients, max(abs(v) for v in values)


def show(name, coefficients, error):
    single = [struct.unpack("f", struct.pack("f", float(c)))[0] for c in coefficients]
    print(f"{name}  (max error {mp.nstr(error, 3)})")
    for c in single:
        print(f"    {c:.9g}")


half_ln2 = log(mpf(2)) / 2 * mpf("1.01")
# e^r = 1 + r + r^2 p(r)
f = lambda r: (exp(r) - 1 - r) / r**2 if abs(r) > mpf("1e-20") else mpf(1) / 2
show("exp: (e^r - 1 - r)/r^2, |r| <= ln2/2", *remez(f, -half_ln2, half_ln2, 5, lambda r: r**2 + mpf("1e-6")))
# ln(1+f) = f - f^2/2 + f^3 p(f)
g = lambda x: (log(1 + x) - x + x**2 / 2) / x**3 if abs(x) > mpf("1e-15") else mpf(1) / 3
show("log: (ln(1+f) - f + f^2/2)/f^3, sqrt(1/2) <= 1+f <= sqrt(2)", *remez(g, sqrt(mpf(1) / 2) - 1, sqrt(mpf(2)) - 1, 8, lambda x: abs(x**3 / log(1 + x)) if abs(x) > mpf("1e-15") else mpf("1e-30")))
# tanh x = x + x^3 p(x^2)
h = lambda z: (tanh(sqrt(z)) - sqrt(z)) / sqrt(z) ** 3 if z > mpf("1e-20") else -mpf(1) / 3
show("tanh: (tanh x - x)/x^3 in x^2, |x| <= 0.625", *remez(h, mpf("1e-12"), mpf("0.390625"), 4, lambda z: z * sqrt(z) / tanh(sqrt(z))))

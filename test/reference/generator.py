"""Golden values for src/random, recomputed from the published definitions with Python's own integers.

xoshiro128** 1.1: Blackman & Vigna 2021, https://prng.di.unimi.it/xoshiro128starstar.c
SplitMix32:       Steele, Lea & Flood 2014, with the finalizer of MurmurHash3

Run: python3 test/reference/generator.py   (standard library only) writes generator.json beside itself.
"""

import json
import math
import pathlib
import platform

MASK = 0xFFFFFFFF


def rotl(x, k):
    return ((x << k) | (x >> (32 - k))) & MASK


def splitmix32(seed):
    z = seed
    while True:
        z = (z + 0x9E3779B9) & MASK
        x = z
        x = ((x ^ (x >> 16)) * 0x85EBCA6B) & MASK
        x = ((x ^ (x >> 13)) * 0xC2B2AE35) & MASK
        yield x ^ (x >> 16)


class Xoshiro128StarStar:
    def __init__(self, words):
        self.s = list(words)
        self.spare = None

    @classmethod
    def seeded(cls, seed):
        stream = splitmix32(seed)
        return cls([next(stream) for _ in range(4)])

    def bits(self):
        s = self.s
        result = (rotl((s[1] * 5) & MASK, 7) * 9) & MASK
        t = (s[1] << 9) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
        return result

    def uniform(self):
        high, low = self.bits() >> 5, self.bits() >> 6
        return (high * 2**26 + low) / 2**53

    def normal(self):
        if self.spare is not None:
            value, self.spare = self.spare, None
            return value
        while True:
            u, v = 2 * self.uniform() - 1, 2 * self.uniform() - 1
            s = u * u + v * v
            if 0 < s < 1:
                break
        scale = math.sqrt(-2 * math.log(s) / s)
        self.spare = v * scale
        return u * scale

    def integer(self, n):
        while True:
            word = self.bits()
            if word >= 2**32 % n:
                return word % n

    def permutation(self, n):
        items = list(range(n))
        for last in range(n - 1, 0, -1):
            chosen = self.integer(last + 1)
            items[last], items[chosen] = items[chosen], items[last]
        return items


def take(count, draw):
    return [draw() for _ in range(count)]


def main():
    by_seed = []
    for seed in (0, 1, 42, 4294967295):
        stream = splitmix32(seed)
        by_seed.append(
            {
                "seed": seed,
                "splitmix32": take(6, lambda: next(stream)),
                "bits": take(12, Xoshiro128StarStar.seeded(seed).bits),
                "uniform": take(8, Xoshiro128StarStar.seeded(seed).uniform),
                "normal": take(12, Xoshiro128StarStar.seeded(seed).normal),
                "integer3000000000": take(12, lambda g=Xoshiro128StarStar.seeded(seed): g.integer(3_000_000_000)),
                "permutation10": Xoshiro128StarStar.seeded(seed).permutation(10),
            }
        )
    golden = {
        "python": platform.python_version(),
        "stateOneToFour": take(10, Xoshiro128StarStar([1, 2, 3, 4]).bits),
        "bySeed": by_seed,
    }
    path = pathlib.Path(__file__).with_name("generator.json")
    path.write_text(json.dumps(golden, indent=2) + "\n")


main()

"""Writes the second column of a table as a NumPy array of 64-bit integers."""

import struct
import sys

source, target = sys.argv[1:3]
with open(source) as f:
    numbers = [int(line.split("\t")[1]) for line in f]
header = f"{{'descr': '<i8', 'fortran_order': False, 'shape': ({len(numbers)},), }}"
header = header.ljust(117) + "\n"
with open(target, "wb") as f:
    f.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + struct.pack(f"<{len(numbers)}q", *numbers))
print(f"convert: {len(numbers)} numbers", flush=True)

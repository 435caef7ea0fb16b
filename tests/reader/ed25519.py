"""Ed25519 with the signature rule of docs/format.md, section 2, in plain integers.

Points are extended coordinates (X, Y, Z, T); tables hold (y+x, y-x, 2dxy) of affine points.
"""
import hashlib

from cbor import Refused

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
D2 = 2 * D % P
ROOT = pow(2, (P - 1) // 4, P)
NEUTRAL = (0, 1, 1, 0)


def add(a, b):
    x1, y1, z1, t1 = a
    x2, y2, z2, t2 = b
    p = (y1 - x1) * (y2 - x2) % P
    q = (y1 + x1) * (y2 + x2) % P
    r = t1 * D2 % P * t2 % P
    s = 2 * z1 * z2 % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def add_table(a, b):
    """a plus a table entry (y+x, y-x, 2dxy)."""
    x1, y1, z1, t1 = a
    plus, minus, t2 = b
    p = (y1 - x1) * minus % P
    q = (y1 + x1) * plus % P
    r = t1 * t2 % P
    s = 2 * z1
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def double(a):
    x1, y1, z1, _ = a
    p = x1 * x1 % P
    q = y1 * y1 % P
    r = 2 * z1 * z1 % P
    h = p + q
    e = h - (x1 + y1) * (x1 + y1) % P
    g = p - q
    f = r + g
    return e * f % P, g * h % P, f * g % P, e * h % P


def encode_point(a):
    inverse = pow(a[2], -1, P)
    x, y = a[0] * inverse % P, a[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def decode_point(raw):
    """The point of a canonical encoding, or None."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & (2**255 - 1)
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    v3 = v * v % P * v % P
    x = u * v3 % P * pow(u * v3 % P * v3 % P * v % P, (P - 5) // 8, P) % P
    if (v * x * x - u) % P:
        x = x * ROOT % P
        if (v * x * x - u) % P:
            return None
    if x == 0 and sign:
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def is_small(a):
    """Whether eight times the point is the neutral one."""
    x, y, z, _ = double(double(double(a)))
    return x == 0 and (y - z) % P == 0


def find_small():
    """The y coordinates of the points of small order."""
    found = {0, 1, P - 1}
    for y in range(2, 1000):
        point = decode_point(y.to_bytes(32, "little"))
        if point is None:
            continue
        z = multiply(NEUTRAL, make_table(point, KEY_BITS), KEY_BITS, L)
        found.update((z[1] * pow(z[2], -1, P) % P, -z[1] * pow(z[2], -1, P) % P))
        if len(found) == 5:
            return found
    raise ValueError("no point of order eight found")


def is_small_encoding(raw):
    """Whether 32 bytes encode a point of small order, canonically or not."""
    if None not in small:
        small[None] = find_small()
    return (int.from_bytes(raw, "little") & (2**255 - 1)) % P in small[None]


def make_table(point, bits):
    """Rows of multiples: row i holds j * 2^(bits*i) * point for j of 1 .. 2^bits - 1."""
    points = []
    base = point
    for _ in range(-(-256 // bits)):
        row = [base]
        for _ in range((1 << bits) - 2):
            row.append(add(row[-1], base))
        points.append(row)
        base = add(row[-1], base)
    return normalise(points)


def normalise(rows):
    """Makes points affine, with one inversion for all of them."""
    flat = [point for row in rows for point in row]
    products = [1]
    for point in flat:
        products.append(products[-1] * point[2] % P)
    inverse = pow(products[-1], -1, P)
    entries = [None] * len(flat)
    for i in range(len(flat) - 1, -1, -1):
        z = inverse * products[i] % P
        inverse = inverse * flat[i][2] % P
        x, y = flat[i][0] * z % P, flat[i][1] * z % P
        entries[i] = ((y + x) % P, (y - x) % P, D2 * x * y % P)
    width = len(rows[0])
    return [entries[i : i + width] for i in range(0, len(entries), width)]


def multiply(total, table, bits, scalar):
    """total plus scalar times the table's point."""
    mask = (1 << bits) - 1
    for row in table:
        digit = scalar & mask
        if digit:
            total = add_table(total, row[digit - 1])
        scalar >>= bits
    return total


BASE_BITS, KEY_BITS = 8, 4
BASE = decode_point((4 * pow(5, -1, P) % P).to_bytes(32, "little"))
tables = {}
small = {}


def base_table():
    if None not in tables:
        tables[None] = make_table(BASE, BASE_BITS)
    return tables[None]


def is_key(raw):
    """Whether 32 bytes are a key: the canonical encoding of a point that is not of small order."""
    point = decode_point(raw)
    return point is not None and not is_small(point)


def key_table(key):
    """The table of the negative of a public key."""
    if key not in tables:
        point = decode_point(key)
        if point is None or is_small(point):
            raise Refused("sig-key")
        tables[key] = make_table((-point[0] % P, point[1], 1, -point[3] % P), KEY_BITS)
    return tables[key]


def verify(key, message, signature):
    """Refuses a signature by the first part of the rule that it breaks."""
    first, s = signature[:32], int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        raise Refused("sig-s")
    table = key_table(key)
    if is_small_encoding(first):
        raise Refused("sig-r")
    k = int.from_bytes(hashlib.sha512(first + key + message).digest(), "little") % L
    total = multiply(NEUTRAL, base_table(), BASE_BITS, s)
    total = multiply(total, table, KEY_BITS, k)
    if encode_point(total) != first:
        raise Refused("sig-wrong")


def secret_scalar(seed):
    digest = hashlib.sha512(seed).digest()
    number = int.from_bytes(digest[:32], "little")
    return number & (2**254 - 8) | 2**254, digest[32:]


def public_key(seed):
    return encode_point(multiply(NEUTRAL, base_table(), BASE_BITS, secret_scalar(seed)[0]))


def sign(seed, message):
    """For the tests' own tallies."""
    scalar, prefix = secret_scalar(seed)
    key = public_key(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % L
    first = encode_point(multiply(NEUTRAL, base_table(), BASE_BITS, r))
    k = int.from_bytes(hashlib.sha512(first + key + message).digest(), "little") % L
    return first + ((r + k * scalar) % L).to_bytes(32, "little")

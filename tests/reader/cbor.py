"""CBOR as section 1 of docs/format.md narrows it: one reader with named reasons, one writer."""

TOO_LONG = 65536
DEPTH = 8
INT_MAX = 2**63 - 1


class Refused(Exception):
    """The input is refused; the argument is the reason's name."""

    @property
    def reason(self):
        return self.args[0]


def check_text(raw):
    """The text in raw; refuses at the first byte that breaks UTF-8 or holds a control."""
    at = 0
    size = len(raw)
    while at < size:
        lead = raw[at]
        if lead < 0x80:
            if lead == 0x7F or (lead < 0x20 and lead != 0x0A):
                raise Refused("control")
            at += 1
            continue
        width, low, high = utf8_shape(lead)
        if width == 0:
            raise Refused("utf8")
        for step in range(1, width):
            if at + step >= size:
                raise Refused("utf8")
            if not low <= raw[at + step] <= high:
                raise Refused("utf8")
            low, high = 0x80, 0xBF
        if lead == 0xC2 and raw[at + 1] < 0xA0:
            raise Refused("control")
        at += width
    return raw.decode("utf-8")


def utf8_shape(lead):
    """Bytes of a sequence with this first byte, and the range of its second byte."""
    if 0xC2 <= lead <= 0xDF:
        return 2, 0x80, 0xBF
    if lead == 0xE0:
        return 3, 0xA0, 0xBF
    if lead == 0xED:
        return 3, 0x80, 0x9F
    if 0xE1 <= lead <= 0xEF:
        return 3, 0x80, 0xBF
    if lead == 0xF0:
        return 4, 0x90, 0xBF
    if 0xF1 <= lead <= 0xF3:
        return 4, 0x80, 0xBF
    if lead == 0xF4:
        return 4, 0x80, 0x8F
    return 0, 0, 0


def head(raw, at):
    """Major type, argument and the offset after the head. For major 7 the argument is the value's number."""
    if at >= len(raw):
        raise Refused("truncated")
    major, info = raw[at] >> 5, raw[at] & 31
    if major == 6 and info < 28:
        raise Refused("tag")
    if major == 7 and info in (25, 26, 27):
        raise Refused("float")
    if 28 <= info <= 30 or (info == 31 and major in (0, 1, 6, 7)):
        raise Refused("reserved")
    if info == 31:
        raise Refused("indefinite")
    if major == 7:
        if info not in (20, 21, 22):
            raise Refused("simple")
        return major, info, at + 1
    if info < 24:
        return major, info, at + 1
    width = 1 << (info - 24)
    end = at + 1 + width
    if end > len(raw):
        raise Refused("truncated")
    value = int.from_bytes(raw[at + 1 : end], "big")
    if value < (24 if width == 1 else 1 << (4 * width)):
        raise Refused("not-shortest")
    return major, value, end


SIMPLE = {20: False, 21: True, 22: None}


class Frame:
    """An array or map that is being read."""

    __slots__ = ("is_map", "left", "value", "key", "key_bytes", "wants_key")

    def __init__(self, is_map, count):
        self.is_map = is_map
        self.left = count
        self.value = {} if is_map else []
        self.key = None
        self.key_bytes = None
        self.wants_key = is_map


def scalar(raw, major, argument, at):
    """The value of a scalar whose head has been read, and the offset after it."""
    if major <= 1:
        if argument > INT_MAX:
            raise Refused("range")
        return (argument if major == 0 else -1 - argument), at
    if major <= 3:
        if argument > len(raw) - at:
            raise Refused("truncated")
        end = at + argument
        return (bytes(raw[at:end]) if major == 2 else check_text(raw[at:end])), end
    return SIMPLE[argument], at


def take_key(frame, raw, start, major, argument, at):
    """Reads one map key into the frame; gives the offset after it."""
    if major not in (0, 3):
        raise Refused("key-type")
    key, at = scalar(raw, major, argument, at)
    encoded = bytes(raw[start:at])
    if frame.key_bytes is not None and encoded <= frame.key_bytes:
        raise Refused("key-twice" if encoded == frame.key_bytes else "key-order")
    frame.key, frame.key_bytes, frame.wants_key = key, encoded, False
    return at


def put(stack, value):
    """Puts a finished value where it belongs; closes what is full. Gives (done, value)."""
    while stack:
        frame = stack[-1]
        if frame.is_map:
            frame.value[frame.key] = value
            frame.wants_key = True
        else:
            frame.value.append(value)
        frame.left -= 1
        if frame.left:
            return False, None
        stack.pop()
        value = frame.value
    return True, value


def read_item(raw, at=0, depth=DEPTH):
    """One item of raw from an offset on: its value and the offset after it."""
    stack = []
    while True:
        start = at
        major, argument, at = head(raw, at)
        if stack and stack[-1].wants_key:
            at = take_key(stack[-1], raw, start, major, argument, at)
            continue
        if major in (4, 5):
            if len(stack) == depth:
                raise Refused("depth")
            if argument:
                stack.append(Frame(major == 5, argument))
                continue
            value = {} if major == 5 else []
        else:
            value, at = scalar(raw, major, argument, at)
        done, value = put(stack, value)
        if done:
            return value, at


def decode(raw, limit=TOO_LONG):
    """The value of bytes that hold exactly one item."""
    if limit is not None and len(raw) > limit:
        raise Refused("too-long")
    value, end = read_item(raw)
    if end != len(raw):
        raise Refused("trailing")
    return value


def encode_head(major, argument):
    if argument < 24:
        return bytes([major << 5 | argument])
    for info, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if argument < 1 << (8 * width):
            return bytes([major << 5 | info]) + argument.to_bytes(width, "big")
    raise ValueError("argument too large")


def encode_scalar(value):
    if value is None:
        return b"\xf6"
    if isinstance(value, bool):
        return b"\xf5" if value else b"\xf4"
    if isinstance(value, int):
        return encode_head(0, value) if value >= 0 else encode_head(1, -1 - value)
    if isinstance(value, bytes):
        return encode_head(2, len(value)) + value
    if isinstance(value, str):
        raw = value.encode("utf-8")
        return encode_head(3, len(raw)) + raw
    raise ValueError("no encoding for %r" % type(value))


def encode(value):
    """The deterministic encoding of a value. Works with a stack, so depth is no matter."""
    out = []
    todo = [value]
    while todo:
        item = todo.pop()
        if isinstance(item, (list, tuple)):
            out.append(encode_head(4, len(item)))
            todo.extend(reversed(item))
        elif isinstance(item, dict):
            out.append(encode_head(5, len(item)))
            pairs = sorted(((encode_scalar(k), k) for k in item), key=lambda pair: pair[0], reverse=True)
            for _, key in pairs:
                todo.append(item[key])
                todo.append(key)
        else:
            out.append(encode_scalar(item))
    return b"".join(out)

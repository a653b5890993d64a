"""Reads a SCIP index: who refers to what. The format is protobuf's; of its messages
only what is needed here is read, by number of field, as scip.proto has them.
"""
DEFINITION = 1


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7f) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def fields(data):
    """Number and value of each field of a message: a number, or the bytes."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        kind = tag & 7
        if kind == 0:
            value, at = varint(data, at)
        elif kind == 2:
            length, at = varint(data, at)
            value = data[at:at + length]
            at += length
        elif kind in (1, 5):
            length = 8 if kind == 1 else 4
            value = data[at:at + length]
            at += length
        else:
            raise ValueError(f'not a SCIP index: field of kind {kind}')
        yield tag >> 3, value


def numbers(data):
    at = 0
    while at < len(data):
        value, at = varint(data, at)
        yield value


def occurrence(data):
    """Line and column, from 0, the symbol, and whether this is its definition."""
    start, symbol, roles = None, '', 0
    for number, value in fields(data):
        if number == 1:
            start = tuple(numbers(value))[:2]
        elif number == 2:
            symbol = value.decode()
        elif number == 3:
            roles = value
    return start, symbol, bool(roles & DEFINITION)


def read(path):
    """References as {file: {(line, column): symbols}}, and where symbols are defined, as
    {symbol: {(file, line, column)}}. What is local to a file has the file before it.
    """
    references, definitions = {}, {}
    with open(path, 'rb') as file:
        index = file.read()
    for number, document in fields(index):
        if number != 2:
            continue
        parts = list(fields(document))
        name = next(value for number, value in parts if number == 1).decode()
        here = references.setdefault(name, {})
        for number, part in parts:
            if number != 2:
                continue
            start, symbol, is_definition = occurrence(part)
            if symbol.startswith('local '):
                symbol = f'{name} {symbol}'
            if is_definition:
                definitions.setdefault(symbol, set()).add((name, *start))
            else:
                here.setdefault(start, set()).add(symbol)
    return references, definitions

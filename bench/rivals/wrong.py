"""A rival with a fault, for the part selftest: all its counts are right.

Called with a fault as last argument: none, and its answers are right; node, and one
node is another's; depth, and one distance is one more; twice, and one node is there
twice, in place of another. Where it cannot be wrong in its way it is right.
"""
import sys
from collections import deque

from rival import converse, read_edges, say

FAULT = sys.argv[5]


def search(rows, question):
    distance = {question.start: 0}
    queue = deque([question.start])
    while queue:
        node = queue.popleft()
        if distance[node] == question.hops:
            continue
        for other in rows[node]:
            if other not in distance:
                distance[other] = distance[node] + 1
                queue.append(other)
    del distance[question.start]
    return distance


def spoil(found, start):
    """Of a list of pairs, with the fault."""
    if found and FAULT == 'node':
        found[-1] = (start, found[-1][1])
    elif found and FAULT == 'depth':
        found[-1] = (found[-1][0], found[-1][1] + 1)
    elif len(found) > 1 and FAULT == 'twice':
        found[-1] = found[0]
    return found


def load(setup):
    out, into = [[] for _ in range(setup.nodes)], [[] for _ in range(setup.nodes)]
    for a, b in read_edges(setup.edges):
        out[a].append(b)
        into[b].append(a)
    say('version', '1')

    def ask(question):
        found = search(into if question.inward else out, question)
        return spoil(list(found.items()), question.start) if question.rows else len(found)

    return ask


converse(load)

"""The conversation of rival.c for rivals in Python.

converse(load): load(setup) loads the graph, says version, settings and queries
with say(), and gives a function that answers a question with the number of nodes
reached or, where question.rows, with the nodes: a list of them, a dictionary from
them to distances, or a list of such pairs; with None if it cannot.
"""
import sys
import time
from types import SimpleNamespace


def say(what, *fields):
    print(what, *(' '.join(str(field).split()) for field in fields), sep='\t', flush=True)


def read_edges(path):
    with open(path, encoding='ascii') as file:
        for line in file:
            a, b = line.split('\t')
            yield int(a), int(b)


def write(found, path):
    """An answer to be compared: see rival.c."""
    with open(path, 'w', encoding='ascii') as file:
        for row in found.items() if isinstance(found, dict) else found:
            file.write('{}\t{}\n'.format(*row) if isinstance(row, tuple) else f'{row}\n')


def answer(ask, folder, line):
    direction, hops, mode, start, levels, warm, runs, budget = line.rstrip('\n').split('\t')
    question = SimpleNamespace(inward=direction == 'in', rows=mode != 'count', hops=int(hops),
                               levels=int(levels), start=int(start))
    runs = int(runs)
    budget = float(budget) / 1000
    times = []
    found = None
    begun = time.perf_counter()
    if warm == '1':
        found = ask(question)
        if time.perf_counter() - begun > budget:
            times.append(time.perf_counter() - begun)
            runs = 1
    while len(times) < runs and (not times or time.perf_counter() - begun < budget):
        since = time.perf_counter()
        found = ask(question)
        times.append(time.perf_counter() - since)
    if found is None:
        say('cannot')
    else:
        if mode == 'set':
            write(found, f'{folder}/answer')
        say('answer', len(found) if question.rows else found, -1, -1, *(f'{t * 1e6:.1f}' for t in times))


def converse(load):
    graph, edges, nodes, folder = sys.argv[1:5]
    begun = time.perf_counter()
    ask = load(SimpleNamespace(graph=graph, edges=edges, nodes=int(nodes), folder=folder))
    say('loaded', f'{time.perf_counter() - begun:.3f}')
    say('ready')
    for line in sys.stdin:
        try:
            answer(ask, folder, line)
        except Exception as error:      # the conversation goes on
            say('error', error)

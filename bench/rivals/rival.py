"""The conversation of rival.c for rivals in Python.

converse(load): load(setup) loads the graph, says version, settings and queries
with say(), and gives a function that answers a question with the number of nodes
reached, or None if it cannot.
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


def answer(ask, line):
    direction, hops, mode, start, levels, warm, runs, budget = line.rstrip('\n').split('\t')
    question = SimpleNamespace(inward=direction == 'in', rows=mode == 'rows', hops=int(hops),
                               levels=int(levels), start=int(start))
    runs = int(runs)
    budget = float(budget) / 1000
    times = []
    count = None
    begun = time.perf_counter()
    if warm == '1':
        count = ask(question)
        if time.perf_counter() - begun > budget:
            times.append(time.perf_counter() - begun)
            runs = 1
    while len(times) < runs and (not times or time.perf_counter() - begun < budget):
        since = time.perf_counter()
        count = ask(question)
        times.append(time.perf_counter() - since)
    if count is None:
        say('cannot')
    else:
        say('answer', count, -1, -1, *(f'{t * 1e6:.1f}' for t in times))


def converse(load):
    graph, edges, nodes, folder = sys.argv[1:5]
    begun = time.perf_counter()
    ask = load(SimpleNamespace(graph=graph, edges=edges, nodes=int(nodes), folder=folder))
    say('loaded', f'{time.perf_counter() - begun:.3f}')
    say('ready')
    for line in sys.stdin:
        try:
            answer(ask, line)
        except Exception as error:      # the conversation goes on
            say('error', error)

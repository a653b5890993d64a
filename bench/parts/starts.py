"""Reading from many starts: percentiles of single questions, each asked once of a
warm session, for hops in and out, counted and with rows."""
import time

from harness import (NOT_READ, RIVALS, Failure, Question, Results, Rival, choose, graphs, note, percentile, progress,
                     seeded)

STARTS = choose(100, 1000)
SECONDS = choose(0.4, 6)           # for one rival, graph and kind of question
NAMES = [name for name in ('parseltongue', 'csr', 'cte', 'sqlite') if name in RIVALS]
BOUNDS = choose((2, 5), (1, 2, 3, 5, -1))
GRAPHS = ('code_10k', 'code_100k', 'code_1m', 'kernel', 'debian')


def kinds():
    for hops in BOUNDS:
        for direction in ('in', 'out'):
            yield direction, hops, 'count'
    yield 'in', 2, 'rows'
    yield 'in', choose(5, 3), 'rows'


def measure(rival, direction, hops, mode, nodes):
    """Counts and times, in order of the starts; as many as the time allows."""
    until = time.monotonic() + SECONDS
    rival.ask(Question(nodes[0], 'any', direction, hops, mode), 300, warm=0, runs=1)
    counts, times = [], []
    for node in nodes:
        count, _, _, (took,) = rival.ask(Question(node, 'any', direction, hops, mode), 300, warm=0, runs=1)
        counts.append(count)
        times.append(took)
        if time.monotonic() > until and len(times) >= 5:
            break
    return counts, times


def main():
    results = Results('starts', 'graph', 'rival', 'direction', 'hops', 'mode', 'starts', 'rows_p50', 'p50_us',
                      'p95_us', 'p99_us', 'max_us')
    for graph in graphs():
        if graph.name not in GRAPHS or graph.name in NOT_READ:
            continue
        out, into = graph.degrees()
        nodes = seeded().sample([n for n in range(graph.nodes) if out[n] or into[n]], STARTS)
        for name in NAMES:
            try:
                rival = Rival(name, graph)
                for direction, hops, mode in kinds():
                    counts, times = measure(rival, direction, hops, mode, nodes)
                    results.put(graph.name, name, direction, 'all' if hops < 0 else hops, mode, len(times),
                                percentile(counts, 50),
                                *(f'{value:.1f}' for value in (*(percentile(times, p) for p in (50, 95, 99)),
                                                               max(times))))
                rival.close()
            except (Failure, OSError) as failure:
                note(f'{graph.name} {name}: {failure}')
        progress(graph.name)


main()

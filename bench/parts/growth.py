"""How cost grows: time against the edges a walk looks at, on one graph, and time
of bounded walks against the size of the graph. The plain C search counts the
edges."""
from harness import (GROWTH, LARGEST, Question, Results, Rival, choose, graph, median, percentile, progress, seeded)

STARTS = choose(40, 150)
EVERYTHING = choose(3, 6)
SAME_WORK = choose(60, 300)


def pairs(limit, walker, question, runs):
    """Edges looked at, nodes reached, microseconds of the C search and ours."""
    count, touched, _, times = limit.ask(question, 300, runs=runs)
    ours, _, _, our_times = walker.ask(question, 300, runs=runs)
    assert count == ours, (question.start, count, ours)
    return touched, count, median(times), median(our_times)


def both(on):
    """The two, the image in place."""
    limit, walker = Rival('csr', on), Rival('parseltongue', on)
    walker.ask(Question(0, 'any', 'out', 1), 300)
    return limit, walker


def touched_work(results):
    on = graph(LARGEST)
    limit, walker = both(on)
    random = seeded()
    for hops in (1, 2, 3, 4, 5, 6, 7, 8, -1):
        for _ in range(EVERYTHING if hops < 0 else STARTS // 6):
            for direction in ('in', 'out'):
                question = Question(random.randrange(on.nodes), 'any', direction, hops)
                touched, count, c_us, our_us = pairs(limit, walker, question, 5)
                results.put(LARGEST, direction, 'all' if hops < 0 else hops, touched, count, f'{c_us:.2f}',
                            f'{our_us:.2f}')
    limit.close()
    walker.close()


def graph_size(results):
    """The median of 2-hop and 3-hop questions out of random nodes: the work is the
    same on average whatever the size."""
    for name in GROWTH:
        on = graph(name)
        limit, walker = both(on)
        random = seeded()
        for hops in (2, 3):
            taken = [pairs(limit, walker, Question(random.randrange(on.nodes), 'any', 'out', hops), 3)
                     for _ in range(SAME_WORK)]
            results.put(name, on.nodes, on.edges, hops, median(t[0] for t in taken),
                        f'{median(t[2] for t in taken):.2f}', f'{median(t[3] for t in taken):.2f}',
                        f'{percentile([t[3] for t in taken], 95):.2f}')
        limit.close()
        walker.close()
        progress(name)


def main():
    touched_work(Results('growth_work', 'graph', 'direction', 'hops', 'touched', 'count', 'csr_us', 'parseltongue_us'))
    graph_size(Results('growth_size', 'graph', 'nodes', 'edges', 'hops', 'touched', 'csr_us', 'parseltongue_us',
                       'parseltongue_p95_us'))


main()

"""Traversed edges per second, as Graph500 counts them: whole walks of a Kronecker
graph, whose edges are followed either way, from random nodes that have an edge, by
parseltongue (counting only) and the two limits, in turns. The edges of a walk are
those of the component, each once however often the list has it: the plain C search
looks at each from both ends. The first walks are compared as sets.
"""
from answers import ask_for_set
from harness import TEPS, Question, Results, Rival, choose, graph, median, progress, seeded

STARTS = choose(16, 64)
RUNS = 3                    # of each walk; the median counts
COMPARED = 2
NAMES = ('parseltongue', 'csr', 'dobfs')


def starts_of(on):
    out, into = on.degrees()
    return seeded().sample([node for node in range(on.nodes) if out[node] or into[node]], STARTS)


def compare(on, rivals, question):
    expected = ask_for_set(rivals['csr'], question, 300)
    for name, rival in rivals.items():
        difference = ask_for_set(rival, question, 300).differs_from(expected)
        if difference:
            raise RuntimeError(f'{on.name} from {question.start}: {name}: {difference}')


def walk(results, on, rivals, start):
    question = Question(start, 'any', 'both', -1)
    taken = {name: rival.ask(question, 300, warm=0, runs=RUNS, budget=60_000) for name, rival in rivals.items()}
    count, touched, _, _ = taken['csr']
    for name, (own, _, _, times) in taken.items():
        if own != count:
            raise RuntimeError(f'{on.name} from {start}: {name} counts {own}, not {count}')
        results.put(on.name, start, count, touched // 2, name, f'{median(times):.1f}')


def main():
    results = Results('teps', 'graph', 'start', 'nodes', 'edges', 'rival', 'us')
    on = graph(TEPS)
    starts = starts_of(on)
    rivals = {name: Rival(name, on) for name in NAMES}
    for start in starts[:COMPARED]:
        compare(on, rivals, Question(start, 'any', 'both', -1))
    for start in starts:
        walk(results, on, rivals, start)
    for rival in rivals.values():
        rival.close()
    progress(f'{on.name}, {STARTS} walks')


main()

"""Whether a wrong answer would be seen: the part reading, on two graphs, with rivals
whose counts are right and whose nodes or distances are not (rivals/wrong.py)."""
from harness import WRONG, Results, graph, progress, read_results
from reading import Table

GRAPHS = ('band_10k', 'code_10k')
NAMES = ('csr', 'dobfs', *WRONG)


def main():
    table = Table(NAMES, 'selftest_', rounds=1)
    for name in GRAPHS:
        table.play(graph(name))
    asked, seen = {name: set() for name in NAMES}, {name: set() for name in NAMES}
    for row in read_results('selftest_sets'):
        asked[row['rival']].add((row['graph'], row['direction'], row['hops'], row['start']))
    for row in read_results('selftest_mismatches'):
        mode, direction, hops, _, start = row['question'].split()
        seen[row['rival']].add((row['graph'], direction, hops, start))
    results = Results('selftest', 'rival', 'answers', 'seen', 'should_be_seen')
    for name in NAMES:
        expected = asked[name] if name in WRONG and name != 'wrong-none' else set()
        results.put(name, len(asked[name]), len(seen[name]), len(expected))
        if seen[name] != expected or not asked[name]:
            raise RuntimeError(f'{name}: of {len(asked[name])} answers {len(seen[name])} were found wrong, '
                               f'not {len(expected)}: {sorted(seen[name] ^ expected)[:3]}')
    if not all(row['question'].startswith('set ') for row in read_results('selftest_mismatches')):
        raise RuntimeError('a count was taken for wrong')
    progress('every wrong answer was seen, and no other')


main()

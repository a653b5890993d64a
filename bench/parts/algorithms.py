"""Algorithms over the whole graph, each beside a plain C program on arrays that
are there already, the SQL that people write for it, and two libraries; all asked
in turns. parseltongue's time has everything in it: finding the visible edges,
projecting them, computing, and its rows, which are counted, not sent.
"""
import subprocess

from harness import (ALGORITHMS, BENCH, CODE, LARGEST, Results, Statements, choose, graph, missing, note,
                     progress, psql)

ROUNDS = choose(3, 3)
ITERATIONS = 10

# name: ours, what people write
QUESTIONS = {
    'components': ("SELECT max(component) FROM pt_components('{graph}', NULL::bigint)",
                   "SELECT sql_components('{graph}')"),
    'strong': ("SELECT max(component) FROM pt_strong_components('{graph}', NULL::bigint)", None),
    'core': ("SELECT sum(coreness) FROM pt_kcore('{graph}', NULL::bigint)", None),
    'pagerank': (f"SELECT max(score) FROM pt_pagerank('{{graph}}', NULL::bigint, max_iterations => {ITERATIONS}, "
                 'tolerance => 0)', f"SELECT sql_pagerank('{{graph}}', {ITERATIONS})"),
}
SOURCES = 100


class Program:
    """A program that holds the graph and runs what it is told by name."""

    def __init__(self, command):
        self.process = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != 'ready\n':
            raise RuntimeError(f'{command} did not begin')

    def ask(self, name):
        """Microseconds and the answer, or None."""
        print(name, file=self.process.stdin, flush=True)
        fields = self.process.stdout.readline().rstrip('\n').split('\t')
        if len(fields) != 3:
            raise RuntimeError(f'{name}: {fields}')
        return None if fields[1] == 'cannot' else (float(fields[1]), float(fields[2]))

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def programs(on):
    found = {'C': Program([BENCH / 'bin' / 'algorithms', on.path, on.nodes])}
    for library in ('igraph', *(('networkx',) if on.edges < 1_000_000 else ())):
        if missing(library):
            note(f'{library}: {missing(library)}')
        else:
            found[library] = Program(['/usr/bin/python3', CODE / 'rivals' / 'algorithms.py', library, on.path])
    return found


def connect():
    statements = Statements()
    for setting in ("work_mem = '1GB'", 'jit = off', "parseltongue.local_image_memory = '8GB'"):
        statements.run(f'SET {setting}')
    return statements


def agree(name, one, other):
    """PageRank of all iterations is not that of ten."""
    return abs(one - other) <= 1e-9 * abs(one)


def ask_all(results, on, statements, others):
    statements.run(f"SELECT count(*) FROM pt_bfs('{on.name}', 0::bigint, 1)")
    for number in range(ROUNDS):
        results.put(on.name, 'rows', 'C', number, f"{others['C'].ask('rows')[0]:.1f}", '')
        for name, (ours, sql) in QUESTIONS.items():
            us, answer = statements.run(ours.format(graph=on.name))
            results.put(on.name, name, 'parseltongue', number, f'{us:.1f}', answer)
            for who, program in others.items():
                theirs = program.ask(name)
                if theirs is None:
                    continue
                # igraph iterates until nothing changes
                if not agree(name, float(answer), theirs[1]) and (who, name) != ('igraph', 'pagerank'):
                    raise RuntimeError(f'{on.name}, {name}: {answer}, {who} says {theirs[1]}')
                results.put(on.name, name, who, number, f'{theirs[0]:.1f}', theirs[1])
            if sql and number == 0:
                us, theirs = statements.run(sql.format(graph=on.name))
                if not agree(name, float(answer), float(theirs)):
                    raise RuntimeError(f'{on.name}, {name}: {answer}, SQL says {theirs}')
                results.put(on.name, name, 'SQL', number, f'{us:.1f}', theirs)
        progress(f'{on.name}, round {number + 1}')


def main():
    psql('-f', CODE / 'rivals' / 'algorithms.sql')
    results = Results('algorithms', 'graph', 'algorithm', 'who', 'round', 'us', 'answer')
    for name in ALGORITHMS:
        on = graph(name)
        others = programs(on)
        statements = connect()
        ask_all(results, on, statements, others)
        if name == LARGEST:
            us = statements.time(f"SELECT max(score) FROM pt_betweenness('{name}', NULL::bigint, samples => {SOURCES})")
            results.put(name, f'betweenness, {SOURCES} sources', 'parseltongue', 0, f'{us:.1f}', '')
        statements.close()
        for program in others.values():
            program.close()


main()

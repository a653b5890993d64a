"""Algorithms over the whole graph, each beside a plain C program on arrays that
are there already, the SQL that people write for it, here and in DuckDB, and two
libraries; all asked in turns. parseltongue's time has everything in it: finding
the visible edges, projecting them, computing, and its rows, which are counted,
not sent. And cheapest paths, beside pgRouting.
"""
import subprocess

from harness import (ALGORITHMS, BENCH, CODE, LARGEST, Results, Statements, choose, graph, missing, note,
                     progress, psql, seeded)

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
PAIRS = choose(3, 5)        # of nodes that the cheapest path is asked of


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
    for library in ('igraph', *(('networkx',) if on.edges < 1_000_000 else ()), 'duckdb'):
        if missing(library):
            note(f'{library}: {missing(library)}')
        elif library == 'duckdb':
            found[library] = Program(['node', CODE / 'rivals' / 'algorithms.js', on.path])
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
                # DuckDB is asked once, like SQL here
                theirs = program.ask(name) if who != 'duckdb' or number == 0 else None
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


def weigh(on):
    """The table of a graph with weights, as all are asked about it."""
    psql('-c', 'SET client_min_messages = warning', '-c', f'DROP TABLE IF EXISTS {on.name}_cost',
         '-c', f"""CREATE TABLE {on.name}_cost AS
             SELECT a, b, (1 + (a * 31 + b * 17) % 97)::float8 AS cost FROM {on.name}""",
         '-c', f'CREATE INDEX ON {on.name}_cost USING adjacency (a, b) INCLUDE (cost)',
         '-c', f'VACUUM (ANALYZE, FREEZE) {on.name}_cost')


def ask_cheapest(results, on, statements, others):
    """One target, from nodes that reach it; the libraries as well, and pgRouting."""
    weigh(on)
    ours = f"SELECT max(total_cost) FROM pt_dijkstra_path({{}}::bigint, {{}}::bigint, graph => '{on.name}_cost')"
    pgrouting = f"""SELECT max(agg_cost) FROM pgr_dijkstra(
        'SELECT 1 AS id, a AS source, b AS target, cost FROM {on.name}_cost', {{}}::bigint, {{}}::bigint)"""
    draw = seeded()
    asked = 0
    while asked < PAIRS:
        pair = draw.randrange(on.nodes), draw.randrange(on.nodes)
        if statements.run(f"SELECT pt_reachable({pair[0]}, {pair[1]}, missing_ok => true, graph => '{on.name}')")[1] != 't':
            continue
        statements.run(ours.format(*pair))
        us, answer = statements.run(ours.format(*pair))
        results.put(on.name, 'cheapest path', 'parseltongue', asked, f'{us:.1f}', answer)
        rivals = {who: program.ask('cheapest {} {}'.format(*pair)) for who, program in others.items()
                  if who in ('igraph', 'networkx')}
        if not missing('pgrouting') and asked < 2:      # tens of seconds each
            us, theirs = statements.run(pgrouting.format(*pair))
            rivals['pgRouting'] = (us, float(theirs))
        for who, (us, theirs) in rivals.items():
            if not agree('cheapest path', float(answer), theirs):
                raise RuntimeError(f'{on.name}, {pair}: {answer}, {who} says {theirs}')
            results.put(on.name, 'cheapest path', who, asked, f'{us:.1f}', theirs)
        asked += 1
    progress(f'{on.name}, cheapest paths')


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
            ask_cheapest(results, on, statements, others)
        statements.close()
        for program in others.values():
            program.close()


main()

"""A graph ten times the largest of the other parts: loading it, building the index and
the image, how large they are, what questions take, beside the two limits, and what a
question costs after 200,000 edges have come and after a restart. Not part of a whole
run: see SIZE in bench/lib.sh for what it needs.
"""
import time

from answers import ask_for_set
from harness import (GRAPHS, SIZE, Graph, Question, Results, Rival, Statements, checksum, choose, generate, note, percentile,
                     progress, psql, restart_server, seeded, verdict_of)

INSERTED = 200_000
STARTS = choose(100, 500)
WHOLE = 5                   # walks over everything
NAMES = ('parseltongue', 'csr', 'dobfs')
WAIT_SECONDS = choose(30, 300)


class Measured(Results):
    def add(self, what, value, unit):
        self.put(what, f'{value:.6g}', unit)
        progress(f'{what}: {value:.6g} {unit}')

    def took(self, statements, what, sql):
        us, value = statements.run(sql)
        self.add(what, us / 1e6, 's')
        return value


def first_question(graph, start, hops=2):
    bound = 'NULL' if hops < 0 else hops
    return f"SELECT pt_blast_radius_count('{start}', {bound}, 'out', graph => '{graph.name}')"


def load(results, statements, graph):
    name = graph.name
    statements.run('SET client_min_messages = warning')
    statements.run(f'DROP TABLE IF EXISTS {name}')
    statements.run(f'CREATE TABLE {name} (a bigint NOT NULL, b bigint NOT NULL) WITH (autovacuum_enabled = off)')
    results.took(statements, 'COPY', f"COPY {name} FROM '{graph.path}'")
    results.took(statements, 'CREATE INDEX', f'CREATE INDEX {name}_adj ON {name} USING adjacency (a, b)')
    results.took(statements, 'VACUUM', f'VACUUM (ANALYZE) {name}')
    for what, relation in (('table', name), ('index', f'{name}_adj')):
        size = int(statements.run(f"SELECT pg_relation_size('{relation}')")[1])
        results.add(f'size of the {what}', size / 1e9, 'GB')
        results.add(f'size of the {what} an edge', size / graph.edges, 'bytes')


def image(results, graph, starts):
    """The first question builds the image; those of later sessions find it."""
    statements = Statements()
    results.add('first question, 2 hops', statements.time(first_question(graph, starts[0])) / 1e6, 's')
    results.add('first question of another session', statements.fresh(first_question(graph, starts[1]))[0], 'µs')
    statements.close()
    size, seconds = psql('-c', f"""SELECT bytes, extract(epoch FROM build_time) FROM pt_images()
        WHERE index = '{graph.name}_adj'::regclass AND state = 'ready'""").split('|')
    results.add('image', int(size) / 1e9, 'GB')
    results.add('image an edge', int(size) / graph.edges, 'bytes')
    results.add('building the image', float(seconds), 's')
    results.add('building the image, an edge', float(seconds) * 1e9 / graph.edges, 'ns')


def questions(results, graph, starts):
    """In turns; counts must agree, and 3 hops as sets."""
    rivals = {name: Rival(name, graph) for name in NAMES}
    for hops, nodes in ((1, starts), (2, starts), (3, starts), (5, starts), (-1, starts[:WHOLE])):
        times = {name: [] for name in NAMES}
        for start in nodes:
            answers = {name: rival.ask(Question(start, 'any', 'out', hops), 300, warm=0, runs=1) for name, rival in rivals.items()}
            if len({count for count, _, _, _ in answers.values()}) > 1:
                raise RuntimeError(f'{hops} hops from {start}: {answers}')
            for name, (_, _, _, (took,)) in answers.items():
                times[name].append(took)
        what = 'everything' if hops < 0 else f'{hops} hops'
        for name in NAMES:
            for percent in (50,) if hops < 0 else (50, 95, 99):
                results.add(f'{what}, {name}, p{percent}', percentile(times[name], percent), 'µs')
    expected = ask_for_set(rivals['csr'], Question(starts[0], 'any', 'out', 3), 300)
    for name, rival in rivals.items():
        difference = ask_for_set(rival, Question(starts[0], 'any', 'out', 3), 300).differs_from(expected)
        if difference:
            raise RuntimeError(f'3 hops from {starts[0]}: {name}: {difference}')
        rival.close()


def after_inserting(results, graph, starts):
    statements = Statements()
    statements.run(first_question(graph, starts[0], -1), 'reader')
    results.took(statements, f'inserting {INSERTED:,} edges', f"""INSERT INTO {graph.name}
        SELECT i * 7919 % {graph.nodes}, i * 104729 % {graph.nodes} FROM generate_series(1, {INSERTED}::bigint) AS i""")
    for number, what in enumerate(('the next', 'the one after it')):
        results.add(f'after that, 2 hops, {what}', statements.time(first_question(graph, starts[number]), 'reader'), 'µs')
    for number, what in enumerate(('the next', 'the one after it', 'the third')):
        results.add(f'after that, everything, {what}', statements.time(first_question(graph, starts[number], -1), 'reader') / 1e3,
                    'ms')
    statements.close()


def after_restart(results, graph, starts):
    """The image comes back by itself; whoever asks before that builds it."""
    restart_server()
    statements = Statements()
    results.add('after a restart, first question, 2 hops', statements.fresh(first_question(graph, starts[0]))[0] / 1e6, 's')
    results.add('after a restart, the next session', statements.fresh(first_question(graph, starts[1]))[0], 'µs')
    results.add('after a restart, everything', statements.fresh(first_question(graph, starts[2], -1))[0] / 1e3, 'ms')
    statements.close()
    restart_server()
    begun = time.monotonic()
    while time.monotonic() < begun + WAIT_SECONDS:
        if psql('-c', f"SELECT 1 FROM pt_images() WHERE index = '{graph.name}_adj'::regclass AND state = 'ready'"):
            results.add('after a restart, the image is back by itself after', time.monotonic() - begun, 's')
            return
        time.sleep(0.2)
    note(f'no image within {WAIT_SECONDS} s of a restart')


def main():
    results = Measured('size', 'what', 'value', 'unit')
    name, kind, nodes, edges = SIZE
    path = GRAPHS / f'{name}.edges'
    generate(name, kind, nodes, edges)
    digest, edges = checksum(path)
    verdict_of(name, digest)
    results.add('nodes', nodes, '')
    results.add('edges', edges, '')
    graph = Graph({'graph': name, 'nodes': nodes, 'edges': edges, 'text': ''})
    # each node has edges
    starts = seeded().sample(range(nodes), STARTS)
    # building takes more than the default of what a session may have
    psql('-c', "ALTER SYSTEM SET parseltongue.shared_image_memory = '6GB'", '-c', "ALTER SYSTEM SET parseltongue.local_image_memory = '6GB'",
         '-c', 'SELECT pg_reload_conf()')
    try:
        statements = Statements()
        load(results, statements, graph)
        statements.close()
        image(results, graph, starts)
        questions(results, graph, starts)
        after_inserting(results, graph, starts)
        after_restart(results, graph, starts)
    finally:
        psql('-c', 'ALTER SYSTEM RESET parseltongue.shared_image_memory', '-c', 'ALTER SYSTEM RESET parseltongue.local_image_memory',
             '-c', 'SELECT pg_reload_conf()',
             '-c', f'DROP TABLE IF EXISTS {name}')
        path.unlink()


main()

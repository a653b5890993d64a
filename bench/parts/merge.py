"""Readers while the image is merged: 3 hops asked one after the other, beside
look-ups in a btree, while four sessions insert edges without a pause; with
background workers and without, in turns."""
import re
import subprocess
import time

from harness import BENCH, BIN, LARGEST, Results, choose, graph, percentile, progress, psql, seeded

ROUNDS = choose(2, 3)
SECONDS = choose(6, 20)
WRITERS = 4
BATCH = 50
HOPS = 3

WALK = f"SELECT count(*) FROM pt_bfs('merging', {{start}}, {HOPS}, missing_ok => true)"
WRITE = """\\set from random(0, {last})
INSERT INTO merging SELECT :from, (:from + i * 7919) % {nodes} FROM generate_series(1, {batch}) AS i;
"""


def make_table(name):
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP TABLE IF EXISTS merging',
         '-c', f'CREATE TABLE merging WITH (autovacuum_enabled = off) AS SELECT a, b FROM {name}',
         '-c', 'CREATE INDEX merging_adjacency ON merging USING adjacency (a, b)',
         '-c', 'CREATE INDEX merging_btree ON merging (a)',
         '-c', 'VACUUM (ANALYZE) merging')


def start_asking(name, question, nodes, seconds):
    """Questions from random starts, one after the other."""
    random = seeded()
    path = BENCH / 'log' / f'merge-{name}'
    path.write_text(''.join(f's\t{name}\t{question.format(start=random.randrange(nodes))}\n'
                            for _ in range(seconds * 20000)), encoding='ascii')
    return subprocess.Popen(['timeout', str(seconds), BENCH / 'bin' / 'pgtime'], stdin=open(path, 'rb'),
                            stdout=open(f'{path}.out', 'wb'))


def times_of(name, process):
    """All but the first: that one finds the image, and looks at pages."""
    process.wait()
    with open(BENCH / 'log' / f'merge-{name}.out', encoding='utf-8') as file:
        lines = [line.rstrip('\n').split('\t') for line in file]
    if any(line[1] == 'error' for line in lines):
        raise RuntimeError(f'reader: {[line for line in lines if line[1] == "error"][:1]}')
    return [float(line[1]) for line in lines if len(line) == 3][1:]


def one_turn(results, number, workers, nodes, writers):
    psql('-c', f'ALTER SYSTEM SET parseltongue.max_workers = {workers}', '-c', 'SELECT pg_reload_conf()')
    psql('-c', "SELECT * FROM pt_prewarm('merging')")
    built = psql('-c', "SELECT max(built_at) FROM pt_images() WHERE index = 'merging_adjacency'::regclass")
    script = BENCH / 'log' / 'merge-write.sql'
    script.write_text(WRITE.format(last=nodes - 1, nodes=nodes, batch=BATCH), encoding='ascii')
    writing = None
    if writers:
        writing = subprocess.Popen([BIN / 'pgbench', '-n', '-M', 'prepared', '-f', script, '-c', str(writers),
                                    '-j', '1', '-T', str(SECONDS + 1)], stdout=subprocess.PIPE,
                                   stderr=subprocess.DEVNULL, text=True)
        time.sleep(0.5)
    asking = {
        'walks': start_asking('walks', WALK, nodes, SECONDS),
        'look-ups': start_asking('look-ups', 'SELECT count(*) FROM merging WHERE a = {start}', nodes, SECONDS)}
    times = {what: times_of(what, process) for what, process in asking.items()}
    written = 0
    if writing is not None:
        written = int(re.search(r'actually processed: (\d+)', writing.communicate()[0]).group(1)) * BATCH
    now = psql('-c', "SELECT max(built_at) FROM pt_images() WHERE index = 'merging_adjacency'::regclass")
    for what, own in times.items():
        results.put(number, workers, writers, what, len(own), *(f'{percentile(own, p):.1f}' for p in (50, 95, 99)),
                    f'{max(own):.1f}', written, 'yes' if now != built else 'no')


def main():
    nodes = graph(LARGEST).nodes
    results = Results('merge', 'round', 'workers', 'writers', 'what', 'questions', 'p50_us', 'p95_us', 'p99_us',
                      'max_us', 'written', 'merged')
    make_table(LARGEST)
    for number in range(ROUNDS):
        for workers in (0, 2):
            one_turn(results, number, workers, nodes, WRITERS)
        one_turn(results, number, 2, nodes, 0)
    psql('-c', 'ALTER SYSTEM RESET parseltongue.max_workers', '-c', 'SELECT pg_reload_conf()',
         '-c', 'DROP TABLE merging')
    progress('merge')


main()

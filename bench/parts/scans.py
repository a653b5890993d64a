"""Ordinary queries that find rows by either end: a table with two btrees beside one that
has an adjacency index only, with an image and without. Look-ups are asked in turns, of
the same keys; each row is the median of the rounds and of their ratios to the btrees.
Then what the indexes take on disk, and what they cost a writer.
"""
from harness import LARGEST, Results, Statements, choose, graph, median, progress, psql, seeded

ROUNDS = choose(25, 41)
COLD_ROUNDS = 3
JOINED = choose(1000, 10000)
INSERTED = choose(50_000, 500_000)

BTREES = 'two btrees'
OURS = 'adjacency'
COLD = 'adjacency, no image'
TABLES = {BTREES: 'scans.btrees', OURS: 'scans.ours', COLD: 'scans.cold'}
INDEXES = {BTREES: ('({a})', '({b})'), OURS: ('USING adjacency ({a}, {b})',)}
INDEXES[COLD] = INDEXES[OURS]


def make(edges):
    """The same rows thrice. Nothing asks a worker for the image that shall not be there."""
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP SCHEMA IF EXISTS scans CASCADE', '-c', 'CREATE SCHEMA scans',
         '-c', 'ALTER SYSTEM SET parseltongue.max_workers = 0', '-c', 'SELECT pg_reload_conf()')
    for store, table in TABLES.items():
        psql('-c', f'CREATE TABLE {table} WITH (autovacuum_enabled = off) AS SELECT a, b FROM {edges} ORDER BY hashint8(a * 31 + b)',
             *(word for index in INDEXES[store] for word in ('-c', f'CREATE INDEX ON {table} ' + index.format(a='a', b='b'))),
             '-c', f'VACUUM ANALYZE {table}')
    psql('-c', f"SELECT pt_prewarm('{TABLES[OURS]}')")


def questions(keys, column):
    """By name: SQL, with the table to be filled in. A column that no btree has is read, but for one."""
    other = 'a' if column == 'b' else 'b'
    some = ','.join(map(str, keys[:100]))
    many = ','.join(map(str, keys))
    return {
        'one key': f'SELECT sum({other}) FROM {{table}} WHERE {column} = {keys[0]}',
        'one key, counted': f'SELECT count(*) FROM {{table}} WHERE {column} = {keys[0]}',
        '100 keys': f"SELECT sum({other}) FROM {{table}} WHERE {column} = ANY ('{{{{{some}}}}}')",
        f'join of {JOINED} keys': f"SELECT sum({other}) FROM unnest('{{{{{many}}}}}'::bigint[]) AS k, LATERAL "
                                  f'(SELECT {other} FROM {{table}} WHERE {column} = k OFFSET 0) AS e',
    }


def ask(results, nodes):
    random = seeded()
    statements = Statements()
    statements.run('SET jit = off')
    # what is measured is how the indexes answer; without an image the planner may prefer the table
    statements.run('SET enable_seqscan = off')
    times = {}
    for turn in range(ROUNDS):
        for column in 'ab':
            keys = [random.randrange(nodes) for _ in range(JOINED)]
            for what, sql in questions(keys, column).items():
                answers = set()
                # who is asked first may have to wait for the processor
                statements.run('SELECT 1')
                for store, table in sorted(TABLES.items(), reverse=turn % 2 == 1):
                    if store == COLD and turn >= COLD_ROUNDS:
                        continue
                    question = sql.format(table=table)
                    if turn == 0:
                        statements.run(question)
                    took, answer = statements.run(question)
                    times.setdefault((what, column, store), []).append(took)
                    answers.add(answer)
                if len(answers) > 1:
                    raise RuntimeError(f'{what} by {column}: {answers} are different answers')
    statements.close()
    for (what, column, store), own in times.items():
        theirs = times[what, column, BTREES]
        results.put(what, column, store, f'{median(own):.1f}', f'{median(b / o for b, o in zip(theirs, own)):.3f}')
    progress('look-ups')


def one_write(statements, store, row):
    """Microseconds to build the indexes on half of the rows, and to insert the others."""
    columns = {'a': 'a', 'b': 'b'}
    statements.run('DROP TABLE IF EXISTS scans.written')
    statements.run('CREATE TABLE scans.written (a bigint, b bigint) WITH (autovacuum_enabled = off)')
    statements.run(f'INSERT INTO scans.written SELECT a, b FROM {TABLES[BTREES]} LIMIT {INSERTED}')
    built = sum(statements.time('CREATE INDEX ON scans.written ' + index.format(**columns)) for index in INDEXES[store])
    inserted = statements.time(f'INSERT INTO scans.written SELECT a, b FROM {TABLES[BTREES]} OFFSET {row} LIMIT {INSERTED}')
    return built, inserted


def write(results):
    statements = Statements()
    times = {BTREES: [], OURS: [], 'none': []}
    INDEXES['none'] = ()
    for turn in range(choose(5, 7)):
        for store, own in times.items():
            statements.run('CHECKPOINT')
            own.append(one_write(statements, store, turn * 1000))
    statements.close()
    for number, what in enumerate((f'build on {INSERTED} rows', f'insert {INSERTED} rows')):
        for store, own in times.items():
            theirs = times[BTREES]
            results.put(what, '', store, f'{median(t[number] for t in own):.1f}',
                        f'{median(b[number] / max(o[number], 1) for b, o in zip(theirs, own)):.3f}' if store != 'none' or number else '')
    progress('writes')


def main():
    on = graph(LARGEST)
    make(on.name)
    results = Results('scans', 'what', 'by', 'store', 'us', 'ratio')
    ask(results, on.nodes)
    write(results)
    sizes = Results('scans_sizes', 'store', 'table_bytes', 'index_bytes', 'image_bytes')
    image = psql('-c', f"SELECT bytes FROM pt_images() WHERE index = (SELECT indexrelid FROM pg_index WHERE indrelid = '{TABLES[OURS]}'::regclass)")
    for store in (BTREES, OURS):
        table = TABLES[store]
        sizes.put(store, *psql('-c', f"SELECT pg_table_size('{table}') || ' ' || pg_indexes_size('{table}')").split(), image if store == OURS else 0)
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP SCHEMA scans CASCADE',
         '-c', 'ALTER SYSTEM RESET parseltongue.max_workers', '-c', 'SELECT pg_reload_conf()')


main()

"""Writing, with every commit flushed to disk: single statements, batches and four
writers at once, beside plain tables of the same columns, SQLite and RocksDB; what
readers see of writers; what the adjacency index adds to COPY, to its building and
to VACUUM."""
import json
import os
import subprocess
import time

from harness import (BENCH, DATA, Results, Statements, choose, graph, median, missing, percentile, progress,
                     psql, seeded)

ROUNDS = choose(2, 5)
SINGLE = choose(150, 1000)          # operations of one writer in a round
BATCHES = choose(20, 100)
BATCH = 100
WRITERS = 4
COPIED = choose(100_000, 5_000_000)
READ_SECONDS = choose(5, 30)
BASE = choose('code_10k', 'code_100k')
STORES = ('parseltongue', 'plain', 'sqlite', 'rocksdb')


def key(item):
    return f'c:fn:name_{item}:src/file_{item // 100}.c:1-20'


def edge(item):
    return key(item), key(item * 7919 % 1_000_003), f'src/file_{item // 100}.c'


# ---------------------------------------------------------------------------
# Tables: pt_entity and pt_edge with a graph in them, and the same without an
# adjacency index.
# ---------------------------------------------------------------------------

def make_tables():
    text_key = "'c:fn:name_' || {0} || ':src/file_' || {0} / 100 || '.c:1-20'"
    psql('-c', 'SET client_min_messages = warning', '-c', 'TRUNCATE pt_entity, pt_edge',
         '-c', 'DROP TABLE IF EXISTS plain_entity, plain_edge',
         '-c', f"""INSERT INTO pt_entity (key, name, entity_type, language, file_path)
             SELECT {text_key.format('i')}, 'name_' || i, 'function', 'c', 'src/file_' || i / 100 || '.c'
             FROM generate_series(0, {graph(BASE).nodes - 1}) AS i""",
         '-c', f"""INSERT INTO pt_edge (from_key, to_key, source_location)
             SELECT {text_key.format('a')}, {text_key.format('b')}, 'src/file_' || a / 100 || '.c:7' FROM {BASE}""",
         '-c', 'CREATE TABLE plain_entity (LIKE pt_entity INCLUDING ALL)',
         '-c', 'INSERT INTO plain_entity SELECT * FROM pt_entity',
         '-c', 'CREATE TABLE plain_edge (LIKE pt_edge INCLUDING ALL)',
         '-c', drop_adjacency('plain_edge'),
         '-c', 'INSERT INTO plain_edge SELECT * FROM pt_edge',
         '-c', 'VACUUM (ANALYZE) pt_entity', '-c', 'VACUUM (ANALYZE) pt_edge',
         '-c', 'VACUUM (ANALYZE) plain_entity', '-c', 'VACUUM (ANALYZE) plain_edge')


def drop_adjacency(table):
    return f"""DO $$ BEGIN EXECUTE (SELECT 'DROP INDEX ' || i.indexrelid::regclass FROM pg_index AS i
        JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS a ON a.oid = c.relam
        WHERE i.indrelid = '{table}'::regclass AND a.amname = 'adjacency'); END $$"""


def literal(text):
    return "'" + text.replace("'", "''") + "'"


def entity_values(item):
    return f"({literal(key(item))}, 'name_{item}', 'function', 'CODE', 'c', 'src/file_{item // 100}.c', 1, 20)"


def statement(store, work, items):
    """One statement of a server's store that writes the items, or reads them."""
    if work == 'read':
        return f"SELECT * FROM {'pt_entity' if store == 'parseltongue' else 'plain_entity'} " \
               f"WHERE key = {literal(key(items[0]))}"
    if store == 'plain':
        if work == 'entity':
            return 'INSERT INTO plain_entity (key, name, entity_type, entity_class, language, file_path, line_start, ' \
                   'line_end) VALUES ' + ', '.join(map(entity_values, items)) + \
                   ' ON CONFLICT (key) DO UPDATE SET name = excluded.name, updated_at = now()'
        values = ', '.join(f"({literal(a)}, {literal(b)}, 'Calls', {literal(at)})" for a, b, at in map(edge, items))
        return f'INSERT INTO plain_edge (from_key, to_key, edge_type, source_location) VALUES {values} ' \
               'ON CONFLICT (from_key, to_key, edge_type) DO UPDATE SET source_location = excluded.source_location'
    if len(items) == 1:
        if work == 'entity':
            return "SELECT pt_insert_entity(%s, 'function', 'name_%d', 'CODE', 'c', 'src/file_%d.c', 1, 20)" % (
                literal(key(items[0])), items[0], items[0] // 100)
        return f"SELECT pt_insert_edge({', '.join(map(literal, (*edge(items[0])[:2], 'Calls', edge(items[0])[2])))})"
    if work == 'entity':
        documents = [{'key': key(i), 'name': f'name_{i}', 'entity_type': 'function', 'entity_class': 'CODE',
                      'language': 'c', 'file_path': f'src/file_{i // 100}.c', 'line_start': 1, 'line_end': 20}
                     for i in items]
        return f"SELECT pt_insert_entities({literal(json.dumps(documents))})"
    documents = [dict(zip(('from_key', 'to_key', 'source_location'), edge(i))) for i in items]
    return f"SELECT pt_insert_edges({literal(json.dumps(documents))})"


# ---------------------------------------------------------------------------
# One store, one kind of work, some writers.
# ---------------------------------------------------------------------------

def run_server(store, work, writers, operations, batch, first):
    """pgtime once a writer; all begin at one moment."""
    begin = time.time() + 0.5
    running = []
    for writer in range(writers):
        at = first + writer * operations * batch
        lines = [f"s\tw\tSELECT pg_sleep({begin} - extract(epoch FROM clock_timestamp())::float8)"]
        lines += [f's\tw\t{statement(store, work, range(i, i + batch))}'
                  for i in range(at, at + operations * batch, batch)]
        path = BENCH / 'log' / f'writer-{writer}'
        path.write_text('\n'.join(lines) + '\n', encoding='ascii')
        running.append(subprocess.Popen([BENCH / 'bin' / 'pgtime'], stdin=open(path, 'rb'),
                                        stdout=subprocess.PIPE, text=True))
    times, longest = [], 0.0
    for process in running:
        lines = [line.split('\t') for line in process.communicate()[0].splitlines()][1:]
        failed = [line for line in lines if line[1] == 'error']
        if failed or len(lines) != operations:
            raise RuntimeError(f'{store} {work}: {failed[:1]}')
        own = [float(line[1]) for line in lines]
        times += own
        longest = max(longest, sum(own) / 1e6)
    return times, longest


def run_embedded(store, work, writers, operations, batch, first):
    folder = BENCH / 'db' / store / 'write'
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run([BENCH / 'bin' / f'writer-{store}', folder, work, *map(str, (writers, operations, batch, first))],
                          stdout=subprocess.PIPE, text=True, check=True)
    *times, total = done.stdout.splitlines()
    return [float(t) for t in times], float(total.split()[1])


def transactions():
    results = Results('writing', 'store', 'work', 'writers', 'batch', 'round', 'operations', 'seconds', 'p50_us',
                      'p95_us', 'p99_us', 'max_us')
    first = 2_000_000           # beyond what is loaded
    read_first = 0
    for number in range(ROUNDS):
        for work, writers, operations, batch in (
                ('entity', 1, SINGLE, 1), ('entity', 1, BATCHES, BATCH), ('entity', WRITERS, SINGLE, 1),
                ('edge', 1, SINGLE, 1), ('edge', 1, BATCHES, BATCH), ('edge', WRITERS, SINGLE, 1),
                ('read', 1, SINGLE, 1)):
            for store in STORES:
                if store in ('sqlite', 'rocksdb') and missing(store):
                    continue
                run = run_embedded if store in ('sqlite', 'rocksdb') else run_server
                at = (2_000_000 if store in ('sqlite', 'rocksdb') else read_first) if work == 'read' else first
                times, seconds = run(store, work, writers, operations, batch, at)
                results.put(store, work, writers, batch, number, len(times), f'{seconds:.6f}',
                            *(f'{percentile(times, p):.1f}' for p in (50, 95, 99)), f'{max(times):.1f}')
            first += WRITERS * max(SINGLE, BATCHES * BATCH)
    progress('transactions')


# ---------------------------------------------------------------------------
# Readers among writers.
# ---------------------------------------------------------------------------

def reader(seconds, nodes, random):
    """Times of 3-hop questions asked one after the other for some seconds."""
    path = BENCH / 'log' / 'reader'
    path.write_text(''.join(
        f"s\tr\tSELECT count(*) FROM pt_blast_radius('{key(random.randrange(nodes))}', 3, missing_ok => true)\n"
        for _ in range(seconds * 20000)), encoding='ascii')
    with open(path, 'rb') as questions:
        done = subprocess.run(['timeout', str(seconds), BENCH / 'bin' / 'pgtime'], stdin=questions,
                              stdout=subprocess.PIPE, text=True)
    lines = [line.split('\t') for line in done.stdout.splitlines()]
    if any(line[1] == 'error' for line in lines):
        raise RuntimeError(f'reader: {[line for line in lines if line[1] == "error"][:1]}')
    return [float(line[1]) for line in lines if len(line) == 3][1:]


def start_writers(seconds):
    """Four sessions that insert edges and delete every second of them again."""
    running = []
    for writer in range(WRITERS):
        lines = []
        for item in range(20_000_000 + writer * 10_000_000, 20_000_000 + writer * 10_000_000 + seconds * 4000):
            lines.append(f"s\tw\t{statement('parseltongue', 'edge', [item])}\n")
            if item % 2:
                lines.append(f"s\tw\tDELETE FROM pt_edge WHERE from_key = '{key(item)}'\n")
        path = BENCH / 'log' / f'writer-{writer}'
        path.write_text(''.join(lines), encoding='ascii')
        running.append(subprocess.Popen(['timeout', str(seconds), BENCH / 'bin' / 'pgtime'], stdin=open(path, 'rb'),
                                        stdout=subprocess.PIPE, text=True))
    return running


def readers_among_writers():
    results = Results('readers', 'what', 'questions', 'p50_us', 'p95_us', 'p99_us', 'max_us', 'written',
                      'autovacuums')
    psql('-c', "ALTER SYSTEM SET autovacuum_naptime = '1s'",
         '-c', """ALTER TABLE pt_edge SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
             autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 2000)""",
         '-c', 'SELECT pg_reload_conf()')
    count = "SELECT autovacuum_count FROM pg_stat_all_tables WHERE relid = 'pt_edge'::regclass"
    nodes = graph(BASE).nodes
    for what in ('alone', 'among 4 writers'):
        before = int(psql('-c', count))
        writers = start_writers(READ_SECONDS + 1) if what != 'alone' else []
        times = reader(READ_SECONDS, nodes, seeded())
        written = sum(len(writer.communicate()[0].splitlines()) for writer in writers)
        time.sleep(1.5)         # the statistics are reported late
        results.put(what, len(times), *(f'{percentile(times, p):.1f}' for p in (50, 95, 99)), f'{max(times):.1f}',
                    written, int(psql('-c', count)) - before)
    psql('-c', 'ALTER SYSTEM RESET autovacuum_naptime', '-c', 'ALTER TABLE pt_edge RESET (autovacuum_vacuum_scale_factor, '
         'autovacuum_vacuum_threshold, autovacuum_vacuum_insert_scale_factor, autovacuum_vacuum_insert_threshold)',
         '-c', 'SELECT pg_reload_conf()', '-c', 'VACUUM (ANALYZE) pt_edge')
    progress('readers among writers')


def catching_up():
    """The first question after a commit of new edges, against the same question
    asked again; edges between keys of their own and among those of the graph.
    With no new edge the commit is to another table: what it costs that the reader
    has been idle."""
    results = Results('catchup', 'new_edges', 'first_us', 'again_us')
    question = f"SELECT count(*) FROM pt_blast_radius('{key(777)}', 2)"
    statements = Statements()
    item = 80_000_000
    for new, rounds in ((0, choose(30, 100)), (1, choose(30, 100)), (100, choose(10, 50)), (10_000, choose(3, 10))):
        for _ in range(rounds):
            for _ in range(3):
                statements.run(question, 'reader')
            statements.run(f"""INSERT INTO {'pt_edge' if new else 'plain_edge'} (from_key, to_key)
                SELECT 'c:fn:new_' || i, CASE WHEN i % 2 = 0 THEN 'c:fn:new_' || i / 2
                    ELSE 'c:fn:name_' || i % 1000 || ':src/file_' || i % 1000 / 100 || '.c:1-20' END
                FROM generate_series({item}, {item + max(new, 1) - 1}) AS i""", 'writer')
            item += max(new, 1)
            first = statements.time(question, 'reader')
            again = median(statements.time(question, 'reader') for _ in range(3))
            results.put(new, f'{first:.1f}', f'{again:.1f}')
    statements.close()
    progress('catching up')


# ---------------------------------------------------------------------------
# In bulk.
# ---------------------------------------------------------------------------

def in_bulk():
    results = Results('bulk', 'what', 'rows', 'round', 'plain_s', 'adjacency_s')
    path = DATA.parent / 'copied.tsv'
    with open(path, 'w', encoding='ascii') as file:
        for item in range(COPIED):
            file.write('\t'.join((*edge(item)[:2], 'Calls', edge(item)[2])) + '\n')
    statements = Statements()
    columns = '(from_key, to_key, edge_type, source_location)'
    tables = {'plain': 'bulk_plain', 'adjacency': 'bulk_adjacency'}
    statements.run('SET client_min_messages = warning')
    statements.run('DROP TABLE IF EXISTS bulk_plain, bulk_adjacency')
    statements.run('CREATE TABLE bulk_adjacency (LIKE pt_edge INCLUDING ALL) WITH (autovacuum_enabled = off)')
    statements.run('CREATE TABLE bulk_plain (LIKE pt_edge INCLUDING ALL) WITH (autovacuum_enabled = off)')
    statements.run(drop_adjacency('bulk_plain'))

    def both(what, number, sql, rows=COPIED):
        seconds = []
        for table in tables.values():
            statements.run('CHECKPOINT')
            seconds.append(statements.time(sql.format(table=table)) / 1e6)
        results.put(what, rows, number, *(f'{s:.3f}' for s in seconds))

    for number in range(choose(2, 3)):
        statements.run('TRUNCATE bulk_plain, bulk_adjacency')
        both('COPY', number, f"COPY {{table}} {columns} FROM '{path}'")
    fifth = "DELETE FROM {table} WHERE hashtext(from_key) % 5 = 0"
    both('VACUUM of new rows', 0, 'VACUUM {table}')
    both('DELETE of a fifth', 0, fifth)
    both('VACUUM after it', 0, 'VACUUM {table}')
    statements.run('TRUNCATE bulk_plain')
    statements.run('ALTER TABLE bulk_plain DROP CONSTRAINT bulk_plain_pkey')
    statements.run(f"COPY bulk_plain {columns} FROM '{path}'")
    for number in range(choose(2, 3)):
        statements.run('CHECKPOINT')
        btree = statements.time('CREATE INDEX bulk_btree ON bulk_plain (from_key, to_key, edge_type)')
        adjacency = statements.time('CREATE INDEX bulk_adj ON bulk_plain USING adjacency (from_key, to_key, edge_type)')
        results.put('CREATE INDEX: btree, adjacency', COPIED, number, f'{btree / 1e6:.3f}', f'{adjacency / 1e6:.3f}')
        statements.run('DROP INDEX bulk_btree, bulk_adj')
    sizes = Results('bulk_sizes', 'what', 'bytes')
    statements.run('CREATE INDEX bulk_btree ON bulk_plain (from_key, to_key, edge_type)')
    statements.run('CREATE INDEX bulk_adj ON bulk_plain USING adjacency (from_key, to_key, edge_type)')
    for what in ('bulk_plain', 'bulk_btree', 'bulk_adj'):
        sizes.put(what, statements.run(f"SELECT pg_relation_size('{what}')")[1])
    statements.run('DROP TABLE bulk_plain, bulk_adjacency')
    statements.close()
    path.unlink()
    progress('bulk')


def flushing():
    """What a durable commit must cost: 8 kB written and flushed."""
    path = DATA.parent / 'flushed'
    times = []
    with open(path, 'wb') as file:
        for _ in range(200):
            begun = time.perf_counter()
            os.pwrite(file.fileno(), b'x' * 8192, 0)
            os.fdatasync(file.fileno())
            times.append((time.perf_counter() - begun) * 1e6)
    path.unlink()
    Results('flush', 'p50_us', 'p99_us').put(f'{percentile(times, 50):.0f}', f'{percentile(times, 99):.0f}')


def main():
    flushing()
    make_tables()
    transactions()
    readers_among_writers()
    catching_up()
    in_bulk()


main()

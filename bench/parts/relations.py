"""Graphs that are relations of other kinds: each walk is a query a level, beside the
recursive query over the same relation, as the same role, with the btrees it
likes. Both are asked in turns; a row is the median of the rounds and of their
ratios. The table's own image is there to compare with.
"""
from harness import LARGEST, Results, Statements, choose, graph, median, progress, psql, seeded

ROUNDS = choose(3, 5)
PARTS = 8
ROLE = 'bench_reader'

# name: relation, its columns, role
RELATIONS = {
    'table with an index': ('{table}', 'a', 'b', None),
    'view with a filter': ('relations.seen', 'source', 'target', None),
    f'{PARTS} hash partitions': ('relations.parts', 'a', 'b', None),
    'row-level security': ('relations.guarded', 'a', 'b', ROLE),
    # which then has no btree: queries, the walk's and the recursive one, go by the adjacency index
    f'{PARTS} hash partitions, no btree': ('relations.lean', 'a', 'b', None),
    'table with an index, no btree': ('relations.lean_table', 'a', 'b', None),
}


def make(table):
    """The relations, of the graph's largest table; one edge in ten is hidden."""
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP SCHEMA IF EXISTS relations CASCADE',
         '-c', f'DROP ROLE IF EXISTS {ROLE}', '-c', f'CREATE ROLE {ROLE}', '-c', 'CREATE SCHEMA relations',
         '-c', f'CREATE VIEW relations.seen AS SELECT a AS source, b AS target FROM {table} WHERE b % 10 <> 3',
         '-c', 'CREATE TABLE relations.parts (a bigint, b bigint) PARTITION BY HASH (a)',
         *(word for part in range(PARTS) for word in
           ('-c', f'CREATE TABLE relations.part_{part} PARTITION OF relations.parts '
                  f'FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})')),
         '-c', f'INSERT INTO relations.parts SELECT a, b FROM {table}',
         '-c', 'CREATE TABLE relations.lean (a bigint, b bigint) PARTITION BY HASH (a)',
         *(word for part in range(PARTS) for word in
           ('-c', f'CREATE TABLE relations.lean_{part} PARTITION OF relations.lean '
                  f'FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {part})')),
         '-c', f'INSERT INTO relations.lean SELECT a, b FROM {table}',
         '-c', 'CREATE INDEX ON relations.lean USING adjacency (a, b)',
         '-c', f'CREATE TABLE relations.lean_table AS SELECT a, b FROM {table}',
         '-c', 'CREATE INDEX ON relations.lean_table USING adjacency (a, b)',
         '-c', f'CREATE TABLE relations.guarded AS SELECT a, b FROM {table}',
         '-c', 'ALTER TABLE relations.guarded ENABLE ROW LEVEL SECURITY',
         '-c', 'CREATE POLICY few ON relations.guarded USING (b % 10 <> 3)',
         '-c', 'CREATE INDEX ON relations.guarded USING adjacency (a, b)',
         *(word for name in ('parts', 'guarded') for columns in ('a) INCLUDE (b', 'b) INCLUDE (a') for word in
           ('-c', f'CREATE INDEX ON relations.{name} ({columns})')),
         '-c', f'GRANT USAGE ON SCHEMA relations TO {ROLE}',
         '-c', f'GRANT SELECT ON ALL TABLES IN SCHEMA relations TO {ROLE}')
    for name in ('parts', 'guarded', 'lean', 'lean_table'):
        psql('-c', f'VACUUM ANALYZE relations.{name}')
    for name in (*(f'lean_{part}' for part in range(PARTS)), 'lean_table'):
        psql('-c', f"SELECT pt_prewarm('relations.{name}')")


def ours(relation, start, hops):
    return f"SELECT pt_blast_radius_count('{start}', {hops or 'NULL'}, 'out', graph => '{relation}')"


def recursive(relation, a, b, start, hops):
    if hops is None:
        return (f'WITH RECURSIVE r (x) AS (SELECT {start}::bigint UNION SELECT e.{b} FROM r JOIN {relation} AS e '
                f'ON e.{a} = r.x) SELECT count(*) - 1 FROM r')
    return (f'WITH RECURSIVE r (x, d) AS (SELECT {start}::bigint, 0 UNION SELECT e.{b}, d + 1 FROM r '
            f'JOIN {relation} AS e ON e.{a} = r.x WHERE d < {hops}) SELECT count(DISTINCT x) - 1 FROM r')


def start_of(on):
    """A node of average degree that has edges everywhere."""
    out, _ = on.degrees()
    average = on.edges / on.nodes
    return seeded().choice([node for node in range(on.nodes) if average <= out[node] <= 2 * average])


def measure(results, name, relation, a, b, role, start):
    statements = Statements()
    statements.run("SET work_mem = '512MB'")
    statements.run('SET jit = off')
    statements.run("SET parseltongue.local_image_memory = '4GB'")
    if role:
        statements.run(f'SET ROLE {role}')
    for hops in (None, 3):
        questions = (ours(relation, start, hops), recursive(relation, a, b, start, hops))
        answers = [statements.run(sql)[1] for sql in questions]
        if len(set(answers)) > 1:
            raise RuntimeError(f'{name}: {answers} are two answers')
        rounds = [[statements.time(sql) for sql in questions] for _ in range(ROUNDS)]
        results.put(name, hops or 'all', answers[0], *(f'{median(times):.1f}' for times in zip(*rounds)),
                    f'{median(theirs / mine for mine, theirs in rounds):.2f}')
    statements.close()
    progress(name)


def main():
    on = graph(LARGEST)
    make(on.name)
    results = Results('relations', 'relation', 'hops', 'found', 'us', 'cte_us', 'ratio')
    for name, (relation, a, b, role) in RELATIONS.items():
        measure(results, name, relation.format(table=on.name), a, b, role, start_of(on))
    psql('-c', 'SET client_min_messages = warning', '-c', 'DROP SCHEMA relations CASCADE', '-c', f'DROP ROLE {ROLE}')


main()

"""What the targets in the report need and no other part measures: a radius of
10,000 rows against a plain SELECT of as many, and named questions to the calls of
the Linux kernel. Rivals in turns, as in the part reading."""
from harness import Question, Results, Rival, Statements, choose, graphs, median, progress, psql

ROUNDS = choose(15, 50)
REPEATS = 5                 # of a named question in a round; the median counts


def rows_against_select(results, schema):
    """Both return the keys of 10,000 entities to the client."""
    hub = psql('-c', f'SELECT to_key FROM {schema}.pt_edge GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1')
    radius = f"SELECT * FROM pt_blast_radius({quoted(hub)}, NULL, max_nodes => 10000, graph => '{schema}.pt_edge')"
    select = f'SELECT key, 1 FROM {schema}.pt_entity LIMIT 10000'
    summary = f"SELECT pt_blast_radius_count({quoted(hub)}, NULL, max_nodes => 10000, graph => '{schema}.pt_edge')"
    statements = Statements()
    for number in range(-1, ROUNDS):
        for name, sql in (('radius', radius), ('select', select), ('counted', summary)):
            took, value = statements.run(sql)
            if number >= 0:
                results.put(schema, f'10,000 rows: {name}', number, value, f'{took:.1f}')
    statements.close()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def key_of(name, folder):
    """The function of that name in the folder that is called most."""
    return psql('-c', f"""SELECT key FROM kernel.pt_entity AS e
        WHERE name = '{name}' AND entity_type = 'function' AND starts_with(file_path, '{folder}')
        ORDER BY (SELECT count(*) FROM kernel.pt_edge AS c WHERE c.to_key = e.key) DESC, key LIMIT 1""")


def kernel(results, graph):
    kfree, vfs_read, start_kernel = key_of('kfree', 'mm/'), key_of('vfs_read', 'fs/'), key_of('start_kernel', 'init/')
    far = psql('-c', f"""SELECT min(key COLLATE "C") FROM pt_blast_radius({quoted(start_kernel)}, 10, 'out',
        graph => 'kernel.pt_edge') WHERE distance = 10""")
    at = "graph => 'kernel.pt_edge'"
    asked = {
        'kfree, all counted': f'SELECT pt_blast_radius_count({quoted(kfree)}, NULL, {at})',
        'kfree, 3 hops, rows': f'SELECT * FROM pt_blast_radius({quoted(kfree)}, 3, {at})',
        'kfree, all, rows': f'SELECT * FROM pt_blast_radius({quoted(kfree)}, NULL, {at})',
        'vfs_read, 2 hops, rows': f'SELECT * FROM pt_blast_radius({quoted(vfs_read)}, 2, {at})',
        'vfs_read, 2 hops, counted': f'SELECT pt_blast_radius_count({quoted(vfs_read)}, 2, {at})',
        'start_kernel, path of 10': f'SELECT * FROM pt_path({quoted(start_kernel)}, {quoted(far)}, {at})',
    }
    statements = Statements()
    limit = Rival('csr', graph)
    node = int(psql('-c', f'SELECT id FROM kernel.node WHERE key = {quoted(kfree)}'))
    for number in range(-1, ROUNDS):
        for name, sql in asked.items():
            # once for the caches, from which the large questions drive everything
            _, value = statements.run(sql)
            took = median(statements.time(sql) for _ in range(REPEATS))
            if number >= 0:
                results.put('kernel', name, number, value, f'{took:.1f}')
        count, _, _, times = limit.ask(Question(node, 'any', 'in', -1), 60, runs=REPEATS)
        if number >= 0:
            results.put('kernel', 'kfree, all counted, plain C', number, count, f'{median(times):.1f}')
    limit.close()
    statements.close()


def round_trip(results):
    """What any question costs a client of the server."""
    statements = Statements()
    for number in range(10 * ROUNDS):
        took, value = statements.run('SELECT 1')
        results.put('', 'SELECT 1', number, value, f'{took:.1f}')
    statements.close()


def main():
    results = Results('targets', 'graph', 'what', 'round', 'value', 'us')
    round_trip(results)
    for graph in graphs():
        if graph.text:
            rows_against_select(results, graph.text)
            progress(graph.name)
        if graph.name == 'kernel':
            kernel(results, graph)


main()

"""The targets, what was measured, and whether they were reached."""
from harness import FULL, median, percentile, read_results
from tables import CTES, time_text

MANY = 1000                 # reached nodes from which the ratios are promised


def verdict(reached):
    return {True: 'reached', False: '**not reached**', None: 'not measured'}[reached]


def at_most(label, value, limit, shown=time_text):
    """A row: what, measured, the limit, the verdict."""
    if value is None:
        return label, '', f'≤ {shown(limit)}', verdict(None)
    return label, shown(value), f'≤ {shown(limit)}', verdict(value <= limit)


def at_least(label, ratios, limit):
    """The least of pairs (ratio, what it is of) decides."""
    if not ratios:
        return label, '', f'≥ {limit:g} ×', verdict(None)
    least, where = min(ratios)
    measured = f'{least:.3g} × ({where})'
    if len(ratios) > 1:
        enough = sum(ratio >= limit for ratio, _ in ratios)
        measured += f'; median {median(ratio for ratio, _ in ratios):.3g} ×; {enough} of {len(ratios)} questions reach it'
    return label, measured, f'≥ {limit:g} ×', verdict(least >= limit)


def times_text(value):
    return f'{value:.3g} ×'


def counting(reading, graph, limit):
    """The worse of the two questions for everything."""
    ratios = [reading.ratio(question, 'parseltongue', 'csr') for question in reading.questions(graph)
              if question[3] == 'all' and question[4] == 'count' and reading.counts.get(question, 0) > MANY]
    ratios = [ratio for ratio in ratios if ratio]
    return at_most(f'everything reachable counted, {graph}, against plain C', max(ratios, default=None), limit,
                   times_text)


def against(reading, rivals, modes):
    """The ratios of all questions that reach many nodes, and their names."""
    ratios = []
    for question, count in reading.counts.items():
        rival = reading.best(question, rivals)
        if count <= MANY or rival is None or question[4] not in modes:
            continue
        ratio = reading.ratio(question, rival)
        if ratio:
            ratios.append((ratio, ' '.join(question)))
    return ratios


def named(what, graph):
    return [row for row in read_results('targets') if row['what'] == what and row['graph'] == graph]


def paired(above, below, graph):
    """The median ratio of two measurements of the part targets by round."""
    under = {row['round']: float(row['us']) for row in named(below, graph)}
    ratios = [float(row['us']) / under[row['round']] for row in named(above, graph)]
    return median(ratios) if ratios else None


def middle(what, graph='kernel'):
    times = [float(row['us']) for row in named(what, graph)]
    return median(times) if times else None


def cold_first(graph):
    times = [float(row['first_us']) for row in read_results('cold')
             if (row['graph'], row['rival'], row['when']) == (graph, 'parseltongue', 'a new connection')]
    return percentile(times, 95) if times else None


def catching_up():
    """What the first question after a commit of one new edge costs more than the
    one after a commit to another table."""
    first = {new: [float(row['first_us']) for row in read_results('catchup') if row['new_edges'] == new]
             for new in '01'}
    return max(0, median(first['1']) - median(first['0'])) if first['0'] and first['1'] else None


def worst_start(graph):
    times = [float(row['p99_us']) for row in read_results('starts')
             if (row['graph'], row['rival'], row['hops'], row['mode']) == (graph, 'parseltongue', '5', 'count')]
    return max(times, default=None)


def written(work, writers, batch, field='p99_us', store='parseltongue'):
    values = [float(row[field]) for row in read_results('writing')
              if (row['store'], row['work'], row['writers'], row['batch']) == (store, work, writers, batch)]
    return median(values) if values else None


def four_writers():
    """Rows a second of four writers against one's, by round."""
    rates = {'1': {}, '4': {}}
    for row in read_results('writing'):
        if (row['store'], row['work'], row['batch']) == ('parseltongue', 'entity', '1'):
            rates[row['writers']][row['round']] = int(row['operations']) / float(row['seconds'])
    ratios = [rates['4'][number] / rates['1'][number] for number in rates['4'] if number in rates['1']]
    return [(median(ratios), 'rows a second')] if ratios else []


def searched(field='p95_us'):
    """The slowest kind of query."""
    return max((float(row[field]) for row in read_results('search') if row['who'] == 'pt_search'), default=None)


def fresh_ratio(state, hops, rival='parseltongue', field='p50_us', label='itself'):
    """The median over the rounds of what a question takes in a state to the median of what it takes of the vacuumed table."""
    times = {}
    for row in read_results('fresh'):
        if (row['state'], row['hops'], row['rival']) == (state, hops, rival):
            times[row['table'], row['round']] = row
    ratios = [float(row[field]) / float(times['reference', number]['p50_us'])
              for (table, number), row in times.items() if table == label]
    return median(ratios) if ratios else None


def fresh_targets():
    quiet = ('just loaded', '1 % updated', '1 % deleted')
    for state, limit in (*((state, 2) for state in quiet), ('four writers', 3)):
        yield at_most(f'everything reachable, {state}, against vacuumed', fresh_ratio(state, 'all'), limit, times_text)
    yield at_most("everything reachable, just loaded, a session's first", fresh_ratio('just loaded', 'all', field='first_us'), 8,
                  times_text)
    for state in ('a standby, vacuumed', 'a standby, just loaded'):
        yield at_most(f'everything reachable, {state}, against its primary', fresh_ratio(state, 'all'), 3, times_text)
    ratios = [(fresh_against_cte(state, hops), f'{state}, {hops} hops') for state in (*quiet, 'four writers') for hops in '23']
    yield at_least('2 and 3 hops where rows are fresh, against the CTE', [pair for pair in ratios if pair[0]], 1)


def fresh_against_cte(state, hops):
    """The CTE's median to parseltongue's, the median over the rounds."""
    times = {(row['rival'], row['round']): float(row['p50_us']) for row in read_results('fresh')
             if (row['state'], row['hops'], row['table']) == (state, hops, 'itself')}
    ratios = [times['cte', number] / us for (rival, number), us in times.items() if rival == 'parseltongue']
    return median(ratios) if ratios else None


def algorithm(who):
    """Median times of the part algorithms by graph and question."""
    times = {}
    for row in read_results('algorithms'):
        if row['who'] == who:
            times.setdefault((row['graph'], row['algorithm']), []).append(float(row['us']))
    return {question: median(values) for question, values in times.items()}


def algorithms():
    """Against C that makes its rows first, as we do; against SQL; and paths against pgRouting."""
    ours, plain, sql, pgrouting = (algorithm(who) for who in ('parseltongue', 'C', 'SQL', 'pgRouting'))
    rows = [at_most(f'{name}, {graph}, against plain C with its rows', ours[graph, name] / (us + plain[graph, 'rows']), 3,
                    times_text)
            for (graph, name), us in plain.items() if (graph, name) in ours]
    rows += [at_least(f'the SQL people write for {name}, {graph}', [(us / ours[graph, name], graph)], 50)
             for (graph, name), us in sql.items()]
    rows += [at_least(f'pgr_dijkstra, {name}, {graph}', [(us / ours[graph, name], graph)], 100)
             for (graph, name), us in pgrouting.items()]
    return rows + [at_most(f'{name}, {graph}', us, 120e6) for (graph, name), us in ours.items() if 'betweenness' in name]


def targets(reading):
    largest = 'code_1m' if FULL else 'code_100k'
    rows = [counting(reading, 'code_10k', 2), counting(reading, 'code_100k', 2)]
    if FULL:
        rows.append(counting(reading, 'code_1m', 3))
    for graph in ('debian', 'kernel'):
        rows.append(at_most(f'a radius of 10,000 rows, {graph}, against SELECT key, 1 … LIMIT 10000',
                            paired('10,000 rows: radius', '10,000 rows: select', graph), 3, times_text))
    rows += [
        at_most(f'first 2-hop question of a new connection, {largest}, shared image, p95', cold_first(largest), 5000),
        at_most('a reader after one new committed edge, more than without', catching_up(), 100),
        at_most('kernel: all that transitively call kfree, against plain C',
                paired('kfree, all counted', 'kfree, all counted, plain C', 'kernel'), 3, times_text),
        at_most('kernel: 3 hops of kfree with rows', middle('kfree, 3 hops, rows'), 150_000),
        at_most('kernel: 2 hops of vfs_read', middle('vfs_read, 2 hops, rows'), 150),
        at_most('kernel: a path of 10 calls from start_kernel', middle('start_kernel, path of 10'), 10_000),
        at_least(f'pgRouting, more than {MANY:,} nodes, counted', against(reading, ('pgrouting',), ('count',)), 100),
        at_least(f'pgRouting, more than {MANY:,} nodes, rows', against(reading, ('pgrouting',), ('rows',)), 100),
        at_least(f'the best CTE, more than {MANY:,} nodes, counted', against(reading, CTES, ('count',)), 30),
        at_least(f'the best CTE, more than {MANY:,} nodes, rows', against(reading, CTES, ('rows',)), 30),
        at_most('5 hops on 10,000 nodes (code_10k), p99', worst_start('code_10k'), 5000),
        at_most('one entity written, p99', written('entity', '1', '1'), 5000),
        at_most('a batch of 100 entities written, p99', written('entity', '1', '100'), 50_000),
        at_most('400,000 entities searched, the slowest kind of query, p95', searched(), 20_000),
        at_least('four writers against one', four_writers(), 1),
        *fresh_targets(),
    ]
    return rows + algorithms()

"""The report: Markdown and SVG in $BENCH/report, made of the files of results."""
import shutil
import statistics

import plots
from harness import BENCH, EVERY_RIVAL, RIVALS, median, missing, percentile, read_facts, read_results
from tables import OURS, Reading, bytes_text, question_text, ratio_text, table, time_text
from verdicts import fresh_ratio, targets

PLURAL = {'entity': ' entities', 'edge': ' edges'}
STORES = {'parseltongue': 'parseltongue', 'plain': 'plain tables', 'sqlite': 'SQLite', 'rocksdb': 'RocksDB'}


def head(reading):
    facts = read_facts()
    text = f"""# parseltongue measured

One run of `{facts['command']}` on one machine. Compare ratios, not
times: a ratio is the median over the rounds of pairs of times taken shortly after each other. How each number comes
about is in [bench/README.md](../README.md).

"""
    flush = read_results('flush')
    if flush:
        facts['a flush of 8 kB to disk'] = f"p50 {flush[0]['p50_us']} µs, p99 {flush[0]['p99_us']} µs"
    spread = reading.spread()
    if spread:
        facts['how quiet the machine was'] = (
            f'the plain C search differs from round to round by {spread[0]:.2f} × in the median question, '
            f'{spread[1]:.2f} × at worst')
    round_trip = [float(row['us']) for row in read_results('targets') if row['what'] == 'SELECT 1']
    if round_trip:
        facts['a round trip (SELECT 1)'] = time_text(median(round_trip)) + ', in every time of the server here'
    failed = BENCH / 'results' / 'failed_parts'
    if failed.exists():
        facts['**parts that failed**'] = ', '.join(failed.read_text().split())
    return text + table(('', ''), facts.items(), right=9)


def agreement(reading):
    mismatches = read_results('mismatches')
    if mismatches:
        return '## MISMATCH\n\n**These answers differ from the others; do not trust this run.**\n\n' + table(
            mismatches[0].keys(), [row.values() for row in mismatches])
    return f"""All {reading.answers():,} answers have the plain C search's counts: every rival agrees with parseltongue.

{compared_sets()}
"""


def compared_sets():
    """How each rival's answers were compared, and what the self-test said."""
    rows = []
    sets = read_results('sets')
    for name, (title, *_) in RIVALS.items():
        own = [row['compared'] for row in sets if row['rival'] == name]
        counted = [own.count(how) for how in ('nodes and distances', 'nodes', 'counts only', 'too slow')]
        if sum(counted):
            rows.append((title, *counted))
    tested = read_results('selftest')
    wrong = sum(int(row['should_be_seen']) for row in tested)
    test = (f'Before, {wrong} wrong answers with the right counts were given to the comparison, and it saw '
            f"{sum(int(row['seen']) for row in tested)} of them." if tested else '')
    return f"""Each question's answer is also compared as a set once, by a checksum over its rows in order: nodes and distances, or nodes
where the query has no distances. {test}

""" + table(('answers compared by', 'nodes and distances', 'nodes', 'counts only: no query for rows', 'not: too slow'), rows)


def verdict_table(reading):
    return '## Targets\n\n' + table(('target', 'measured', 'limit', ''), targets(reading), right=9)


def graph_table():
    rows = [(f"`{g['graph']}`", f"{int(g['nodes']):,}", f"{int(g['edges']):,}", f"{g['copy_s']} s",
             f"{g['adjacency_s']} s", f"{g['btree_s']} s", f"{g['image_s']} s",
             bytes_text(g['table_bytes']), bytes_text(g['adjacency_bytes']), bytes_text(g['btree_bytes']),
             f"`{g['sha256'][:12]}` {g['verdict']}") for g in read_results('graphs')]
    text = '## Graphs\n\n' + table(
        ('graph', 'nodes', 'edges', 'COPY', 'adjacency index', 'one btree', 'first question (image)', 'table',
         'adjacency', 'btree', 'sha256 of the edge list'), rows)
    for name in ('debian', 'kernel'):
        for row in read_results(f'missing_{name}'):
            text += f'\n**{name} is missing**: {row["why"]}\n'
    for row in read_results('debian_check'):
        text += (f"\nFor the package {row['package']}, `apt-cache rdepends --recurse` finds {row['apt_cache']} packages "
                 f"that depend on it, parseltongue {row['parseltongue']}; {row['both']} are in both (apt knows older "
                 'versions, too).\n')
    return text


def absentees():
    rows = []
    for name, (title, *_) in RIVALS.items():
        why = missing(name)
        if why:
            rows.append(f'- **{title} takes no part**: {why}')
    return '\n'.join(rows) + '\n' if rows else ''


def rival_list():
    said = {}
    for row in read_results('about'):
        said.setdefault(row['rival'], {}).setdefault(row['what'], []).append(row['text'])
    text = '## Rivals\n\n' + absentees() + '\n'
    for name, (title, *_) in RIVALS.items():
        if name in said:
            about = said[name]
            version, settings = about.get('version', [''])[0], '; '.join(about.get('settings', []))
            text += f'**{title}**, {version}. {settings}\n\n'
            text += '\n'.join(f'    {query}' for query in about.get('query', [])) + '\n\n'
    return text


def cell(reading, question, rival):
    ratio = reading.ratio(question, rival)
    if ratio is not None:
        return ratio_text(ratio)
    why = reading.why.get((question, rival), '')
    if 'statement timeout' in why or 'no answer' in why:
        return 'too slow'
    return '' if not why else 'not asked' if why.startswith('not asked') else 'no'


def side_by_side(reading):
    text = f"""## Side by side

parseltongue's time, and how many times longer each rival takes: 10 means that it needs ten times parseltongue's time, 0.5
that it needs half of it. The plain C search holds the graph in its own memory and has no transactions: the limit of the
method. The other C program turns the direction of the search where that is cheaper, as parseltongue does. The embedded
rivals and the libraries answer in the asking process; parseltongue, the CTEs, the loop and pgRouting pay for the round trip
to the server.

{plots.everything(reading)}
"""
    for graph in read_results('graphs'):
        questions = reading.questions(graph['graph'])
        rivals = [name for name in RIVALS if name != OURS and any(
            name in reading.times[q] or reading.why.get((q, name)) for q in questions)]
        if not questions:
            continue
        rows = [(question_text(q, reading.counts[q]), time_text(reading.time(q)),
                 *(cell(reading, q, rival) for rival in rivals)) for q in questions if q in reading.counts]
        text += f"### {graph['graph']}\n\n" + table(
            ('question (nodes reached)', 'parseltongue', *(RIVALS[rival][0] for rival in rivals)), rows) + '\n'
        reasons = {(rival, why) for (question, rival), why in reading.why.items()
                   if question[0] == graph['graph'] and not why.startswith('not asked')}
        text += ''.join(f'- {RIVALS[rival][0]}: {why}\n' for rival, why in sorted(reasons)) + '\n'
    return text


def load_table():
    graphs = list(dict.fromkeys(row['graph'] for row in read_results('loading')))
    rows = []
    for name, (title, *_) in RIVALS.items():
        own = {row['graph']: row for row in read_results('loading') if row['rival'] == name}
        if own:
            rows.append((title, *(f"{float(own[g]['loaded_s']):.3g} s, {bytes_text(int(own[g]['pss_kb'] or 0) * 1024)}"
                                  if g in own else '' for g in graphs)))
    return """## Loading, and memory of one process

Seconds until the process could answer and its memory (proportional set size) after the questions. For those in the server
this is only the client. A rival with a file on disk loads once; the libraries and the C search load for each process.

""" + table(('', *graphs), rows)


def starts():
    rows = [(f"`{r['graph']}`", r['rival'], f"{r['direction']}, {r['hops']} hops, {r['mode']}", r['starts'],
             r['rows_p50'], *(time_text(float(r[f])) for f in ('p50_us', 'p95_us', 'p99_us', 'max_us')))
            for r in read_results('starts')]
    return """## Many starts

Each question once from random nodes, in a warm session, with a pause between two of them: a sleeping process has to wake,
which the batches of the tables above do not show. Fewer starts where time ran out: a p99 of less than 100 is the maximum.

""" + table(('graph', 'rival', 'question', 'starts', 'nodes, median', 'p50', 'p95', 'p99', 'max'), rows, right=3)


def cold():
    groups = {}
    for row in read_results('cold'):
        groups.setdefault((row['graph'], row['rival'], row['when']), []).append(row)
    rows = []
    for (graph, rival, when), members in groups.items():
        first = [float(m['first_us']) for m in members]
        connecting = [float(m['connect_us']) for m in members if m['connect_us']]
        rows.append((f'`{graph}`', rival, when, len(first), time_text(median(connecting)) if connecting else '',
                     *(time_text(percentile(first, p)) for p in (50, 95, 99)), time_text(max(first))))
    return """## The first question

2 hops out of a random node. After a restart the first question builds the image; later connections share it.

""" + table(('graph', 'rival', 'when', 'times', 'connecting', 'p50', 'p95', 'p99', 'max'), rows, right=3)


def clients():
    rows = read_results('clients')
    both = {}
    for r in rows:
        both.setdefault((r['graph'], r['hops'], r['clients']), {})[r['rival']] = r
    cells = [(f'`{graph}`', hops, n, f"{float(pair[OURS]['tps']):,.0f}", f"{float(pair['cte']['tps']):,.0f}",
              ratio_text(float(pair[OURS]['tps']) / float(pair['cte']['tps'])))
             for (graph, hops, n), pair in both.items() if len(pair) == 2]
    return '''## Clients at once

Questions a second, rows returned, random starts, prepared statements (pgbench).

''' + table(('graph', 'hops', 'clients', 'parseltongue', 'recursive CTE', 'ratio'), cells) + '\n' + plots.clients()


def writing():
    groups = {}
    for row in read_results('writing'):
        work = (row['work'], row['writers'], row['batch'])
        groups.setdefault(work, {}).setdefault(row['store'], {})[row['round']] = row
    rows = []
    for (work, writers, batch), stores in groups.items():
        for store, rounds in stores.items():
            ratios = [float(row['p50_us']) / float(stores[OURS][number]['p50_us'])
                      for number, row in rounds.items() if number in stores.get(OURS, {})]
            rate = [int(row['operations']) * int(batch) / float(row['seconds']) for row in rounds.values()]
            what = 'one entity read by key' if work == 'read' else (
                f"{'one ' + work if batch == '1' else batch + PLURAL[work]} a transaction, "
                f"{'one writer' if writers == '1' else writers + ' writers'}")
            rows.append((what, STORES[store],
                         *(time_text(median(float(row[f]) for row in rounds.values()))
                           for f in ('p50_us', 'p95_us', 'p99_us')),
                         f'{median(rate):,.0f}', ratio_text(median(ratios)) if ratios else ''))
    return """## Writing

Each transaction is flushed to disk. The server's are timed in the client; SQLite and RocksDB run in the writing process,
with four threads for four writers. RocksDB neither parses, nor looks whether the key was there, nor keeps rows of an edge.
The ratio is the store's median time to parseltongue's, as above.

""" + table(('', 'store', 'p50', 'p95', 'p99', 'rows a second', 'ratio of p50'), rows, right=2)


def readers():
    rows = [(r['what'], r['questions'], *(time_text(float(r[f])) for f in ('p50_us', 'p95_us', 'p99_us', 'max_us')),
             r['written'], r['autovacuums']) for r in read_results('readers')]
    text = '''## A reader among writers

3 hops, one after the other; the writers insert and delete edges, autovacuum comes every second.

''' + table(('', 'questions', 'p50', 'p95', 'p99', 'max', 'rows written', 'autovacuums'), rows)
    groups = {}
    for row in read_results('catchup'):
        groups.setdefault(int(row['new_edges']), []).append((float(row['first_us']), float(row['again_us'])))
    idle = median(first for first, _ in groups[0]) if 0 in groups else 0
    rows = [(f'{new:,}' if new else 'none, another table', len(pairs), time_text(median(f for f, _ in pairs)),
             time_text(median(a for _, a in pairs)), time_text(max(0, median(f for f, _ in pairs) - idle)))
            for new, pairs in groups.items()]
    return text + '''
### Catching up

The same 2-hop question before and after another session commits new edges; the difference is that to a commit to another
table, after which the reader has nothing to read but has been idle as long.

''' + table(('new edges', 'times', 'first question after', 'the same again', 'difference'), rows)


def fresh():
    rows = read_results('fresh')
    if not rows:
        return ''
    cells = []
    for state in dict.fromkeys(row['state'] for row in rows):
        for hops in ('all', '3', '2'):
            for label in ('itself', 'another table'):
                for rival in ('parseltongue', 'cte', 'csr'):
                    of = [row for row in rows if (row['state'], row['hops'], row['table'], row['rival']) == (state, hops, label, rival)]
                    if of:
                        cells.append((state if label == 'itself' else f'{state}, {label}', hops, EVERY_RIVAL[rival][0],
                                      sum(int(row['calls']) for row in of),
                                      *(time_text(median(float(row[f]) for row in of)) for f in ('first_us', 'p50_us', 'p95_us', 'p99_us')),
                                      f"{fresh_ratio(state, hops, rival, 'first_us', label):.3g}" if hops == 'all' else '',
                                      f'{fresh_ratio(state, hops, rival, label=label):.3g}'))
    ratios = {state: {rival: fresh_ratio(state, 'all', rival) for rival in ('parseltongue', 'cte')}
              for state in dict.fromkeys(row['state'] for row in rows)}
    walks = [(row['state'], *list(row.values())[1:]) for row in read_results('fresh_walks')]
    facts = '; '.join(f"{row['what']}: {row['value']}" for row in read_results('fresh_facts'))
    return f"""## Fresh rows

Out of random nodes, by new sessions: the first question of each, and the later ones. The image is there. Ratios are to the
median of the same table vacuumed, asked in turns and while nobody writes; a standby's are to the same table of its primary.
"Another table" is the vacuumed one, asked while the four sessions write: what they take of the machine, with the plain C search
beside. {facts}.

{plots.fresh(ratios)}
""" + table(('state', 'hops', '', 'questions', 'first', 'p50', 'p95', 'p99', 'first, ratio', 'p50, ratio'), cells, right=3) + """
What the third walk of a session over everything went by, in rows or pages looked at:

""" + table(('state', 'edges', 'pages judged', 'by map', 'by proof', 'by looking', 'by fetching'), walks)


def teps():
    rows = read_results('teps')
    if not rows:
        return ''
    cells = []
    for rival in dict.fromkeys(row['rival'] for row in rows):
        own = [(int(row['edges']), float(row['us'])) for row in rows if row['rival'] == rival]
        rates = [edges / us for edges, us in own]
        cells.append((EVERY_RIVAL[rival][0], len(own), f'{statistics.harmonic_mean(rates):,.0f}', f'{median(rates):,.0f}',
                      f'{min(rates):,.0f}', f'{max(rates):,.0f}', time_text(median(us for _, us in own))))
    return f"""## Edges a second

Whole walks of `{rows[0]['graph']}`, a Kronecker graph, from random nodes that have an edge. As in Graph500 edges are followed either way, an
edge counts once however often a walk looks at it, and the mean of rates is the harmonic one; other than there a walk counts what it
reaches and makes no tree. Millions of edges a second; both C programs have one list of the neighbours of each node, parseltongue two.

{plots.teps()}
""" + table(('', 'walks', 'harmonic mean', 'median', 'least', 'most', 'a walk, median'), cells)


def size():
    rows = [(row['what'], f"{float(row['value']):,.4g} {row['unit']}") for row in read_results('size')]
    if not rows:
        return ''
    return '## At size\n\n' + table(('', ''), rows)


def merge():
    groups = {}
    for row in read_results('merge'):
        groups.setdefault((row['what'], row['workers'], row['writers']), []).append(row)
    if not groups:
        return ''
    middle = {key: {f: median(float(r[f]) for r in rows) for f in ('p50_us', 'p95_us', 'p99_us')} for key, rows in groups.items()}
    cells = [(what, writers, workers, sum(int(r['questions']) for r in rows),
              *(time_text(value) for value in middle[what, workers, writers].values()),
              time_text(max(float(r['max_us']) for r in rows)), sum(int(r['written']) for r in rows),
              sum(r['merged'] == 'yes' for r in rows))
             for (what, workers, writers), rows in groups.items()]
    ratios = [float(before['max_us']) / float(after['max_us']) for before, after in
              zip(groups.get(('walks', '0', '4'), []), groups.get(('walks', '2', '4'), []))]
    return f"""## A reader while the image is merged

3 hops, and beside them look-ups of as many rows in a btree, while four sessions insert edges without a pause: with
`parseltongue.max_workers` = 0, where sessions merge the image within their walks, and 2, where a worker does. The longest
walk takes {ratio_text(median(ratios)) if ratios else '?'} times as long without workers.

""" + table(('', 'writers', 'workers', 'questions', 'p50', 'p95', 'p99', 'max', 'rows written', 'rounds with a merge'), cells)


def bulk():
    groups = {}
    for row in read_results('bulk'):
        groups.setdefault((row['what'], row['rows']), []).append((float(row['plain_s']), float(row['adjacency_s'])))
    rows = [(what, f'{int(count):,}', f'{median(p for p, _ in pairs):.3g} s', f'{median(a for _, a in pairs):.3g} s',
             ratio_text(median(a / p for p, a in pairs))) for (what, count), pairs in groups.items()]
    sizes = ', '.join(f"{r['what'].removeprefix('bulk_')} {bytes_text(r['bytes'])}" for r in read_results('bulk_sizes'))
    return f"""## In bulk

A table like pt_edge, with its primary key: without and with an adjacency index. For CREATE INDEX: the btree of the primary
key and the adjacency index. Sizes: {sizes}.

""" + table(('', 'rows', 'without', 'with', 'ratio'), rows)


def memory():
    rows = [(f"`{r['graph']}`", r['rival'], r['sessions'],
             *(bytes_text(int(r[f]) * 1024) for f in ('idle_kb', 'whole_kb', 'private_kb')),
             bytes_text(int(r['whole_kb']) * 1024 / int(r['sessions'])), bytes_text(r['image_bytes']))
            for r in read_results('memory')]
    return """## Memory

All processes of the server, shared pages counted once, before and after each session has asked (parseltongue: for
everything; the CTE: 2 hops); the most that one session has to itself; the whole divided by the sessions. One image serves
all of them. What a rival takes that loads a copy into each process is under *Loading*: times the number of processes.

""" + table(('graph', 'rival', 'sessions', 'idle', 'after', 'private, at most', 'a session', 'shared image'), rows)


def growth():
    return f'''## How cost grows

### With the edges looked at

{plots.growth_work()}
### With the size of the graph

Median of 2 and 3 hops out of random nodes: the work is the same, the graph is not.

{plots.growth_size()}'''


def search():
    setup = read_results('search_setup')
    if not setup:
        return '## Searching\n\nNot measured.\n'
    rows, ours = [], {r['class']: r for r in read_results('search') if r['who'] == 'pt_search'}
    for r in read_results('search'):
        mine = ours[r['class']]
        rows.append((r['class'], r['who'], r['queries'], r['found'],
                     *(time_text(float(r[f])) for f in ('p50_us', 'p95_us', 'p99_us', 'max_us')),
                     '' if r['who'] == 'pt_search' else ratio_text(float(r['p50_us']) / float(mine['p50_us']))))
    rows.sort(key=lambda row: list(ours).index(row[0]))
    text = f"""## Searching

{int(setup[0]['entities']):,} entities, {setup[0]['what']}, with code and signature; `pt_enable_search` took {setup[0]['enable_s']} s,
its indexes have {bytes_text(setup[0]['bytes'])}, an index of trigrams over name and key took {setup[0]['gin_s']} s. *found* counts
the queries with an answer: ILIKE finds no misspelt names. The ratio is of the medians.

"""
    return text + table(('query', 'by', 'queries', 'found', 'p50', 'p95', 'p99', 'max', 'ratio'), rows, right=2)


def algorithms():
    times = {}
    for row in read_results('algorithms'):
        times.setdefault((row['graph'], row['algorithm']), {}).setdefault(row['who'], []).append(float(row['us']))
    rows = []
    for (graph, algorithm), own in times.items():
        if OURS not in own:
            continue
        ours = median(own[OURS])
        ready = median(own['C']) if 'C' in own else None
        theirs = [ours / ready, ours / (ready + median(times[graph, 'rows']['C']))] if ready else [None, None]
        rows.append((f'`{graph}`', algorithm, time_text(ours), *map(ratio_text, theirs),
                     *(ratio_text(median(own[who]) / ours if who in own else None) for who in ('SQL', 'duckdb', 'igraph', 'networkx', 'pgRouting'))))
    return """## Algorithms over the whole graph

On bigint nodes, all rows counted in the server. The plain C program has the graph as arrays of its own: how many times as
long parseltongue takes as it does on rows that are there, and with making the rows from the list of edges. The others:
how many times parseltongue's time they take; the libraries and DuckDB have the graph already. igraph's PageRank is not by
iterations. The cheapest path is one from a random node to another, by weights of 1 to 97.

""" + table(('graph', 'algorithm', 'parseltongue', 'of C', 'of C with rows', 'SQL', 'DuckDB', 'igraph', 'NetworkX', 'pgRouting'), rows, right=2)


def relations():
    rows = [(r['relation'], r['hops'], r['found'], time_text(float(r['us'])), time_text(float(r['cte_us'])),
             ratio_text(float(r['ratio']))) for r in read_results('relations')]
    return '''## Other relations

Reached and counted from one node, outward. Where the relation is not a table with an index each step is a query; the
recursive query reads the same relation, as the same role.

''' + table(('relation', 'hops', 'found', 'parseltongue', 'recursive CTE', 'ratio'), rows, right=1)


def scans():
    times = {}
    for r in read_results('scans'):
        times.setdefault((r['what'], r['by']), {})[r['store']] = r
    rows = []
    for (what, by), own in times.items():
        shown = [own.get(store) for store in ('two btrees', 'adjacency', 'adjacency, no image', 'none')]
        rows.append((what, by, *(time_text(float(r['us'])) if r else '' for r in shown),
                     ratio_text(float(shown[1]['ratio'])), ratio_text(float(shown[2]['ratio'])) if shown[2] else ''))
    sizes = [(r['store'], *(f"{int(r[column]) / 1e6:.1f}" for column in ('table_bytes', 'index_bytes', 'image_bytes')))
             for r in read_results('scans_sizes')]
    return '''## Ordinary queries

Rows by one of their ends, summed up or counted, in a table that has two btrees and in one that has an adjacency index only, with its
image and without, when the index is read. Ratios are the btrees' time to that of the adjacency index.

''' + table(('question', 'by', 'two btrees', 'adjacency', 'no image', 'no index', 'ratio', 'no image'), rows, right=2) + '''
Megabytes on disk, and of memory for the image:

''' + table(('store', 'table', 'indexes', 'image'), sizes, right=1)


def kernel():
    values = {}
    for row in read_results('targets'):
        values.setdefault((row['graph'], row['what']), []).append(row)
    rows = [(graph, what, members[0]['value'], time_text(median(float(m['us']) for m in members)),
             time_text(percentile([float(m['us']) for m in members], 95))) for (graph, what), members in values.items()]
    return '''## Named questions

Answers in brackets are rows returned, others what was counted.

''' + table(('graph', 'question', 'answer', 'median', 'p95'), rows, right=2)


def indexing():
    groups = {}
    for row in read_results('indexing'):
        groups.setdefault(int(row['processes']), []).append(row)
    if not groups:
        return ''
    one = {row['round']: float(row['seconds']) for row in groups.get(1, [])}
    rows = []
    for count, own in groups.items():
        seconds = median(float(r['seconds']) for r in own)
        written = int(own[0]['entities']) + int(own[0]['edges'])
        rows.append((count, f'{seconds:.3g} s', f"{median(float(r['cpu_s']) for r in own):.3g} s",
                     f"{int(own[0]['files']) / seconds:,.0f}", f'{written / seconds:,.0f}',
                     ratio_text(median(one[r['round']] / float(r['seconds']) for r in own if r['round'] in one)),
                     sum(int(r['lost']) for r in own), sum(int(r['extra']) for r in own)))
    first = groups[min(groups)][0]
    return f"""## Indexing source code

`pt-index` over the parts of a tree, by so many processes at once, each with one thread and one connection:
{int(first['files']):,} files of Python and C, {bytes_text(first['bytes'])}, {int(first['entities']):,} entities and
{int(first['edges']):,} edges; the processor time is the processes' own, without the server's. Rows are compared with those
of the one process as sets.

""" + table(('processes', 'time', 'processor time', 'files a second', 'rows a second', 'times as fast', 'rows lost', 'rows too many'),
            rows, right=0)


def resolving():
    judged = [(r['tree'], r['language'], r['set'], f"{int(r['inside']):,}", r['right'], r['several'], r['wrong'], r['shared'], r['none'],
               f"{int(r['outside']):,}", r['guessed'], f"{int(r['unknown']):,}") for r in read_results('resolve')]
    methods = [(r['set'], r['method'], r['confidence'], r['guesses'], r['right']) for r in read_results('resolve_method')
               if float(r['confidence']) >= 0.5 and int(r['guesses']) >= 20]
    if not judged:
        return ''
    return '''## References

Calls in code of others, resolved with the default threshold, beside what a type checker says of them; percent of the
calls of things inside of the tree, and of those outside how many are taken for something inside.

''' + table(('tree', 'language', 'set', 'inside', 'right', 'several', 'wrong', 'shared', 'none', 'outside', 'guessed', 'unknown'), judged, right=3) + '''
How many of the guesses of a method are right:

''' + table(('set', 'method', 'confidence', 'guesses', 'right, %'), methods, right=2)


def main():
    reading = Reading()
    folder = BENCH / 'report'
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    sections = [head(reading), agreement(reading), verdict_table(reading), side_by_side(reading), teps(), algorithms(), starts(),
                relations(), scans(), cold(), clients(), writing(), readers(), fresh(), merge(), bulk(), memory(), growth(), kernel(),
                search(), indexing(), resolving(), size(), load_table(), graph_table(), rival_list()]
    (folder / 'report.md').write_text('\n'.join(sections), encoding='utf-8')
    raw = folder / 'results'
    shutil.copytree(BENCH / 'results', raw)


main()

"""The README's plot and table.

picture.py keep: from the results of the last run what they are made of goes to
bench/kept; then as picture.py picture, which draws docs/performance.svg from
bench/kept and prints the rows of the README's table.
"""
import shutil
import sys

import plots
from harness import BENCH, CODE, EVERY_RIVAL, read_facts, read_results
from tables import OURS, Reading, ratio_text, time_text

KEPT = CODE / 'kept'
RESULTS = BENCH / 'results'
COLUMNS = ('csr', 'dobfs', 'cte', 'pgrouting', 'duckdb')

# of the README's table: graph, question, in words
ROWS = (
    ('code_10k', ('hub', 'in', 'all', 'count'), '10,000 nodes, 50,000 edges: all that leads to a hub, counted'),
    ('code_10k', ('leaf', 'out', 'all', 'count'), '… all that follows from a leaf, counted'),
    ('code_10k', ('hub', 'in', 'all', 'rows'), '… all that leads to a hub, rows'),
    ('code_1m', ('hub', 'in', 'all', 'count'), '1M nodes, 5M edges: all that leads to a hub, counted'),
    ('code_1m', ('leaf', 'out', 'all', 'count'), '… all that follows from a leaf, counted'),
    ('code_1m', ('leaf', 'out', '5', 'count'), '… 5 hops from a leaf, counted'),
    ('code_1m', ('leaf', 'out', '2', 'rows'), '… 2 hops from a leaf, rows'),
    ('code_1m', ('hub', 'in', 'all', 'rows'), '… all that leads to a hub, rows'),
    ('chain_1m', ('leaf', 'out', 'all', 'count'), 'chain of 1M nodes, counted'),
    ('kernel', ('hub', 'in', 'all', 'count'), 'Linux calls ({nodes:,} nodes, {edges:,} edges): all to a hub, counted'),
    ('kernel', ('hub', 'in', '2', 'rows'), '… 2 hops, rows'),
)


def is_kept(row):
    """Of everything, from 10,000 to 1,000,000 nodes, for the plot, and what is in the table."""
    question = Reading.question(row)
    return question in {(graph, *asked) for graph, asked, _ in ROWS} or \
        row['graph'].startswith('code_') and question[1:] == ('hub', 'in', 'all', 'count')


def keep():
    if read_facts()['size'] != 'full':
        sys.exit('the results are those of a quick run')
    KEPT.mkdir(exist_ok=True)
    for name in ('facts', 'graphs'):
        shutil.copyfile(RESULTS / f'{name}.tsv', KEPT / f'{name}.tsv')
    for name in ('reading', 'failures'):
        rows = [row for row in read_results(name) if is_kept(row)]
        header = (RESULTS / f'{name}.tsv').read_text(encoding='utf-8').split('\n', 1)[0]
        (KEPT / f'{name}.tsv').write_text('\n'.join([header, *('\t'.join(row.values()) for row in rows)]) + '\n',
                                         encoding='utf-8')


def cell(reading, question, rival):
    ratio = reading.ratio(question, rival)
    if ratio is not None:
        return ratio_text(ratio) if ratio >= 0.1 else f'{ratio:.1g}'
    why = reading.why.get((question, rival), '')
    return 'too slow' if 'statement timeout' in why or 'no answer' in why else '–'


def picture():
    facts = read_facts(KEPT)
    reading = Reading(KEPT)
    plots.everything(reading, 'performance', CODE.parent / 'docs',
                     'Everything that leads to a hub of a code-like graph, counted\\n'
                     f"commit {facts['commit'].split()[0]}, {facts['date'].split()[0]}, {facts['processor']}")
    print(f"docs/performance.svg is drawn. The rows of README's table, of {facts['command']} at {facts['commit']}:\n")
    print('| question (nodes reached) | parseltongue |', ' | '.join(EVERY_RIVAL[rival][0] for rival in COLUMNS), '|')
    for graph, asked, text in ROWS:
        question = (graph, *asked)
        if question in reading.counts:
            words = text.format(nodes=reading.nodes[graph], edges=reading.edges[graph])
            print(f'| {words} ({reading.counts[question]:,}) | {time_text(reading.time(question))} |',
                  ' | '.join(cell(reading, question, rival) for rival in COLUMNS), '|')


if sys.argv[1:] not in (['keep'], ['picture']):
    sys.exit(__doc__)
if sys.argv[1] == 'keep':
    keep()
picture()

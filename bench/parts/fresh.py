"""The same questions while rows are fresh: everything, 3 hops and 2 hops out of random
nodes, of a table just loaded, with 1 % of its rows updated or deleted, and while four
sessions write to it; in turns with the same table vacuumed, and beside the recursive
CTE. Then a standby beside its primary.

Each block of questions is asked by a new session, so its first question is one that has
not looked at any page. The image is there: what building it takes is in the parts cold
and size. Each state's answers are compared with the CTE's as sets; the writers' once they
have stopped.
"""
import shutil
import subprocess
import time
from types import SimpleNamespace

from answers import ask_for_set
from harness import (BENCH, BIN, DATA, LARGEST, Question, Results, Rival, choose, graph, note, percentile, progress, psql,
                     seeded)

ROUNDS = choose(2, 3)
# hops: calls in a block, and of the CTE, which counts everything in one round only
CALLS = {-1: (choose(12, 40), 1), 3: (choose(100, 300), choose(15, 60)), 2: (choose(150, 500), choose(30, 200))}
WRITERS = 4
STANDBY_PORT = 5515
CHANGED = 'abs(hashint8(a * 1000003 + b) % 100) = 7'

# a session that indexes code: what was known of a function goes, what is known now comes
WRITE = """\\set node random(0, {last})
BEGIN;
DELETE FROM fresh_itself WHERE a = :node;
INSERT INTO fresh_itself SELECT :node, (:node + i * 7919) % {nodes} FROM generate_series(1, 5) AS i;
COMMIT;
"""


class Fresh:
    def __init__(self):
        self.on = graph(LARGEST)
        out, _ = self.on.degrees()
        # of some edges, so that changes leave the node in the graph
        few = [node for node in range(self.on.nodes) if out[node] >= 3]
        self.starts = seeded().sample(few, max(calls for calls, _ in CALLS.values()))
        self.results = Results('fresh', 'state', 'table', 'round', 'hops', 'rival', 'calls', 'first_us', 'p50_us', 'p95_us',
                               'p99_us', 'max_us')
        self.walks = Results('fresh_walks', 'state', 'edges', 'pages_judged', 'by_map', 'by_proof', 'by_looking', 'by_fetching')
        self.facts = Results('fresh_facts', 'what', 'value')

    def make_table(self, name):
        psql('-c', 'SET client_min_messages = warning', '-c', f'DROP TABLE IF EXISTS {name}',
             '-c', f'CREATE TABLE {name} (a bigint NOT NULL, b bigint NOT NULL) WITH (autovacuum_enabled = off)',
             '-c', f"COPY {name} FROM '{self.on.path}'",
             '-c', f'CREATE INDEX {name}_adj ON {name} USING adjacency (a, b)',
             '-c', f'CREATE INDEX ON {name} (a, b)', '-c', f'CREATE INDEX ON {name} (b, a)', '-c', f'ANALYZE {name}')

    def rival(self, name, table, port=None):
        return Rival(name, SimpleNamespace(name=table, path=self.on.path, nodes=self.on.nodes, text=''), port=port)

    def block(self, state, number, hops, rival, table, port=None, label='itself'):
        """Questions of a new session; their counts."""
        asker = self.rival(rival, table, port)
        counts, times = [], []
        for start in self.starts[:CALLS[hops][rival == 'cte']]:
            count, _, _, (took,) = asker.ask(Question(start, 'any', 'out', hops), 300, warm=0, runs=1)
            counts.append(count)
            times.append(took)
        asker.close()
        later = times[1:] or times
        self.results.put(state, label, number, 'all' if hops < 0 else hops, rival, len(times), f'{times[0]:.1f}',
                         *(f'{percentile(later, p):.1f}' for p in (50, 95, 99)), f'{max(later):.1f}')
        return counts

    def measure(self, state, table='fresh_itself', port=None, reference='fresh_vacuumed'):
        """Blocks of the reference and of the table, in turns."""
        for at in dict.fromkeys((port, None)):
            ready(table, at)
        ready(reference)
        for number in range(ROUNDS):
            for hops in CALLS:
                self.block(state, number, hops, 'parseltongue', reference, label='reference')
                ours = self.block(state, number, hops, 'parseltongue', table, port)
                if hops < 0 < number:
                    continue
                self.block(state, number, hops, 'cte', reference, label='reference')
                theirs = self.block(state, number, hops, 'cte', table, port)
                if ours[:len(theirs)] != theirs:
                    raise RuntimeError(f'{state}, {hops} hops: {ours[:len(theirs)]}, the CTE says {theirs}')
        self.compare(state, table, port)
        self.look(state, table, port)
        progress(state)

    def compare(self, state, table, port=None):
        ours, theirs = self.rival('parseltongue', table, port), self.rival('cte', table, port)
        for hops in CALLS:
            question = Question(self.starts[-1], 'any', 'out', hops)
            difference = ask_for_set(ours, question, 300).differs_from(ask_for_set(theirs, question, 300))
            if difference:
                raise RuntimeError(f'{state}, {hops} hops from {question.start}: {difference}')
        ours.close()
        theirs.close()

    def look(self, state, table, port=None):
        """What the third walk of a session goes by."""
        walk = f"SELECT pt_blast_radius_count('{self.starts[0]}', NULL, 'out', graph => '{table}')"
        text = psql(*(word for sql in (walk, walk, walk, """SELECT edges, pages_judged, by_map, by_proof, by_looking, by_fetching
            FROM pt_last_walk()""") for word in ('-c', sql)), port=port)
        self.walks.put(state, *text.splitlines()[-1].split('|'))

    def among_writers(self):
        """The reference is asked while nobody writes; another table and the limit while they write, for what
        they take of the machine."""
        script = BENCH / 'log' / 'fresh-write.sql'
        script.write_text(WRITE.format(last=self.on.nodes - 1, nodes=self.on.nodes), encoding='ascii')
        psql('-c', 'ALTER TABLE fresh_itself RESET (autovacuum_enabled)')
        state, seconds, before = 'four writers', 0.0, written()
        for number in range(ROUNDS):
            self.blocks(state, number, 'reference', 'fresh_vacuumed', ('parseltongue', 'cte', 'csr'))
            writing = subprocess.Popen([BIN / 'pgbench', '-n', '-M', 'prepared', '-f', script, '-c', str(WRITERS), '-j', '1',
                                        '-T', '3600'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            begun = time.monotonic()
            time.sleep(0.5)
            self.blocks(state, number, 'itself', 'fresh_itself', ('parseltongue', 'cte'))
            self.blocks(state, number, 'another table', 'fresh_vacuumed', ('parseltongue', 'csr'))
            if number == ROUNDS - 1:
                self.look(state, 'fresh_itself')
            if writing.poll() is not None:
                raise RuntimeError('the writers have stopped')
            writing.terminate()
            writing.wait()
            seconds += time.monotonic() - begun
        time.sleep(1.5)         # statistics are reported late
        self.facts.put('rows written a second', f'{(written() - before) / seconds:.0f}')
        self.compare(state, 'fresh_itself')
        progress(state)

    def blocks(self, state, number, label, table, rivals):
        for rival in rivals:
            for hops in CALLS:
                if rival == 'cte' and hops < 0 < number:
                    continue
                self.block(state, number, hops, rival, table, label=label)

    def on_standby(self):
        """Both tables as they are now."""
        folder = DATA.parent / 'standby'
        shutil.rmtree(folder, ignore_errors=True)
        size = int(psql('-c', 'SELECT sum(pg_database_size(oid)) FROM pg_database'))
        if shutil.disk_usage(DATA).free < 2 * size:
            self.facts.put('no standby', f'a copy of {size / 1e9:.1f} GB would fill the disk')
            return
        subprocess.run([BIN / 'pg_basebackup', '-D', folder, '-R', '-c', 'fast', '-X', 'stream'], check=True)
        pg_ctl = [BIN / 'pg_ctl', '-D', folder, '-w', '-s']
        try:
            subprocess.run([*pg_ctl, '-o', f'-p {STANDBY_PORT}', '-l', BENCH / 'log' / 'standby.log', 'start'], check=True,
                           stdout=subprocess.DEVNULL)
            for name, table in (('a standby, vacuumed', 'fresh_vacuumed'), ('a standby, just loaded', 'fresh_itself')):
                self.measure(name, table, STANDBY_PORT, reference=table)
        finally:
            subprocess.run([*pg_ctl, '-m', 'immediate', 'stop'], check=False)
            shutil.rmtree(folder, ignore_errors=True)


def ready(table, port=None):
    """The image, and the table in the server's cache."""
    psql('-c', f"SELECT * FROM pt_prewarm('{table}')", '-c', f'SELECT count(*) FROM {table}', port=port)


def written():
    return int(psql('-c', "SELECT n_tup_ins + n_tup_del FROM pg_stat_user_tables WHERE relname = 'fresh_itself'"))


def main():
    fresh = Fresh()
    fresh.make_table('fresh_vacuumed')
    psql('-c', 'VACUUM fresh_vacuumed')
    fresh.make_table('fresh_itself')
    fresh.measure('just loaded')
    try:
        fresh.on_standby()
    except (OSError, subprocess.CalledProcessError) as error:
        fresh.facts.put('no standby', str(error))
        note(str(error))
    psql('-c', 'VACUUM fresh_itself', '-c', f'UPDATE fresh_itself SET b = b WHERE {CHANGED}')
    fresh.measure('1 % updated')
    # anew: what was updated lies together at the table's end
    fresh.make_table('fresh_itself')
    psql('-c', 'VACUUM fresh_itself', '-c', f'DELETE FROM fresh_itself WHERE {CHANGED}')
    fresh.measure('1 % deleted')
    psql('-c', 'VACUUM fresh_itself')
    fresh.measure('1 % deleted, vacuumed')
    fresh.among_writers()
    psql('-c', 'DROP TABLE fresh_vacuumed, fresh_itself')


main()

"""What the parts of the benchmark share: where things are, how large, the
conversation with rivals, timed statements, and files of results.

Results are tab-separated files with a header in $BENCH/results; the report is
made of nothing else.
"""
import csv
import hashlib
import os
import random
import selectors
import statistics
import subprocess
import sys
import time
from pathlib import Path

BENCH = Path(os.environ['BENCH'])
CODE = Path(os.environ['BENCH_CODE'])
BIN = Path(os.environ['BENCH_BIN'])
DATA = Path(os.environ['BENCH_DATA'])
FULL = os.environ['BENCH_SIZE'] == 'full'
KERNEL = FULL or os.environ.get('BENCH_KERNEL') == 'yes'
GRAPHS = BENCH / 'graphs'
SEED = 42


def choose(quick, full):
    """A size, by the kind of run."""
    return full if FULL else quick


def progress(text):
    print(f'    {text}', flush=True)


# ---------------------------------------------------------------------------
# Results.
# ---------------------------------------------------------------------------

class Results:
    """A file of results, written row by row."""

    def __init__(self, name, *columns):
        self.columns = columns
        self.file = open(BENCH / 'results' / f'{name}.tsv', 'w', encoding='utf-8')
        self.put(*columns)

    def put(self, *fields):
        assert len(fields) == len(self.columns), fields
        print(*(' '.join(str(field).split()) for field in fields), sep='\t', file=self.file, flush=True)


def read_results(name, folder=BENCH / 'results'):
    """Rows of a file of results as dictionaries; none, if the part did not run."""
    path = folder / f'{name}.tsv'
    if not path.exists():
        return []
    with open(path, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file, delimiter='\t', quoting=csv.QUOTE_NONE))


def read_facts(folder=BENCH / 'results'):
    return dict(line.split('\t', 1) for line in (folder / 'facts.tsv').read_text(encoding='utf-8').splitlines())


def percentile(values, percent):
    """The nearest-rank percentile."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


median = statistics.median


# ---------------------------------------------------------------------------
# The server.
# ---------------------------------------------------------------------------

def psql(*arguments, script=None, port=None):
    """psql's output; an error ends the part."""
    if port:
        arguments = '-p', str(port), *arguments
    command = [BIN / 'psql', '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1', *arguments]
    done = subprocess.run(command, input=script, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip()


def restart_server():
    subprocess.run([BIN / 'pg_ctl', 'restart', '-D', DATA, '-w', '-s', '-m', 'fast', '-l',
                    BENCH / 'log' / 'server.log'], check=True, stdout=subprocess.DEVNULL)


class Statements:
    """Statements timed in a client, one at a time; see pgtime.c."""

    def __init__(self):
        self.process = subprocess.Popen([BENCH / 'bin' / 'pgtime'], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def read(self):
        line = self.process.stdout.readline().rstrip('\n').split('\t')
        if len(line) < 3 or line[1] == 'error':
            raise RuntimeError(f'statement failed: {line}')
        return float(line[1]), line[2]

    def run(self, sql, connection='main'):
        """Microseconds and value."""
        print('s', connection, ' '.join(sql.split()), sep='\t', file=self.process.stdin, flush=True)
        return self.read()

    def time(self, sql, connection='main'):
        return self.run(sql, connection)[0]

    def fresh(self, sql):
        """In a new connection: microseconds of the statement, of connecting, value."""
        took, value = self.run(sql, '+')
        return took, self.read()[0], value

    def close(self):
        self.process.stdin.close()
        self.process.wait()


# ---------------------------------------------------------------------------
# Graphs.
# ---------------------------------------------------------------------------

# name: kind, nodes, edges asked for
GENERATED = {
    'band_10k': ('band', 10_000, 0),
    'code_10k': ('code', 10_000, 50_000),
    'code_100k': ('code', 100_000, 500_000),
    **choose({
        'kron_16k': ('kronecker', 2**14, 8 * 2**14),
        'chain_20k': ('chain', 20_000, 0),
        'star_20k': ('star', 20_000, 0),
        'code_30k': ('code', 30_000, 150_000),
    }, {
        'code_1m': ('code', 1_000_000, 5_000_000),
        'kron_262k': ('kronecker', 2**18, 16 * 2**18),
        'chain_1m': ('chain', 1_000_000, 0),
        'star_1m': ('star', 1_000_000, 0),
        'code_30k': ('code', 30_000, 150_000),
        'code_300k': ('code', 300_000, 1_500_000),
        'kron_1m': ('kronecker', 2**20, 16 * 2**20),
    }),
}

# Graphs that serve only to see how cost grows with their size, or for algorithms.
NOT_READ = ('code_30k', 'code_300k', 'kron_1m')
GROWTH = choose(('code_10k', 'code_30k', 'code_100k'),
                ('code_10k', 'code_30k', 'code_100k', 'code_300k', 'code_1m'))
LARGEST = choose('code_100k', 'code_1m')
SIZE = choose(('code_500k', 'code', 500_000, 2_500_000), ('code_10m', 'code', 10_000_000, 50_000_000))
TEPS = choose('kron_16k', 'kron_1m')
ALGORITHMS = choose(('code_100k', 'kron_16k'), ('code_1m', 'kron_1m'))


class Graph:
    """An edge list on disk and its table in the server, both of one name."""

    def __init__(self, row):
        self.name = row['graph']
        self.nodes = int(row['nodes'])
        self.edges = int(row['edges'])
        self.text = row['text']         # schema of the same graph with text keys, or nothing
        self.path = GRAPHS / f'{self.name}.edges'

    def degrees(self):
        """Numbers of edges that leave and that enter each node."""
        out, into = [0] * self.nodes, [0] * self.nodes
        with open(self.path, encoding='ascii') as file:
            for line in file:
                a, b = line.split('\t')
                out[int(a)] += 1
                into[int(b)] += 1
        return out, into


def generate(name, kind, nodes, edges):
    with open(GRAPHS / f'{name}.edges', 'wb') as file:
        subprocess.run([BENCH / 'bin' / 'generate', kind, str(nodes), str(edges), str(SEED)],
                       stdout=file, check=True)


def checksum(path):
    """SHA-256 and number of lines."""
    digest = hashlib.sha256()
    lines = 0
    with open(path, 'rb') as file:
        while block := file.read(1 << 20):
            digest.update(block)
            lines += block.count(b'\n')
    return digest.hexdigest(), lines


def verdict_of(name, digest):
    """Whether a generated graph is the one that it should be."""
    sums = dict(reversed(line.split()) for line in (CODE / 'checksums').read_text().splitlines())
    if digest == sums.get(name):
        return 'as in bench/checksums'
    progress(f'{name}: NOT AS IN bench/checksums')
    return f'NOT AS IN bench/checksums ({sums.get(name)})'


def graphs():
    return [Graph(row) for row in read_results('graphs')]


def graph(name):
    return next(g for g in graphs() if g.name == name)


# ---------------------------------------------------------------------------
# Rivals.
# ---------------------------------------------------------------------------

def postgres(file, table='{graph}'):
    return [str(BENCH / 'bin' / 'rival-postgres'), table, '{edges}', '{nodes}', '{folder}',
            str(CODE / 'rivals' / f'{file}.sql')]


def program(name):
    return [str(BENCH / 'bin' / f'rival-{name}'), '{graph}', '{edges}', '{nodes}', '{folder}']


def script(interpreter, file):
    return [interpreter, str(CODE / 'rivals' / file), '{graph}', '{edges}', '{nodes}', '{folder}']


# name: title, command, colour in plots. Two have the same graph under text keys.
RIVALS = {
    'parseltongue': ('parseltongue', postgres('parseltongue'), '#1f6fb4'),
    'parseltongue-text': ('parseltongue, text keys', postgres('parseltongue', '{text}.pt_edge'), '#7fb8e6'),
    'csr': ('plain C: the limit', program('csr'), '#333333'),
    'dobfs': ('C, direction-optimising', program('dobfs'), '#999999'),
    'cte': ('recursive CTE', postgres('cte'), '#d62728'),
    'cte-text': ('recursive CTE, text keys', postgres('cte-text', '{text}.pt_edge'), '#f2a0a1'),
    'cte-depth': ('recursive CTE with depth', postgres('cte-depth'), '#8c1516'),
    'plpgsql': ('PL/pgSQL loop', postgres('plpgsql'), '#ff7f0e'),
    'pgrouting': ('pgRouting', postgres('pgrouting'), '#2ca02c'),
    'sqlite': ('SQLite', program('sqlite'), '#17becf'),
    'rocksdb': ('RocksDB', program('rocksdb'), '#9467bd'),
    'duckdb': ('DuckDB', script('node', 'duckdb.js'), '#d9b400'),
    'kuzu': ('Kuzu', script('node', 'kuzu.js'), '#e377c2'),
    'cozo': ('CozoDB (wasm)', script('node', 'cozo.js'), '#8c564b'),
    'networkx': ('NetworkX', script('/usr/bin/python3', 'networkx.py'), '#a0a61f'),
    'igraph': ('igraph', script('/usr/bin/python3', 'igraph.py'), '#00615f'),
}
# For the part selftest: rivals/wrong.py, by its fault.
WRONG = {f'wrong-{fault}': (f'wrong: {fault}', [*script('/usr/bin/python3', 'wrong.py'), fault], '')
         for fault in ('none', 'node', 'depth', 'twice')}
EVERY_RIVAL = {**RIVALS, **WRONG}
LIMITS = ('csr', 'dobfs')
TEXT_RIVALS = ('parseltongue-text', 'cte-text')
if os.environ.get('BENCH_ONLY'):
    ONLY = ('parseltongue', 'parseltongue-text', *LIMITS, *os.environ['BENCH_ONLY'].split(','))
    if not set(ONLY) <= set(RIVALS):
        raise SystemExit(f"no such rival: {', '.join(set(ONLY) - set(RIVALS))}; there are {', '.join(RIVALS)}")
    RIVALS = {name: RIVALS[name] for name in RIVALS if name in ONLY}


def missing(name):
    """Why a rival takes no part, or None."""
    path = BENCH / 'rivals' / f'{name}.missing'
    return path.read_text(encoding='utf-8').strip() if path.exists() else None


class Failure(Exception):
    """A rival did not answer; the text says why."""


class Rival:
    """A rival's process, on one graph."""

    def __init__(self, name, on, load_seconds=300, answer_seconds=300, port=None):
        self.folder = BENCH / 'db' / name / on.name
        self.folder.mkdir(parents=True, exist_ok=True)
        names = {'graph': on.name, 'edges': on.path, 'nodes': on.nodes, 'folder': self.folder,
                 'text': on.text}
        self.name = name
        self.said = []              # (version|settings|query, text)
        self.loaded = None
        self.buffer = b''
        self.log = open(BENCH / 'log' / f'rival-{name}.log', 'ab')
        self.process = subprocess.Popen([word.format(**names) for word in EVERY_RIVAL[name][1]],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.log,
                                        # nobody waits for the server's answer longer than for a rival's
                                        env={**os.environ, 'PGPORT': str(port or os.environ['PGPORT']),
                                             'PGOPTIONS': f'-c statement_timeout={answer_seconds}s'})
        try:
            self.wait_until_ready(load_seconds)
        except Failure:
            self.close()
            raise

    def wait_until_ready(self, seconds):
        until = time.monotonic() + seconds
        while True:
            what, *fields = self.read(until, f'did not load within {seconds:.0f} s')
            if what == 'ready':
                return
            if what == 'error':
                raise Failure(' '.join(fields))
            if what == 'loaded':
                self.loaded = float(fields[0])
            else:
                self.said.append((what, fields[0]))

    def read(self, until, complaint):
        """The fields of the next line."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            while b'\n' not in self.buffer:
                if not selector.select(max(0, until - time.monotonic())):
                    raise Failure(complaint)
                data = os.read(self.process.stdout.fileno(), 65536)
                if not data:
                    raise Failure(f'ended with status {self.process.wait()}')
                self.buffer += data
        line, self.buffer = self.buffer.split(b'\n', 1)
        return line.decode('utf-8', 'replace').split('\t')

    def ask(self, question, seconds, warm=1, runs=20, budget=100):
        """(count, touched, levels, [microseconds]), None if it has no query for that."""
        fields = (question.direction, question.hops, question.mode, question.start_of(self.name),
                  question.levels, warm, runs, budget)
        try:
            self.process.stdin.write('\t'.join(map(str, fields)).encode() + b'\n')
            self.process.stdin.flush()
        except BrokenPipeError as error:
            raise Failure('ended') from error
        what, *answer = self.read(time.monotonic() + seconds, f'no answer within {seconds:.0f} s')
        if what == 'error':
            raise Failure(' '.join(answer))
        if what == 'cannot':
            return None
        count, touched, levels, *times = answer
        return int(count), int(touched), int(levels), [float(t) for t in times]

    def memory(self):
        """Proportional set size of the process in kB."""
        return pss(self.process.pid)

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.log.close()


class Question:
    """How many nodes, or which, are reached from a start."""

    def __init__(self, start, kind, direction, hops, mode='count', levels=64, key=None):
        self.start = start
        self.kind = kind                # hub, leaf or any
        self.direction = direction
        self.hops = hops                # -1: no bound
        self.mode = mode
        self.levels = levels
        self.key = key                  # of the start, where keys are text

    def start_of(self, rival):
        return self.key if rival in TEXT_RIVALS else self.start

    @property
    def hops_text(self):
        return 'all' if self.hops < 0 else str(self.hops)


def pss(pid):
    """Proportional set size in kB: private memory and the share of what is shared."""
    try:
        with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
            for line in file:
                if line.startswith('Pss:'):
                    return int(line.split()[1])
    except OSError:
        pass
    return None


def seeded():
    return random.Random(SEED)


def note(text):
    """Into the part's log."""
    print(text, file=sys.stderr, flush=True)

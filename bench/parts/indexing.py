"""Many writers of source code: pt-index over the parts of a tree, by one process and
by up to eight at the same time, and whether what they leave is what one leaves.

The tree is Python's own library and the server's headers, as the machine has them,
each part a folder with some of the files under the paths that they have in all of it.
"""
import os
import shutil
import subprocess
import sysconfig
import time
from pathlib import Path

from harness import BENCH, Results, choose, progress, psql

PLACE = BENCH / 'indexing'
INDEXER = os.environ.get('BENCH_INDEXER', BENCH / 'bin' / 'pt-index')
PROCESSES = (1, 2, 4, 8)
ROUNDS = choose(1, 3)
EVERY = choose(4, 1)                # file of the tree
ENTITY = ('key, name, entity_type, entity_class, language, file_path, line_start, line_end, signature, code, '
          'properties')


def source_files():
    """Path within the tree, and where it is."""
    python = Path(sysconfig.get_path('stdlib'))
    headers = Path(subprocess.run(['pg_config', '--includedir-server'], stdout=subprocess.PIPE, text=True,
                                  check=True).stdout.strip())
    found = [(Path('python') / path.relative_to(python), path) for path in python.rglob('*.py')
             if 'dist-packages' not in path.parts and 'site-packages' not in path.parts]
    found += [(Path('headers') / path.relative_to(headers), path) for path in headers.rglob('*.h')]
    return [pair for pair in sorted(found) if pair[1].is_file()][::EVERY]


def make_parts(files, count):
    """Folders with as many bytes each, as far as that goes."""
    sizes = [0] * count
    for name, path in sorted(files, key=lambda pair: -pair[1].stat().st_size):
        part = sizes.index(min(sizes))
        sizes[part] += path.stat().st_size
        copy = PLACE / str(count) / str(part) / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    return [PLACE / str(count) / str(part) for part in range(count)]


def run_writers(parts, schema):
    """Seconds until the last is done, and of processor time of all of them."""
    psql('-c', 'SET client_min_messages = warning', '-c', f'DROP SCHEMA IF EXISTS {schema} CASCADE',
         '-c', f"SELECT pt_create_codebase('{schema}')")
    before = os.times()
    started = time.monotonic()
    writers = [subprocess.Popen([INDEXER, '-q', '-d', '', '--graph', f'{schema}.pt_edge', '-j', '1', '--no-resolve',
                                 '--no-ignore', part]) for part in parts]
    failed = sum(writer.wait() != 0 for writer in writers)
    seconds = time.monotonic() - started
    after = os.times()
    if failed:
        raise RuntimeError(f'{failed} of {len(parts)} writers failed')
    return seconds, after.children_user - before.children_user + after.children_system - before.children_system


def differences(schema, other):
    """Rows that only the first has, and only the second."""
    return psql('-F', ' ', '-c', f"""
        WITH own AS (SELECT 0, md5(({ENTITY})::text) FROM {schema}.pt_entity UNION ALL SELECT 1, md5(e::text) FROM {schema}.pt_edge AS e),
             others AS (SELECT 0, md5(({ENTITY})::text) FROM {other}.pt_entity UNION ALL SELECT 1, md5(e::text) FROM {other}.pt_edge AS e)
        SELECT (SELECT count(*) FROM (TABLE own EXCEPT ALL TABLE others) AS d),
               (SELECT count(*) FROM (TABLE others EXCEPT ALL TABLE own) AS d)""").split()


def main():
    results = Results('indexing', 'round', 'processes', 'files', 'bytes', 'entities', 'edges', 'seconds', 'cpu_s',
                      'extra', 'lost')
    shutil.rmtree(PLACE, ignore_errors=True)
    files = source_files()
    size = sum(path.stat().st_size for _, path in files)
    parts = {count: make_parts(files, count) for count in PROCESSES}
    for number in range(ROUNDS):
        for count in PROCESSES:
            schema = f'indexing_{count}'
            seconds, cpu = run_writers(parts[count], schema)
            entities, edges = psql('-F', ' ', '-c', f'SELECT (SELECT count(*) FROM {schema}.pt_entity), '
                                   f'(SELECT count(*) FROM {schema}.pt_edge)').split()
            extra, lost = ('0', '0') if count == 1 else differences(schema, 'indexing_1')
            results.put(number, count, len(files), size, entities, edges, f'{seconds:.3f}', f'{cpu:.2f}', extra, lost)
            progress(f'{count} processes: {seconds:.1f} s' + (f', {extra} rows too many, {lost} lost'
                                                              if (extra, lost) != ('0', '0') else ''))
    for count in PROCESSES:
        psql('-c', 'SET client_min_messages = warning', '-c', f'DROP SCHEMA indexing_{count} CASCADE')
    shutil.rmtree(PLACE)


main()

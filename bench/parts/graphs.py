"""Makes the graphs, checks them, and loads them into the server.

Generated graphs must have the checksums in bench/checksums. Real graphs are as
this machine has them: Debian's packages and what they depend on, from apt's
lists, and, in a full run, the calls among the functions of the Linux kernel.
"""
import os
import re
import subprocess
import time

from harness import (BENCH, BIN, CODE, GENERATED, GRAPHS, KERNEL, Results, Statements, checksum, generate, progress, psql,
                     verdict_of)

# ---------------------------------------------------------------------------
# Real graphs: a schema with pt_entity and pt_edge, and the edge list.
# ---------------------------------------------------------------------------

def make_schema(name):
    psql('-c', 'SET client_min_messages = warning', '-c', f'DROP SCHEMA IF EXISTS {name} CASCADE',
         '-c', f'CREATE SCHEMA {name}',
         '-c', f'CREATE TABLE {name}.pt_entity (LIKE public.pt_entity INCLUDING ALL)',
         '-c', f'CREATE TABLE {name}.pt_edge (LIKE public.pt_edge INCLUDING ALL)')


def finish_schema(name):
    """The index for the CTE's other direction, the edge list with numbers for
    keys, in their order, and the list of keys; gives the number of nodes."""
    psql('-c', f'CREATE INDEX ON {name}.pt_edge (to_key, from_key)',
         '-c', f'VACUUM (ANALYZE, FREEZE) {name}.pt_edge', '-c', f'VACUUM (ANALYZE, FREEZE) {name}.pt_entity',
         '-c', f"""CREATE TABLE {name}.node AS SELECT key, row_number() OVER (ORDER BY key COLLATE "C") - 1 AS id
             FROM (SELECT from_key FROM {name}.pt_edge UNION SELECT to_key FROM {name}.pt_edge) AS n(key)""",
         '-c', f'CREATE INDEX ON {name}.node (id)', '-c', f'CREATE INDEX ON {name}.node (key)',
         '-c', f'ANALYZE {name}.node')
    with open(GRAPHS / f'{name}.edges', 'w', encoding='ascii') as file:
        edges = psql('-c', f"""COPY (SELECT DISTINCT f.id, t.id FROM {name}.pt_edge AS e
            JOIN {name}.node AS f ON f.key = e.from_key JOIN {name}.node AS t ON t.key = e.to_key
            WHERE f.id <> t.id ORDER BY 1, 2) TO STDOUT""")
        file.write(edges + '\n')
    with open(GRAPHS / f'{name}.keys', 'w', encoding='utf-8') as file:
        file.write(psql('-c', f'SELECT key FROM {name}.node ORDER BY id') + '\n')
    return int(psql('-c', f'SELECT count(*) FROM {name}.node'))


def debian():
    """What each package of apt's lists pre-depends on, depends on, recommends and
    suggests, each alternative an edge. A package's key is deb:NAME."""
    started = time.monotonic()
    make_schema('debian')
    text = subprocess.run(['apt-cache', 'dumpavail'], stdout=subprocess.PIPE, check=True).stdout
    packages, edges = {}, set()
    for paragraph in text.decode('utf-8', 'replace').split('\n\n'):
        fields = dict(line.split(': ', 1) for line in paragraph.split('\n')
                      if ': ' in line and not line.startswith(' '))
        if 'Package' not in fields:
            continue
        name = fields['Package']
        packages[name] = fields.get('Section', '')
        for kind in ('Pre-Depends', 'Depends', 'Recommends', 'Suggests'):
            for alternative in fields.get(kind, '').replace('|', ',').split(','):
                words = alternative.split()
                if words:
                    edges.add((name, words[0].split(':')[0], kind))
    if not edges:
        raise RuntimeError("apt's lists are empty: apt-get update fills them")
    script = ['COPY debian.pt_entity (key, name, entity_type, language) FROM STDIN;']
    script += [f'deb:{name}\t{name}\tpackage\tdebian' for name in sorted(packages)]
    script += ['\\.', 'COPY debian.pt_edge (from_key, to_key, edge_type) FROM STDIN;']
    script += [f'deb:{a}\tdeb:{b}\t{kind}' for a, b, kind in sorted(edges)]
    script += ['\\.', '']
    psql(script='\n'.join(script))
    progress(f'debian: {len(packages)} packages, {len(edges)} edges, {time.monotonic() - started:.1f} s')


def confirm_debian(package='libcaca0'):
    """What apt itself finds to depend on a package, directly or not. It knows every
    version of a package, we the newest one."""
    options = [f'--no-{kind}' for kind in ('recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances')]
    text = subprocess.run(['apt-cache', 'rdepends', '--recurse', *options, package], stdout=subprocess.PIPE,
                          text=True, check=True).stdout
    apt = {line for line in text.splitlines() if line and line[0] not in ' |' and line != 'Reverse Depends:'}
    apt.discard(package)
    ours = psql('-c', f"""SELECT substr(key, 5) FROM pt_blast_radius('deb:{package}', NULL, 'in',
        '{{Depends,Pre-Depends}}', graph => 'debian.pt_edge')""").split('\n')
    Results('debian_check', 'package', 'apt_cache', 'parseltongue', 'both').put(
        package, len(apt), len(ours), len(apt.intersection(ours)))


def kernel():
    """The call graph of Debian's kernel source by indexers/index-c."""
    make_schema('kernel')
    tree = kernel_source()
    progress('indexing the kernel')
    started = time.monotonic()
    with subprocess.Popen([CODE.parent / 'indexers' / 'index-c', tree], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as index:
        subprocess.run([BIN / 'psql', '-X', '-q', '-v', 'ON_ERROR_STOP=1'], stdin=index.stdout, check=True,
                       stdout=subprocess.DEVNULL, env={**os.environ, 'PGOPTIONS': '-c search_path=kernel'})
    if index.returncode != 0:
        raise RuntimeError('indexers/index-c failed')
    progress(f'kernel: indexed in {time.monotonic() - started:.0f} s')


def kernel_source():
    """The unpacked source; the package is downloaded, not installed."""
    folder = BENCH / 'kernel'
    tree = folder / 'tree'
    if tree.exists():
        return tree
    folder.mkdir(exist_ok=True)
    depends = subprocess.run(['apt-cache', 'depends', 'linux-source'], stdout=subprocess.PIPE, text=True,
                             check=True).stdout
    found = re.search(r'Depends: (linux-source-\S+)', depends)
    if not found:
        raise RuntimeError("apt's lists name no kernel source")
    package = found.group(1)
    progress(f'downloading {package}')
    subprocess.run(['apt-get', 'download', '-q', package], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(f'dpkg-deb -x {package}_*.deb . && mkdir unpacked && '
                   'tar -xf usr/src/linux-source-*.tar.* --strip-components=1 -C unpacked && '
                   'rm -rf usr *.deb && mv unpacked tree', shell=True, cwd=folder, check=True)
    return tree


# ---------------------------------------------------------------------------
# Into the server: one table of numbers for each, indexed for everybody.
# ---------------------------------------------------------------------------

def load(results, name, kind, nodes, text=''):
    path = GRAPHS / f'{name}.edges'
    digest, edges = checksum(path)
    verdict = 'of this machine' if text else verdict_of(name, digest)
    server = Statements()
    server.run('SET client_min_messages = warning')
    server.run(f'DROP TABLE IF EXISTS {name}')
    server.run(f'CREATE TABLE {name} (a bigint NOT NULL, b bigint NOT NULL)')
    steps = [f"COPY {name} FROM '{path}'", f'CREATE INDEX {name}_adj ON {name} USING adjacency (a, b)',
             f'CREATE INDEX {name}_ab ON {name} (a, b)', f'CREATE INDEX {name}_ba ON {name} (b, a)']
    seconds = [f'{server.time(step) / 1e6:.3f}' for step in steps]
    server.run(f'VACUUM (ANALYZE, FREEZE) {name}')
    size, adjacency, btree = (server.run(f"SELECT pg_relation_size('{name}{suffix}')")[1]
                              for suffix in ('', '_adj', '_ab'))
    image = server.time(f"SELECT * FROM pt_bfs('{name}', 0::bigint, 1)") / 1e6
    server.close()
    results.put(name, kind, nodes, edges, digest, verdict, text, *seconds, f'{image:.3f}', size, adjacency, btree)
    progress(f'{name}: {nodes} nodes, {edges} edges')


def main():
    results = Results('graphs', 'graph', 'kind', 'nodes', 'edges', 'sha256', 'verdict', 'text', 'copy_s',
                      'adjacency_s', 'btree_s', 'btree_reverse_s', 'image_s', 'table_bytes', 'adjacency_bytes',
                      'btree_bytes')
    for name, (kind, nodes, edges) in GENERATED.items():
        generate(name, kind, nodes, edges)
        load(results, name, kind, nodes)
    for make in (debian, kernel) if KERNEL else (debian,):
        name = make.__name__
        try:
            make()
            load(results, name, 'real', finish_schema(name), name)
            if name == 'debian':
                confirm_debian()
        except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
            # without the network, say: the report says that it is missing
            Results(f'missing_{name}', 'why').put(error)
            progress(f'{name} could not be made: {error}')


main()

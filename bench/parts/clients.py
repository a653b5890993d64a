"""Throughput of 1, 2, 4 and 8 clients at once: pgbench with prepared statements,
each transaction one question from a random start."""
import re
import subprocess

from harness import BENCH, BIN, LARGEST, Results, choose, graph, progress

SECONDS = choose(2, 10)
CLIENTS = (1, 2, 4, 8)
HOPS = choose((2,), (2, 3))


def scripts(name, nodes, hops):
    head = f'\\set start random(0, {nodes - 1})\n'
    return {
        'parseltongue': head + f"""SELECT * FROM pt_blast_radius((:start)::text, {hops}, 'out', graph => '{name}');""",
        'cte': head + f"""WITH RECURSIVE r(x, d) AS (SELECT (:start)::bigint, 0 UNION SELECT e.b, r.d + 1
            FROM r JOIN {name} AS e ON e.a = r.x WHERE r.d < {hops}) SELECT x, min(d) FROM r GROUP BY x;
            """.replace('\n', ' '),
    }


def throughput(script, clients):
    path = BENCH / 'log' / 'clients.sql'
    path.write_text(script + '\n', encoding='ascii')
    done = subprocess.run([BIN / 'pgbench', '-n', '-M', 'prepared', '-f', path, '-c', str(clients), '-j', '2',
                           '-T', str(SECONDS)] if clients > 1 else
                          [BIN / 'pgbench', '-n', '-M', 'prepared', '-f', path, '-T', str(SECONDS)],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=True)
    return (re.search(r'^tps = ([\d.]+)', done.stdout, re.M).group(1),
            re.search(r'^latency average = ([\d.]+)', done.stdout, re.M).group(1))


def main():
    results = Results('clients', 'graph', 'rival', 'hops', 'clients', 'tps', 'latency_ms')
    for name in choose((LARGEST,), ('code_10k', LARGEST)):
        for hops in HOPS:
            for clients in CLIENTS:
                for rival, script in scripts(name, graph(name).nodes, hops).items():
                    results.put(name, rival, hops, clients, *throughput(script, clients))
        progress(name)


main()
